//! One run of the harness: data, servers, workloads in alternating order, and what was seen.
//! Holds always: the service and the floor are driven by the same script, on the same core, one after the other.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::expected::Expected;
use crate::floor::Answers;
use crate::options::{Engine, Options};
use crate::process::{Server, free_address};
use crate::report::{Figure, Report, Writes};
use crate::store::Store;
use crate::workload::{Person, SITUATIONS, Workload, write_script_data};
use crate::{raw, seed, truth, wrk};

/// Seconds of the runs that only count flushes and raw inserts.
const SHORT: u64 = 5;

/// What is being driven, and what drives it.
struct Stand<'a> {
    options: &'a Options,
    scratch: &'a Path,
    nodes: Vec<Server>,
    floor: Vec<Server>,
    answers: Answers,
}

/// How often more is measured where less was seen than is expected: machines that others use too have slow minutes.
const SECOND_LOOKS: usize = 2;

/// Measures everything that was asked for, and more of what seems to have fallen.
pub fn measure(options: &Options, expected: Option<&Expected>) -> Report {
    assert!(options.nodes == 1 || options.engine == Engine::Postgres, "SQLite carries one node");
    let scratch = tempfile::tempdir_in(home()).expect("a temporary folder beside the seeds");
    let data = scratch.path().join("data");
    std::fs::create_dir(&data).expect("a temporary folder takes folders");
    let postgres = (options.engine == Engine::Postgres).then(postgres);
    let store = stored(postgres.as_ref(), &data, options);
    let sync_mode = truth::data(&store, options);

    let mut nodes = vec![store.serve(free_address())];
    nodes.extend((1..options.nodes).map(|number| store.serve_beside(number, free_address())));
    let first = nodes.first().expect("one node at least");
    let (people, tips) = settle(first, options);
    write_script_data(scratch.path(), &people, &tips);
    let (answers, floor) = floor(first, scratch.path(), &store.ring(), &people, &tips);
    let stand = Stand { options, scratch: scratch.path(), nodes, floor: vec![floor], answers };
    let figures: Vec<Figure> =
        options.workloads().into_iter().map(|workload| stand.figure(workload, expected)).collect();
    let peak_kib = stand.nodes.iter().map(Server::peak_kib).max().unwrap_or_default();
    drop(stand);

    let created = figures.iter().filter(|figure| figure.workload == Workload::Create);
    let created: u64 = created.map(|figure| figure.requests).sum();
    let rows = u64::try_from(store.rows()).expect("a count");
    assert!(rows >= created + options.rows() as u64, "{rows} rows are fewer than the answers that were given");
    let writes = (created > 0).then(|| match options.engine {
        Engine::Sqlite => writes_to_sqlite(&store, scratch.path(), &figures),
        Engine::Postgres => writes_to_postgres(&store, scratch.path()),
    });
    let (rows, nodes) = (options.rows(), options.nodes);
    let connections = options.connections;
    Report { engine: options.engine, rows, nodes, connections, sync_mode, figures, peak_kib, writes }
}

/// A PostgreSQL of this run's own, with the two empty databases.
fn postgres() -> crate::server::Server {
    let server = crate::server::Server::start("load").expect("PostgreSQL (Debian: apt-get install postgresql)");
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keystore");
    server
}

/// The seeded data: a copy of the kept seed, or newly made in PostgreSQL.
fn stored(postgres: Option<&crate::server::Server>, data: &Path, options: &Options) -> Store {
    let Some(server) = postgres else {
        Store::copy(&seeded(options), data);
        return Store::new(data, None, options);
    };
    let store = Store::new(data, Some((server.url("mend"), server.url("keystore"))), options);
    seed::fill(&store, options);
    store
}

/// Signs people in and sees that the service answers what the workloads ask.
fn settle(service: &Server, options: &Options) -> (Vec<Person>, Vec<String>) {
    let people = seed::people(service.address, options);
    let first = people.first().expect("somebody is signed in");
    let tips = seed::tips(service.address, &first.token);
    truth::answers(service.address, &people, &tips, options);
    (people, tips)
}

/// Starts the floor with the answers that the service gives now.
fn floor(service: &Server, scratch: &Path, ring: &Path, people: &[Person], tips: &[String]) -> (Answers, Server) {
    let person = people.first().expect("somebody is signed in");
    let (tip, entry) = (tips.first().expect("a tip"), person.entries.first().expect("an entry"));
    let answers = Answers::of(service.address, &person.token, tip, SITUATIONS[0], entry);
    let file = scratch.join("answers.json");
    std::fs::write(&file, serde_json::to_vec(&answers).expect("texts")).expect("a temporary folder takes files");
    let address = free_address();
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.arg("floor").arg(file).arg(ring).arg(address.to_string());
    (answers, Server::start(&command, address))
}

impl Stand<'_> {
    /// Runs one workload on both servers, as often as asked, and more often where it seems to have fallen. Every run counts.
    fn figure(&self, workload: Workload, expected: Option<&Expected>) -> Figure {
        let mut figure = Figure::new(workload);
        self.rounds(&mut figure);
        for _ in 0..SECOND_LOOKS {
            if expected.is_some_and(|expected| expected.fell(&figure)) {
                eprintln!("{}: {:.1} %, measured again", workload.name(), figure.share() * 100.0);
                self.rounds(&mut figure);
            }
        }
        figure
    }

    fn rounds(&self, figure: &mut Figure) {
        let workload = figure.workload;
        for round in 0..self.options.repeat {
            let floor = self.drive(workload, &self.floor).0;
            let (service, cpu_us) = self.drive(workload, &self.nodes);
            let (here, there) = (service.bytes_per_answer(), floor.bytes_per_answer());
            // The floor's dates are as long as the service's; only names of things differ by a few letters.
            assert!((here / there - 1.0).abs() < 0.05, "answers of {here} bytes were compared with {there}");
            if let Some(body) = self.answers.body_bytes(workload) {
                assert!(here > body as f64, "answers of {here} bytes cannot hold {body} bytes of body");
            }
            let (rate, of) = (service.per_second(), floor.per_second());
            let cpu = cpu_us as f64 / service.requests as f64;
            eprintln!("{} round {}: {rate:.0} of {of:.0}/s, {cpu:.1} µs", workload.name(), round + 1);
            figure.add(floor, service, cpu_us);
        }
    }

    /// Loads all servers at once, the connections divided among them.
    fn drive(&self, workload: Workload, servers: &[Server]) -> (wrk::Run, u64) {
        let connections = self.options.connections / servers.len();
        let run = |seconds| {
            std::thread::scope(|scope| {
                let one = |server: &Server| {
                    let address = server.address;
                    scope.spawn(move || wrk::drive(workload, self.scratch, address, connections, seconds))
                };
                let clients: Vec<_> = servers.iter().map(one).collect();
                let runs = clients.into_iter().map(|client| client.join().expect("a client measures"));
                runs.reduce(|one, other| one.with(&other)).expect("one server at least")
            })
        };
        if self.options.warm_up > 0 {
            run(self.options.warm_up);
        }
        let cpu_us = || servers.iter().map(Server::cpu_us).sum::<u64>();
        let before = cpu_us();
        let seen = run(self.options.seconds);
        (seen, cpu_us() - before)
    }
}

/// What writes cost the disk: the syncs of PostgreSQL's log, as it counts them itself.
fn writes_to_postgres(store: &Store, scratch: &Path) -> Writes {
    let service = store.serve(free_address());
    let before = store.wal_syncs();
    let run = wrk::drive(Workload::Create, scratch, service.address, 32, SHORT);
    drop(service);
    // The server tells its counts when it is idle; the service has gone, so it is.
    let synced = store.wal_syncs() - before;
    assert!(
        synced > 0,
        "strace (Debian: apt-get install strace) saw no flush while {} entries were made",
        run.requests
    );
    Writes { flushes_per_write: synced as f64 / run.requests as f64, raw: None }
}

/// What writes cost the disk: flushes as the kernel sees them, and what SQLite does without a service.
fn writes_to_sqlite(store: &Store, scratch: &Path, figures: &[Figure]) -> Writes {
    let counts = scratch.join("syncs.txt");
    let address = free_address();
    let mut serve = store.command(&["serve"]);
    serve.env("MEND_LISTEN", address.to_string());
    // With a filter inside the kernel only the two calls that are counted stop the service. -D leaves the service this
    // program's child.
    let mut traced = Command::new("strace");
    traced.args(["-D", "--seccomp-bpf", "-f", "-c", "-e", "trace=fdatasync,fsync", "-o"]).arg(&counts);
    traced.arg(serve.get_program()).args(serve.get_args());
    traced.envs(serve.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    let service = Server::start(&traced, address);
    let run = wrk::drive(Workload::Create, scratch, address, 32, SHORT);
    drop(service);
    // The tracer outlives the service by a moment, and writes its table last.
    let patience = Instant::now();
    while flushes(&counts) == 0 && patience.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let flushes = flushes(&counts);
    assert!(
        flushes > 0,
        "strace (Debian: apt-get install strace) saw no flush while {} entries were made",
        run.requests
    );
    let bytes = figures.iter().find(|figure| figure.workload == Workload::Create).map_or(1200, Figure::body_guess);
    let raw = Some(raw::measure(&store.folder, SHORT, bytes));
    Writes { flushes_per_write: flushes as f64 / run.requests as f64, raw }
}

/// Adds up the calls in strace's table: `% time, seconds, usecs/call, calls, errors, syscall`.
fn flushes(table: &Path) -> u64 {
    let text = std::fs::read_to_string(table).unwrap_or_default();
    let calls = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let counted = fields.last().is_some_and(|name| name.ends_with("sync"));
        counted.then(|| fields.get(3)?.parse::<u64>().ok()).flatten()
    };
    text.lines().filter_map(calls).sum()
}

/// The seed of this size; made when it is not there.
fn seeded(options: &Options) -> PathBuf {
    let folder = home().join(format!("sqlite-{}x{}-{}", options.users, options.entries, options.tips));
    if !folder.join("done").exists() {
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).expect("the target folder takes folders");
        eprintln!("seeding {} entries, once, into {}", options.rows(), folder.display());
        let store = Store::new(&folder, None, options);
        seed::fill(&store, options);
        std::fs::write(folder.join("done"), "").expect("the target folder takes files");
    }
    folder
}

/// Where seeds are kept between runs.
fn home() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
    std::fs::create_dir_all(&folder).expect("the target folder takes folders");
    folder
}
