//! Starting from a backup: into an empty data directory, or by taking over what PostgreSQL's own tools restored.
//! Holds always: everything is checked before it gets its name; until then, and after an interruption, a mark in the data
//! directory keeps every start away; nothing that was there is overwritten or removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use serde::Serialize;

use super::checking::{self, Known, Sampled};
use super::error::{BackupError, failed};
use super::ledger::{self, Applied, Found, Stopped};
use super::lines::{self, Line};
use super::verifying::{Pair, keystore_of, write_out};
use super::{Progress, epoch, files};
use crate::config::Config;
use crate::database::{Clock, Connection, DataDirectory, Id, Purpose, Target, Timestamp, migrations};
use crate::privacy::{KeyRing, keystore};

/// Which files to restore from.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub database: PathBuf,
    /// The one beside the database's unless named; it may be newer.
    pub keystore: Option<PathBuf>,
    /// A ledger, or a folder of them; the newest one beside the others unless named.
    pub ledger: Option<PathBuf>,
}

/// A restored installation, ready to be started.
#[derive(Debug, Serialize)]
pub struct Restored {
    /// When the database's copy began; unknown where other tools made it.
    pub created_at: Option<Timestamp>,
    pub epoch: i64,
    pub sessions_ended: usize,
    /// The ledger that was applied, and when it was written: what was erased later comes back.
    pub ledger: Option<PathBuf>,
    pub ledger_written_at: Option<Timestamp>,
    pub applied: Applied,
    pub documents: Sampled,
}

/// Restores a set into the empty data directory of the configuration.
///
/// # Errors
/// What is in the way, or wrong with the files. Nothing stays then, and nothing starts if even that was interrupted.
pub fn restore(
    config: &Config,
    wanted: &Wanted,
    clock: &Clock,
    progress: Progress<'_>,
) -> Result<Restored, BackupError> {
    let Stores { main, keystore } = Stores::named(config)?;
    let (Target::Sqlite(main), Target::Sqlite(keystore)) = (main, keystore) else {
        return Err(BackupError::NotIntoPostgres);
    };
    let ring = KeyRing::load(&config.keys)?;
    let keystore_file = keystore_of(&wanted.database, wanted.keystore.as_deref())?;
    let mut pair = Pair::open(&wanted.database, &keystore_file, &ring)?;
    let installation = pair.database.header.installation;
    let beside = [wanted.database.as_path(), keystore_file.as_path()].map(|file| file.parent().unwrap_or(file));
    let ledger = find_ledger(wanted.ledger.as_deref(), &beside, installation)?;

    let directory = DataDirectory::lock(&config.data_dir)?;
    refuse_what_is_there(config, &[&main, &keystore])?;
    let mut unfinished = Unfinished::begin(&directory, [main, keystore])?;
    let [staged_main, staged_keystore] = unfinished.staged();
    progress("restoring the database");
    files::create(&staged_main)?;
    write_out(&mut pair.database.text(), &wanted.database, &staged_main)?;
    progress("restoring the keystore");
    fill_keystore(&mut pair, &keystore_file, &staged_keystore)?;
    let mut stores = Opened {
        main: Target::Sqlite(staged_main).connect(Purpose::Write)?,
        keystore: Target::Sqlite(staged_keystore).connect(Purpose::Keystore)?,
    };
    let restored = stores.begin_again(&ring, ledger, clock, progress)?;
    stores.close()?;
    unfinished.finish()?;
    Ok(Restored { created_at: Some(pair.database.header.created_at), ..restored })
}

/// Takes over databases that other tools restored: checks them, applies the ledger and begins a new epoch. No node may run.
///
/// # Errors
/// The two databases and the key ring do not belong together, or documents do not open.
pub fn adopt(
    config: &Config,
    ledger: Option<&Path>,
    clock: &Clock,
    progress: Progress<'_>,
) -> Result<Restored, BackupError> {
    let targets = Stores::named(config)?;
    // On SQLite this also makes sure that no node runs.
    let _directory = DataDirectory::lock(&config.data_dir)?;
    let ring = KeyRing::load(&config.keys)?;
    let mut stores =
        Opened { main: targets.main.connect(Purpose::Write)?, keystore: targets.keystore.connect(Purpose::Keystore)? };
    for store in [&mut stores.main, &mut stores.keystore] {
        if matches!(store, Connection::Postgres(_)) {
            store.batch_execute("SET statement_timeout = 0")?;
        }
    }
    let installation = keystore::expected_id(&mut stores.main)?.ok_or(BackupError::NeverStarted)?;
    let ledger = find_ledger(ledger, &[], installation)?;
    stores.begin_again(&ring, ledger, clock, progress)
}

/// Where both stores are.
struct Stores {
    main: Target,
    keystore: Target,
}

impl Stores {
    fn named(config: &Config) -> Result<Self, BackupError> {
        let target = |url: &str| Target::parse(url, config.database.allow_insecure_postgres);
        let (main, keystore) = (target(config.database.url.expose())?, target(config.keys.keystore_url.expose())?);
        Ok(Self { main, keystore })
    }
}

/// Both stores, connected to.
struct Opened {
    main: Connection,
    keystore: Connection,
}

impl Opened {
    fn begin_again(
        &mut self,
        ring: &Arc<KeyRing>,
        ledger: Option<Found>,
        clock: &Clock,
        progress: Progress<'_>,
    ) -> Result<Restored, BackupError> {
        migrations::run_keystore(&mut self.keystore)?;
        migrations::run_main(&mut self.main)?;
        let now = clock.now();
        self.main.transaction(|main| ring.verify_or_record(main, now).map_err(BackupError::from))?;
        if keystore::expected_id(&mut self.main)? != keystore::own_id(&mut self.keystore)? {
            return Err(crate::privacy::KeystoreError::AnotherDatabase.into());
        }
        progress("checking what was restored");
        checking::structure(&mut self.main)?;
        let sample = checking::sample(&mut self.main)?;
        let documents = checking::open_all(&sample, ring, |owner, id| Known::by(&mut self.keystore, owner, id))?;
        match &ledger {
            Some(found) => progress(&format!(
                "applying the ledger {} of {}: what was erased after that time is back",
                found.path.display(),
                found.created_at.to_rfc3339()
            )),
            None => progress("no ledger was found: what was erased since the backup is back"),
        }
        let keystore = &mut self.keystore;
        // The keystore's transaction ends first: should this be stopped in between, doing it again does it all.
        let (applied, (epoch, sessions_ended)) = self.main.transaction(|main| {
            let applied = match &ledger {
                Some(found) => keystore.transaction(|keystore| ledger::apply(&found.path, ring, main, keystore))?,
                None => Applied::default(),
            };
            Ok::<_, BackupError>((applied, epoch::begin(main, now)?))
        })?;
        let (ledger, ledger_written_at) = ledger.map(|found| (found.path, found.created_at)).unzip();
        let created_at = None;
        Ok(Restored { created_at, epoch, sessions_ended, ledger, ledger_written_at, applied, documents })
    }

    /// Leaves one file of each, with nothing beside it.
    fn close(mut self) -> Result<(), BackupError> {
        Ok(self.main.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)
    }
}

fn fill_keystore(pair: &mut Pair, from: &Path, to: &Path) -> Result<(), BackupError> {
    let id = pair.keystore.header.installation;
    let mut store = Target::Sqlite(to.to_owned()).connect(Purpose::Keystore)?;
    migrations::run_keystore(&mut store)?;
    store.transaction(|store| {
        keystore::take_id(store, id)?;
        let filled: Result<(), Stopped> = lines::each(pair.keystore.text(), |line| {
            match line {
                Line::Key(key) => key.insert(store)?,
                Line::Destroyed(key) => drop(key.apply(store)?),
                Line::Purged(_) | Line::End { .. } => {}
            }
            Ok(())
        });
        filled.map_err(|stopped| stopped.at(from))
    })
}

/// The ledger that was named, else the newest one in the folder that was named, else the newest one beside the backup.
fn find_ledger(named: Option<&Path>, beside: &[&Path], installation: Id) -> Result<Option<Found>, BackupError> {
    match named {
        Some(folder) if folder.is_dir() => ledger::newest(&[folder], installation),
        Some(file) => ledger::named(file, installation).map(Some),
        None => ledger::newest(beside, installation),
    }
}

fn refuse_what_is_there(config: &Config, stores: &[&PathBuf]) -> Result<(), BackupError> {
    if let Some(taken) = stores.iter().find(|path| path.exists()) {
        return Err(BackupError::InTheWay((*taken).clone()));
    }
    let ring = config.keys.ring_file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let allowed = [ring.clone(), format!("{ring}.lock"), "mend.lock".to_owned()];
    let entries = fs::read_dir(&config.data_dir).map_err(failed(&config.data_dir, "read"))?;
    let mut others = entries.flatten().filter(|entry| !allowed.contains(&entry.file_name().to_string_lossy().into()));
    others.next().map_or(Ok(()), |other| Err(BackupError::InTheWay(other.path())))
}

/// A restore on its way: the mark that keeps starts away, and files that do not have their names yet.
struct Unfinished<'a> {
    directory: &'a DataDirectory,
    stores: [PathBuf; 2],
    /// Whether a failure may still remove everything: nothing has its name yet.
    removable: bool,
}

impl<'a> Unfinished<'a> {
    fn begin(directory: &'a DataDirectory, stores: [PathBuf; 2]) -> Result<Self, BackupError> {
        directory.mark_unfinished()?;
        Ok(Self { directory, stores, removable: true })
    }

    /// Where the files lie until they are whole.
    fn staged(&self) -> [PathBuf; 2] {
        self.stores.clone().map(|path| {
            let mut name = path.into_os_string();
            name.push(".restoring");
            PathBuf::from(name)
        })
    }

    fn finish(&mut self) -> Result<(), BackupError> {
        let staged = self.staged();
        for path in &staged {
            fs::File::open(path).and_then(|file| file.sync_all()).map_err(failed(path, "synced"))?;
        }
        self.removable = false;
        for (from, to) in staged.iter().zip(&self.stores) {
            fs::rename(from, to).map_err(failed(to, "named"))?;
            files::sync(to.parent().unwrap_or(to))?;
        }
        Ok(self.directory.unmark()?)
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.removable {
            return;
        }
        for path in self.staged() {
            for ending in ["", "-journal", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(ending);
                fs::remove_file(PathBuf::from(name)).ok();
            }
        }
        // If this fails, starts are refused, and the message says what to do.
        self.directory.unmark().ok();
    }
}
