//! A PostgreSQL of one story, run the way an operator runs one: stopped, restarted, crashed, followed and promoted.
//! Holds always: real settings (fsync on, WAL for replication), loopback only, a port the system chose; gone with the story,
//! also when the test process is killed.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};

use crate::harness::{postgres, scratch};

const SETTINGS: &str = "unix_socket_directories = ''\nmax_connections = 120\n\
    shared_buffers = 32MB\nmax_wal_size = 256MB\nwal_level = replica\nmax_wal_senders = 4\nhot_standby = on\n\
    wal_sender_timeout = 5s\nwal_receiver_timeout = 5s\n";

/// How a server goes down.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    /// Sessions are ended, everything is written.
    Fast,
    /// A crash: nothing is written, the next start recovers.
    Immediate,
}

/// One server with a data directory of its own.
pub struct Server {
    programs: PathBuf,
    /// The words that run a program as an unprivileged user.
    user: Vec<String>,
    folder: PathBuf,
    host: String,
    pub port: u16,
    name: &'static str,
    /// Stops the server and removes its folder when this is dropped.
    _end: Child,
}

impl Server {
    /// A new server, running; none where PostgreSQL is not installed.
    pub fn start(name: &'static str) -> Option<Self> {
        Self::start_at(name, "127.0.0.1", &[])
    }

    /// A new server that listens on that address of this machine, its programs started by those words, such as those that
    /// enter a network of its own.
    pub fn start_at(name: &'static str, host: &str, entrance: &[String]) -> Option<Self> {
        let programs = postgres::installed()?;
        let server = Self::prepare(programs, name, host, entrance);
        postgres::init(&server.programs, &server.user, &server.data());
        let add = |file: &str, text: &str| {
            let file = server.data().join(file);
            let whole = std::fs::read_to_string(&file).expect("initdb's settings") + text;
            std::fs::write(&file, whole).expect("settings can be written");
        };
        add("postgresql.conf", &format!("{SETTINGS}listen_addresses = '{host}'\n"));
        add("pg_hba.conf", "host all mend samenet trust\n");
        server.up();
        Some(server)
    }

    /// A second server that follows this one, and that every commit waits for from now on.
    pub fn with_synchronous_standby(&self) -> Self {
        let standby = Self::prepare(self.programs.clone(), "standby", &self.host, &[]);
        let source = format!("host={} port={} user=mend dbname=replication", self.host, self.port);
        standby.program("pg_basebackup", &["-R", "-X", "stream", "-c", "fast", "-d", &source, "-D", &standby.text()]);
        standby.up();
        self.run("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        self.run("SELECT pg_reload_conf()");
        self.wait_for_the_standby();
        standby
    }

    /// Waits until a standby follows and commits wait for it.
    pub fn wait_for_the_standby(&self) {
        let following =
            "SELECT count(*) AS number FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'";
        let patience = Instant::now();
        while self.number("postgres", following) != 1 {
            assert!(patience.elapsed() < Duration::from_secs(20), "the standby does not follow");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn prepare(programs: PathBuf, name: &'static str, host: &str, entrance: &[String]) -> Self {
        let folder = scratch::temporary_folder();
        let user = [entrance, &postgres::unprivileged_user(&folder)].concat();
        let mut last = user.clone();
        let data = folder.join("data").to_string_lossy().into_owned();
        let control = programs.join("pg_ctl").to_string_lossy().into_owned();
        last.extend([control, "stop".into(), "-m".into(), "immediate".into(), "-D".into(), data]);
        let end = scratch::afterwards(&folder, &last).expect("a shell that stops the server");
        Self { programs, user, folder, host: host.to_owned(), port: postgres::free_port(), name, _end: end }
    }

    /// Starts it and waits until it answers.
    pub fn up(&self) {
        let options = format!("-p {} -c cluster_name={}", self.port, self.name);
        let log = self.folder.join("log").to_string_lossy().into_owned();
        self.program("pg_ctl", &["start", "-w", "-t", "60", "-D", &self.text(), "-l", &log, "-o", &options]);
    }

    pub fn down(&self, stop: Stop) {
        self.program("pg_ctl", &["stop", "-w", "-m", stop.mode(), "-D", &self.text()]);
    }

    pub fn restart(&self, stop: Stop) {
        let log = self.folder.join("log").to_string_lossy().into_owned();
        self.program("pg_ctl", &["restart", "-w", "-t", "60", "-m", stop.mode(), "-D", &self.text(), "-l", &log]);
    }

    /// `kill -9` of all its processes: nobody says goodbye to anybody.
    pub fn kill(&self) {
        let file = self.data().join("postmaster.pid");
        let postmaster = std::fs::read_to_string(file).expect("a running server");
        let postmaster = postmaster.lines().next().expect("its process id").to_owned();
        let children = std::fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"));
        let children = children.unwrap_or_default();
        let killed = Command::new("kill").arg("-9").arg(&postmaster).args(children.split_whitespace()).status();
        // A child may have ended by itself between the list and the signal.
        killed.expect("kill runs");
        while std::net::TcpStream::connect((self.host.as_str(), self.port)).is_ok() {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Makes a standby the primary and waits until it takes writes.
    pub fn promote(&self) {
        self.program("pg_ctl", &["promote", "-w", "-D", &self.text()]);
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://mend@{}:{}/{database}", self.host, self.port)
    }

    /// Runs statements outside of any transaction.
    pub fn run(&self, statements: &str) {
        let mut connection = PgConnection::establish(&self.url("postgres")).expect("PostgreSQL answers");
        connection.batch_execute(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// The number that a query names `number`.
    pub fn number(&self, database: &str, query: &str) -> i64 {
        let mut connection = PgConnection::establish(&self.url(database)).expect("PostgreSQL answers");
        let row: Number =
            sql_query(query).get_result(&mut connection).unwrap_or_else(|error| panic!("{query}: {error}"));
        row.number
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn text(&self) -> String {
        self.data().to_string_lossy().into_owned()
    }

    fn program(&self, program: &str, arguments: &[&str]) {
        let path = self.programs.join(program).to_string_lossy().into_owned();
        let words: Vec<_> = self.user.iter().cloned().chain([path]).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(arguments).current_dir("/");
        let errors = self.folder.join(format!("{program}.out"));
        let file = std::fs::File::create(&errors).expect("a file for what a program says");
        command.stdout(file.try_clone().expect("the same file")).stderr(file);
        let status = command.status().unwrap_or_else(|error| panic!("{program} does not run: {error}"));
        let said = || std::fs::read_to_string(&errors).unwrap_or_default();
        assert!(status.success(), "{program} {arguments:?} failed:\n{}\n{}", said(), self.log());
    }
}

impl Stop {
    fn mode(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}
