//! `mend content export`: writes the catalogue's content as files, JSON Lines or a table. Safe while nodes serve.
//! Holds always: the same content gives the same bytes; a folder with something in it is not written into.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::Outcome;
use super::format_of;
use crate::catalogue::exchange::export::{self, ExportError, Wanted};
use crate::catalogue::exchange::{self, Exported, Format};
use crate::catalogue::vocabulary::ItemStatus;
use crate::config::Config;
use crate::database::{Clock, Connection, DataDirectory, Database};
use crate::routes;

/// Write the catalogue's content; imported again it changes nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    /// Where to: a new or empty folder; or a file that ends in .jsonl, .csv or .tar; or `-` with `--format`
    target: PathBuf,
    /// files (a tar archive), jsonl or csv, for standard output
    #[arg(long)]
    format: Option<String>,
    /// Only this kind, such as help-contacts; repeat it for more
    #[arg(long)]
    kind: Vec<String>,
    /// Only this language; repeat it for more
    #[arg(long)]
    locale: Vec<String>,
    /// Only items in this state; repeat it for more
    #[arg(long)]
    status: Vec<String>,
    /// What readers see, instead of the latest state of each item
    #[arg(long)]
    published: bool,
    /// Name the state of each item, so that an import notices who was faster
    #[arg(long)]
    base: bool,
}

pub(super) fn run(asked: &Export, config: &Config) -> Outcome {
    let kinds = routes::kinds();
    if let Some(unknown) = asked.kind.iter().find(|name| kinds.named(name).is_none()) {
        return Err(format!("{unknown}: there is no such kind").into());
    }
    let status =
        |word: &String| word.parse::<ItemStatus>().map_err(|_unknown| format!("{word}: there is no such state"));
    let wanted = Wanted {
        kinds: asked.kind.clone(),
        locales: asked.locale.clone(),
        statuses: asked.status.iter().map(status).collect::<Result<_, _>>()?,
        published: asked.published,
        with_base: asked.base,
    };
    let _directory = DataDirectory::create(&config.data_dir)?;
    let database = Database::open(&config.database, Clock::system())?;
    let read = |connection: &mut Connection| export::items(connection, &kinds, &wanted);
    let items = database.read_now::<_, ExportError>(read)?;
    if asked.target == Path::new("-") {
        let format = asked.format.as_deref().and_then(Format::named).ok_or("say --format files, jsonl or csv")?;
        return Ok(std::io::stdout().write_all(&exchange::write(format, &items)?)?);
    }
    match format_of(&asked.target) {
        Some(format) => Ok(std::fs::write(&asked.target, exchange::write(format, &items)?)?),
        None => folder(&asked.target, &items),
    }
}

fn folder(target: &Path, items: &[Exported]) -> Outcome {
    if target.exists() && std::fs::read_dir(target)?.next().is_some() {
        return Err(
            format!("{}: not empty; old files beside new ones would be imported again", target.display()).into()
        );
    }
    for file in exchange::files(items) {
        let path = target.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, file.text)?;
    }
    Ok(())
}
