//! `mend doctor`: a healthy deployment is clean beside its running service, and each planted fault is found by its code.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use mend::config::{Config, Secret};
use mend::database::{Clock, Failure, Purpose, Target};
use mend::operations::doctor::{Asked, Report};

use crate::harness::ground::Ground;
use crate::harness::{binary, *};

/// A deployment that has really run, by the real clock, with somebody's record in it.
fn deployed(engine: Engine) -> (Ground, Config, Node) {
    let ground = Ground::bare(engine);
    let mut config = ground.config(0);
    config.sweeper.poll_milliseconds = 20;
    let node = Node::start(config.clone(), Clock::system());
    let asha = Actor::somebody(&node.base, "asha");
    let registration = json!({"email": asha.email, "password": asha.password, "name": "Asha"});
    Actor::nobody(&node.base).post("/v1/auth/register", &registration).expect(202);
    asha.signs_in();
    asha.writes("/v1/boundary-lists", &json!({"title": "Calls"}));
    (ground, config, node)
}

/// What the doctor finds, and how it ends.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    codes: Vec<String>,
    exit: i32,
}

/// Runs the doctor with these words and variables beside the usual ones.
fn doctor(config: &Config, words: &[&str], variables: &[(&str, &str)]) -> Found {
    let mut command = binary::command(config, &[&["doctor", "--json"], words].concat());
    // Whatever limits the machine that runs these tests has.
    command.env("MEND_LIMITS_CONNECTIONS", "64");
    let output = command.envs(variables.iter().copied()).output().expect("the binary runs");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let findings = report["findings"].as_array().unwrap();
    for finding in findings {
        assert!(finding["what"].as_str().unwrap().len() > 10 && finding["action"].as_str().unwrap().len() > 5);
    }
    let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    Found { codes, exit: output.status.code().expect("it ended by itself") }
}

fn found(exit: i32, codes: &[&str]) -> Found {
    Found { codes: codes.iter().map(|code| (*code).to_owned()).collect(), exit }
}

/// Statements on a store whose service has stopped.
fn plants(url: &Secret, purpose: Purpose, statements: &str) {
    let target = Target::parse(url.expose(), false).unwrap();
    target.connect(purpose).unwrap().batch_execute(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
}

#[apply(on_both_databases)]
fn a_healthy_deployment_is_clean_beside_its_running_service(#[case] engine: Engine) {
    let (ground, config, node) = deployed(engine);
    let swept = || -> Option<()> {
        let states = node.running.house.database.read_now(|conn| mend::operations::sweeper::states(conn, &Clock::system()));
        let states: Result<_, Failure> = states;
        // All but the schedule, which has nothing to wait for.
        let swept = states.ok()?.values().filter(|state| state.swept_at.is_some()).count();
        (swept == mend::operations::sweeper::TASKS.len() - 1).then_some(())
    };
    eventually("the first sweeps", swept);
    let clean = match ground.engine {
        Engine::Sqlite => found(0, &[]),
        // The tests' own server is set for speed, which a deployment must not be.
        Engine::Postgres => found(2, &["postgres.fsync", "postgres.full_page_writes"]),
    };
    assert_eq!(doctor(&config, &["--deep"], &[]), clean);
    assert_eq!(doctor(&config, &[], &[]), clean);
    Actor::nobody(&node.base).get("/readyz").expect(200);
}

#[test]
fn what_is_wrong_with_the_configuration_is_found() {
    let (_ground, config, _node) = deployed(Engine::Sqlite);
    for (variable, value, expected) in [
        ("MEND_LISTN", "127.0.0.1:1", found(2, &["configuration.unusable"])),
        ("MEND_PUBLIC_URL", "http://mend.example.org", found(1, &["public_url.not_https"])),
        ("MEND_PUBLIC_URL", "https://mend.example.org", found(1, &["proxies.none"])),
        ("MEND_LISTEN", "0.0.0.0:8080", found(1, &["public_url.missing"])),
        ("MEND_LIMITS_CONNECTIONS", "1000000", found(1, &["open_files.limit"])),
        ("MEND_DATABASE_URL", "sqlite:/nowhere/mend.db", found(2, &["database.missing"])),
        ("MEND_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none", found(2, &["database.unreachable"])),
        ("MEND_KEYS_KEYSTORE_URL", "sqlite:/nowhere/keystore.db", found(2, &["keystore.missing"])),
    ] {
        assert_eq!(doctor(&config, &[], &[(variable, value)]), expected, "{variable}={value}");
    }
}

#[test]
fn what_is_wrong_with_files_and_keys_is_found() {
    let (ground, config, node) = deployed(Engine::Sqlite);
    drop(node);
    let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    let (folder, ring) = (config.data_dir.as_path(), config.keys.ring_file.as_path());
    mode(folder, 0o755);
    assert_eq!(doctor(&config, &[], &[]), found(1, &["data_directory.exposed"]));
    mode(folder, 0o700);
    mode(&folder.join("mend.db"), 0o644);
    assert_eq!(doctor(&config, &[], &[]), found(1, &["data_directory.file_exposed"]));
    mode(&folder.join("mend.db"), 0o600);
    mode(ring, 0o644);
    assert_eq!(doctor(&config, &[], &[]), found(2, &["key_ring.unusable"]));
    mode(ring, 0o600);

    let (elsewhere, other, _node) = deployed(Engine::Sqlite);
    let missing = ground.folder.join("no-ring.json");
    let with_ring = |path: &Path| doctor(&config, &[], &[("MEND_KEYS_RING_FILE", path.to_str().unwrap())]);
    assert_eq!(with_ring(&missing), found(2, &["key_ring.missing"]));
    assert!(!missing.exists(), "a look makes nothing");
    assert_eq!(with_ring(&other.keys.ring_file), found(2, &["key_ring.other", "keystore.keys_do_not_open"]));
    let another = [("MEND_KEYS_KEYSTORE_URL", other.keys.keystore_url.expose())];
    assert_eq!(doctor(&config, &[], &another), found(2, &["keystore.other"]));
    drop(elsewhere);

    plants(&config.keys.keystore_url, Purpose::Keystore, "UPDATE data_keys SET wrapped = x'0101'");
    assert_eq!(doctor(&config, &[], &[]), found(2, &["keystore.keys_do_not_open"]));
}

#[test]
fn what_is_wrong_with_the_database_is_found() {
    let (_ground, config, node) = deployed(Engine::Sqlite);
    drop(node);
    let plant = |statements| plants(&config.database.url, Purpose::Write, statements);
    plant("INSERT INTO sweeps (task, held_until, swept_at) VALUES ('letters', 0, 1)");
    assert_eq!(doctor(&config, &[], &[]), found(1, &["sweeper.late"]));
    plant("UPDATE sweeps SET swept_at = 9000000000000000 WHERE task = 'letters'");
    assert_eq!(doctor(&config, &[], &[]), found(1, &["sweeper.ahead"]));
    plant("DELETE FROM sweeps; INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')");
    assert_eq!(doctor(&config, &[], &[]), found(1, &["database.newer"]));
    plant("DELETE FROM __diesel_schema_migrations WHERE version IN (SELECT max(version) FROM __diesel_schema_migrations)");
    assert_eq!(doctor(&config, &[], &[]), found(0, &[]));
    plant("DELETE FROM __diesel_schema_migrations WHERE version IN (SELECT max(version) FROM __diesel_schema_migrations)");
    assert_eq!(doctor(&config, &[], &[]), found(2, &["database.migrations_pending"]));
}

#[derive(diesel::QueryableByName)]
struct Page {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    page: i64,
}

#[test]
fn damage_is_found_by_looking_deep() {
    use std::os::unix::fs::FileExt as _;
    let (_ground, config, node) = deployed(Engine::Sqlite);
    drop(node);
    plants(&config.database.url, Purpose::Write, "PRAGMA wal_checkpoint(TRUNCATE)");
    let target = Target::parse(config.database.url.expose(), false).unwrap();
    let root = diesel::sql_query("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'sessions_by_account'");
    let root: Page = root.get_result(&mut target.connect(Purpose::Read).unwrap()).unwrap();
    // A page that no other look reads.
    let file = File::options().write(true).open(config.data_dir.join("mend.db")).unwrap();
    file.write_all_at(&[0xa5; 512], u64::try_from(root.page - 1).unwrap() * 4096).unwrap();
    assert_eq!(doctor(&config, &[], &[]), found(0, &[]), "only a deep look reads everything");
    let looked = doctor(&config, &["--deep"], &[]);
    assert!(looked.codes.contains(&"sqlite.damaged".to_owned()), "{looked:?}");
}

#[test]
fn backups_that_are_missing_or_old_are_found() {
    let (ground, config, _node) = deployed(Engine::Sqlite);
    let folder = ground.folder.join("backups");
    fs::create_dir(&folder).unwrap();
    let words = ["--backups", folder.to_str().unwrap()];
    assert_eq!(doctor(&config, &words, &[]), found(2, &["backups.none"]));
    let backup = File::create(folder.join("mend.database")).unwrap();
    assert_eq!(doctor(&config, &words, &[]), found(0, &[]));
    #[expect(clippy::disallowed_methods, reason = "a file's age is by the system's clock")]
    let days_ago = SystemTime::now() - Duration::from_hours(72);
    backup.set_modified(days_ago).unwrap();
    assert_eq!(doctor(&config, &words, &[]), found(1, &["backups.old"]));
}

#[test]
fn a_clock_that_differs_from_the_servers_is_found() {
    let (ground, config, _node) = deployed(Engine::Postgres);
    if ground.engine == Engine::Sqlite {
        return;
    }
    let of = |clock: &Clock| {
        let report = Report::of(&config, &Asked::default(), clock);
        report.findings.iter().any(|finding| finding.code == "clock.skew")
    };
    assert!(!of(&Clock::system()));
    assert!(of(&Clock::manual(Clock::system().now().plus(Duration::from_mins(5)))));
    assert!(of(&Clock::manual(Clock::system().now().minus(Duration::from_mins(5)))));
}
