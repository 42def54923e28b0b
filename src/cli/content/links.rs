//! `mend content links`: prints the catalogue's addresses on the web for a link checker, and records what it was answered.
//! Holds always: this program opens no connection to any of them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::{Outcome, say};
use crate::catalogue::link_check::record::{self, Recorded};
use crate::catalogue::link_check::{self, Placed};
use crate::config::Config;
use crate::database::{Clock, Connection, DataDirectory, Database, Failure};
use crate::routes;

/// Print every link in what is published: address, kind, language, slug and JSON Pointer, with tabs between them
#[derive(Debug, Args)]
pub(in crate::cli) struct Links {
    /// Record instead what a link checker was answered: lines of address, tab and HTTP status (000 for none), as curl's
    /// `-w '%{url}\t%{http_code}\n'` prints them; `-` is standard input
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

pub(super) fn run(asked: &Links, config: &Config) -> Outcome {
    // The lines first: a checker that is still at work keeps no database open.
    let results = asked.record.as_deref().map(lines).transpose()?;
    let _directory = DataDirectory::create(&config.data_dir)?;
    let database = Database::open(&config.database, Clock::system())?;
    database.migrate()?;
    let now = database.clock().now();
    let read = |connection: &mut Connection| link_check::published(connection, &routes::kinds(), now);
    let catalogue: Vec<Placed> = database.read_now::<_, Failure>(read)?;
    let Some(results) = results else { return print(&catalogue) };
    let results = record::parse(&results)?;
    let job =
        move |connection: &mut Connection| Ok::<_, Failure>(record::store(connection, &results, &catalogue, now)?);
    let Recorded { kept, broken, unknown } = database.write_now(job)?;
    say(&format!("{kept} recorded, {broken} of them broken; {unknown} not in the catalogue"))
}

fn lines(file: &Path) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()).into())
}

fn print(catalogue: &[Placed]) -> Outcome {
    for Placed { url, kind, locale, slug, pointer, .. } in catalogue {
        say(&format!("{url}\t{kind}\t{locale}\t{slug}\t{pointer}"))?;
    }
    Ok(())
}
