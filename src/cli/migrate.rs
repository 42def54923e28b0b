//! `mend migrate`: brings the database and the keystore up to date. Also safe while nodes serve: both stores lock.

use super::{Outcome, say};
use crate::config::{Config, Secret};
use crate::database::{DataDirectory, Purpose, Target, migrations};

pub(super) fn run(config: &Config) -> Outcome {
    let _directory = DataDirectory::create(&config.data_dir)?;
    let target = |url: &Secret| Target::parse(url.expose(), config.database.allow_insecure_postgres);
    let (keystore, database) = (target(&config.keys.keystore_url)?, target(&config.database.url)?);
    // The keystore first: what the database holds may need a key, never the other way round.
    report("keystore", &migrations::run_keystore(&mut keystore.connect(Purpose::Keystore)?)?)?;
    report("database", &migrations::run_main(&mut database.connect(Purpose::Write)?)?)
}

fn report(store: &str, applied: &[String]) -> Outcome {
    if applied.is_empty() {
        return say(&format!("{store}: up to date"));
    }
    applied.iter().try_for_each(|name| say(&format!("{store}: {name}")))
}
