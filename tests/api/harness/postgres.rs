//! The PostgreSQL server that this test process starts for itself: temporary folder, loopback, a free port, no fsync.
//! Holds always: it runs as an unprivileged user and is gone when the process ends, see `scratch`.

#![expect(clippy::disallowed_methods, reason = "where PostgreSQL is, and whether it must be, is the test run's affair")]

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, sql_query};

use super::scratch;

/// One running server.
pub struct Server {
    pub port: u16,
    /// Its data directory, write-ahead log included.
    pub data: PathBuf,
    _watchdog: Child,
}

/// The server of this process, started on first use; `None` when this machine has no PostgreSQL and none is required.
pub static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| installed().map(|programs| Server::start(&programs)));

/// The folder of PostgreSQL's programs; `None`, said aloud, when this machine has none and none is required.
pub fn installed() -> Option<PathBuf> {
    let found = programs();
    if found.is_none() {
        let required = std::env::var_os("REQUIRE_POSTGRES").is_some_and(|value| !value.is_empty());
        let where_looked = "neither in PATH nor in /usr/lib/postgresql";
        assert!(!required, "PostgreSQL's server programs (initdb, postgres) are {where_looked}");
        say_that_it_is_missing();
    }
    found
}

impl Server {
    fn start(programs: &Path) -> Self {
        let data = scratch::temporary_folder();
        let user = unprivileged_user(&data);
        init(programs, &user, &data);
        Self::on(programs, user, data, SETTINGS)
    }

    /// A server on a data directory that is there, gone with the returned value.
    pub fn on(programs: &Path, user: Vec<String>, data: PathBuf, settings: &[impl AsRef<str>]) -> Self {
        let port = free_port();
        let postgres = programs.join("postgres").to_string_lossy().into_owned();
        let mut words = user;
        words.extend([postgres, "-D".into(), data.to_string_lossy().into_owned(), "-F".into()]);
        words.extend(["-p".into(), port.to_string()]);
        for setting in settings {
            words.extend(["-c".into(), setting.as_ref().to_owned()]);
        }
        let watchdog = scratch::watch(&data, &words).expect("a shell that runs PostgreSQL");
        let server = Self { port, data, _watchdog: watchdog };
        server.wait_until_it_answers();
        server
    }

    fn wait_until_it_answers(&self) {
        let patience = Instant::now();
        while let Err(error) = PgConnection::establish(&self.url("postgres")) {
            if patience.elapsed() > Duration::from_secs(30) {
                let log = self.data.with_extension("log");
                panic!("PostgreSQL does not answer: {error}\n{}", std::fs::read_to_string(log).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://mend@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs one statement that stands outside any transaction, such as `CREATE DATABASE`.
    pub fn run(&self, statement: &str) {
        let mut connection = PgConnection::establish(&self.url("postgres")).expect("PostgreSQL answers");
        sql_query(statement).execute(&mut connection).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// Makes an empty data directory that lets everybody on this machine in as `mend`.
pub fn init(programs: &Path, user: &[String], data: &Path) {
    let mut words = user.to_vec();
    words.extend([programs.join("initdb"), "-D".into(), data.into()].map(|word| word.to_string_lossy().into_owned()));
    words.extend("-U mend -A trust -E UTF8 --locale=C --no-sync".split(' ').map(str::to_owned));
    let made = Command::new(&words[0]).args(&words[1..]).output().expect("initdb runs");
    assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
}

const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=64MB",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
];

/// One of PostgreSQL's own programs, such as `pg_dump`; none where they are missing.
pub fn program(name: &str) -> Option<PathBuf> {
    programs().map(|folder| folder.join(name))
}

/// The folder that holds `initdb` and `postgres`: from PATH, else the newest that Debian's packages put there. A link in
/// PATH is followed, since its target has the other programs beside it.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let from_path = std::env::split_paths(&path).find(|folder| holds_the_programs(folder));
    let real = from_path.and_then(|folder| folder.join("postgres").canonicalize().ok()?.parent().map(Path::to_owned));
    real.filter(|folder| holds_the_programs(folder)).or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut folders: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
        folders.retain(|folder| holds_the_programs(folder));
        folders.into_iter().max()
    })
}

fn holds_the_programs(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}

/// The words that run a command as an unprivileged user, who then owns `folder`; none when these tests are not root.
pub fn unprivileged_user(folder: &Path) -> Vec<String> {
    if std::fs::metadata(folder).expect("the folder was just made").uid() != 0 {
        return Vec::new();
    }
    let accounts = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let ids = ["postgres", "nobody"].iter().find_map(|user| {
        let fields: Vec<_> = accounts.lines().find(|line| line.starts_with(&format!("{user}:")))?.split(':').collect();
        Some((fields.get(2)?.parse::<u32>().ok()?, fields.get(3)?.parse::<u32>().ok()?))
    });
    let (user, group) = ids.expect("a user postgres or nobody, since PostgreSQL does not run as root");
    chown(folder, Some(user), Some(group)).expect("root may give a folder away");
    ["setpriv", &format!("--reuid={user}"), &format!("--regid={group}"), "--clear-groups", "--"]
        .map(str::to_owned)
        .into()
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    listener.local_addr().expect("a bound listener has an address").port()
}

/// Past the test runner's capture, so that it is seen although the tests pass.
fn say_that_it_is_missing() {
    use std::io::Write as _;
    let warning = "\n*** PostgreSQL's server programs are missing (Debian: apt-get install postgresql). ***\n\
                   *** Each story of PostgreSQL runs on SQLite instead: this run says nothing about PostgreSQL. ***\n\
                   *** Set REQUIRE_POSTGRES=1 to make this a failure. ***\n\n";
    std::io::stderr().write_all(warning.as_bytes()).ok();
}
