//! `mend migrate`: brings the database and the keystore up to date. Also safe while nodes serve: both stores lock.

use super::{Outcome, say};
use crate::config::Config;
use crate::database::{Clock, DataDirectory, Database, Purpose, Target, migrations};

pub(super) fn run(config: &Config) -> Outcome {
    let _directory = DataDirectory::create(&config.data_dir)?;
    let keystore = Target::parse(config.keys.keystore_url.expose(), config.database.allow_insecure_postgres)?;
    // The keystore first: what the database holds may need a key, never the other way round.
    report("keystore", &migrations::run_keystore(&mut keystore.connect(Purpose::Keystore)?)?)?;
    report("database", &Database::open(&config.database, Clock::system())?.migrate()?)
}

fn report(store: &str, applied: &[String]) -> Outcome {
    if applied.is_empty() {
        return say(&format!("{store}: up to date"));
    }
    applied.iter().try_for_each(|name| say(&format!("{store}: {name}")))
}
