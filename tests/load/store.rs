//! Where the service under load keeps its data: a copy of a seeded SQLite folder, or of a seeded PostgreSQL database.
//! Holds always: a run works on a copy, so that the next one finds the seed as it was made.

use std::fs::Permissions;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::options::{Engine, Options};
use crate::process::Server;

/// The settings that a load test needs and nobody else: no guessing is slowed down, no caller is held back, sign-in is
/// as cheap as it may be, tokens outlive the run, the catalogue can be read without one and filled by one person, and
/// each request is not a line in the log. `--set` overrides them.
const SETTINGS: &[(&str, &str)] = &[
    ("MEND_AUTH_THROTTLE", "false"),
    ("MEND_LIMITS_REQUESTS_PER_MINUTE", "4000000000"),
    ("MEND_AUTH_ARGON2_MEMORY_KIB", "19456"),
    ("MEND_AUTH_ACCESS_MINUTES", "60"),
    ("MEND_CATALOGUE_PUBLIC", "true"),
    ("MEND_CATALOGUE_STARTER", "false"),
    ("MEND_CATALOGUE_TWO_PERSON", "false"),
    ("MEND_LOG", "warn"),
];

/// Data that a service can be started on.
pub struct Store {
    pub folder: PathBuf,
    database_url: String,
    keystore_url: String,
    settings: Vec<(String, String)>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

impl Store {
    /// Data in `folder`; on PostgreSQL only the key ring lies there, and the databases are named.
    pub fn new(folder: &Path, databases: Option<(String, String)>, options: &Options) -> Self {
        let sqlite = |name: &str| format!("sqlite:{}", folder.join(name).display());
        let (database_url, keystore_url) = databases.unwrap_or_else(|| (sqlite("mend.db"), sqlite("keystore.db")));
        let differing = options.set.iter().map(|pair| pair.split_once('=').expect("--set NAME=VALUE"));
        let settings = SETTINGS.iter().copied().chain(differing).map(|(name, value)| (name.into(), value.into()));
        std::fs::set_permissions(folder, Permissions::from_mode(0o700)).expect("the folder is ours");
        Self { folder: folder.to_path_buf(), database_url, keystore_url, settings: settings.collect() }
    }

    /// Copies a seeded SQLite folder.
    pub fn copy(seed: &Path, folder: &Path) {
        for entry in std::fs::read_dir(seed).expect("the seed is there") {
            let file = entry.expect("the seed's folder can be read").path();
            let copy = folder.join(file.file_name().expect("a file has a name"));
            std::fs::copy(&file, &copy).expect("room on the disk");
            // Or the kernel would write it out while the service is measured.
            std::fs::File::open(copy).and_then(|copy| copy.sync_all()).expect("the disk takes the copy");
        }
    }

    /// The release binary on this data.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mend"));
        command.args(words).env("MEND_DATA_DIR", &self.folder).env("MEND_KEYS_RING_FILE", self.ring());
        command.env("MEND_DATABASE_URL", &self.database_url).env("MEND_KEYS_KEYSTORE_URL", &self.keystore_url);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The key ring, which all nodes share.
    pub fn ring(&self) -> PathBuf {
        self.folder.join("keyring.json")
    }

    /// Serves the data.
    pub fn serve(&self, address: SocketAddr) -> Server {
        let mut command = self.command(&["serve"]);
        command.env("MEND_LISTEN", address.to_string());
        Server::start(&command, address)
    }

    /// Another node on the same databases.
    pub fn serve_beside(&self, number: usize, address: SocketAddr) -> Server {
        let folder = self.folder.join(format!("node-{number}"));
        std::fs::create_dir(&folder).expect("the data folder takes folders");
        let mut command = self.command(&["serve"]);
        command.env("MEND_LISTEN", address.to_string()).env("MEND_DATA_DIR", folder);
        Server::start(&command, address)
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) {
        let status = self.command(words).stdout(Stdio::null()).status().expect("the release binary");
        assert!(status.success(), "mend {} failed", words.join(" "));
    }

    /// Live journal entries, counted in the database itself. SQLite's is read while nobody serves it.
    pub fn rows(&self) -> i64 {
        const COUNT: &str = "SELECT count(*) AS number FROM records WHERE collection = 'journal-entries'";
        self.ask::<Number>(COUNT, COUNT).number
    }

    /// How commits reach the disk: the settings of the server, or of the engine as the service opens it.
    pub fn sync_mode(&self, options: &Options) -> String {
        match options.engine {
            // The service sets `synchronous` on each connection, so the file cannot tell; the flushes are counted instead.
            Engine::Sqlite => format!("journal_mode={}", self.ask::<Word>(JOURNAL, "").word),
            Engine::Postgres => self.ask::<Word>("", SYNC).word,
        }
    }

    /// What PostgreSQL's log was synced so far.
    pub fn wal_syncs(&self) -> i64 {
        self.ask::<Number>("", "SELECT wal_sync AS number FROM pg_stat_wal").number
    }

    fn ask<T>(&self, sqlite: &str, postgres: &str) -> T
    where
        T: diesel::deserialize::QueryableByName<diesel::sqlite::Sqlite>
            + diesel::deserialize::QueryableByName<diesel::pg::Pg>
            + 'static,
    {
        if let Some(path) = self.database_url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::establish(path).expect("the seeded file opens");
            connection.batch_execute("PRAGMA query_only = ON").expect("a pragma");
            diesel::sql_query(sqlite).get_result(&mut connection).expect("the seeded database answers")
        } else {
            let mut connection = PgConnection::establish(&self.database_url).expect("PostgreSQL answers");
            diesel::sql_query(postgres).get_result(&mut connection).expect("the seeded database answers")
        }
    }
}

const JOURNAL: &str = "SELECT journal_mode AS word FROM pragma_journal_mode";
const SYNC: &str = "SELECT concat('fsync=', current_setting('fsync'), ' synchronous_commit=', \
                    current_setting('synchronous_commit')) AS word";
