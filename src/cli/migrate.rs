//! `mend migrate`: brings the database and the keystore up to date, and divides the big tables where that is asked for.
//! Holds always: it is safe while nodes serve, since both stores lock.

use super::{Outcome, say};
use crate::config::{Config, Secret};
use crate::database::{DataDirectory, Purpose, Target, migrations, partitions};

#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    /// Divide the tables of what people write into so many partitions, by owner (PostgreSQL only, 2 to 128)
    #[arg(long, value_name = "COUNT")]
    partitions: Option<u16>,
}

pub(super) fn run(asked: &Migrate, config: &Config) -> Outcome {
    let _directory = DataDirectory::create(&config.data_dir)?;
    let target = |url: &Secret| Target::parse(url.expose(), config.database.allow_insecure_postgres);
    let (keystore, database) = (target(&config.keys.keystore_url)?, target(&config.database.url)?);
    // The keystore first: what the database holds may need a key, never the other way round.
    report("keystore", &migrations::run_keystore(&mut keystore.connect(Purpose::Keystore)?)?)?;
    let mut connection = database.connect(Purpose::Write)?;
    report("database", &migrations::run_main(&mut connection)?)?;
    let Some(count) = asked.partitions else { return Ok(()) };
    let divided = partitions::divide(&mut connection, count)?;
    divided.iter().try_for_each(|table| say(&format!("database: {table} is divided into {count} partitions")))
}

fn report(store: &str, applied: &[String]) -> Outcome {
    if applied.is_empty() {
        return say(&format!("{store}: up to date"));
    }
    applied.iter().try_for_each(|name| say(&format!("{store}: {name}")))
}
