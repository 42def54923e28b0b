//! A kill during a migration leaves a database that starts: the real binary is killed again and again, a little later each time,
//! and then started normally.
//! Holds always: from nothing and from each golden database; afterwards the schema is that of an undisturbed start, and every row
//! is there.
//!
//! SQLite: strace kills the process at its n-th call that changes a file, for each n there is. Between two such calls nothing
//! reaches the disk, so this covers a kill at each statement and every half-written commit besides. PostgreSQL: a trigger on
//! the end of each statement that changes the schema ends the connection at the n-th one; it counts with a sequence, which no
//! rollback turns back.

use std::path::Path;
use std::process::Command;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::{PgConnection, SqliteConnection};
use mend::config::{Config, Secret};

use crate::golden::{self, Golden};
use crate::{Engine, binary, postgres, postgres_schema, scratch, sqlite_schema};

const STRACE: &str = "/usr/bin/strace";
/// The calls with which SQLite changes files.
const CALLS: [&str; 4] = ["pwrite64", "fsync", "ftruncate", "unlink"];

/// Where a migration begins: nothing, or a golden set.
fn beginnings(engine: Engine) -> Vec<Option<Golden>> {
    let sets = golden::all().into_iter().filter(|set| set.engine == engine);
    std::iter::once(None).chain(sets.map(Some)).collect()
}

/// The columns of every table with their rows' number, so that nothing can be lost unseen.
fn sqlite_state(config: &Config) -> (Vec<String>, Vec<String>) {
    let open = |url: &Secret| {
        SqliteConnection::establish(url.expose().strip_prefix("sqlite:").expect("a file")).expect("a connection")
    };
    let (mut main, mut keystore) = (open(&config.database.url), open(&config.keys.keystore_url));
    let mut schema = sqlite_schema(&mut main);
    schema.extend(sqlite_schema(&mut keystore));
    (schema, crate::sqlite_rows(&mut main))
}

fn migrates(config: &Config) {
    let ended = binary::run(config, &["migrate"]);
    assert!(ended.succeeded, "a normal start after the kill: {}", ended.told);
}

#[test]
fn sqlite_starts_after_a_kill_at_each_write_of_a_migration() {
    if !Path::new(STRACE).exists() {
        return crate::missing("strace (Debian: apt-get install strace)");
    }
    for beginning in beginnings(Engine::Sqlite) {
        let place = |name: &str| match &beginning {
            Some(set) => set.unpack(name),
            None => Config::for_tests(&scratch::folder("kills")),
        };
        let undisturbed = place("undisturbed");
        migrates(&undisturbed);
        let expected = sqlite_state(&undisturbed);
        let kills: usize = CALLS.iter().map(|call| kill_at_each(call, &place, &expected)).sum();
        assert!(beginning.is_some() || kills > 100, "{kills} kills");
    }
}

/// Kills at the first, second, third … such call until a migration comes to its end; answers how many kills there were.
fn kill_at_each(call: &str, place: &(impl Fn(&str) -> Config + Sync), expected: &(Vec<String>, Vec<String>)) -> usize {
    const AT_ONCE: usize = 3;
    let from = |first: usize| {
        let mut kills = 0;
        for number in (first..).step_by(AT_ONCE) {
            let config = place("kill");
            let inner = binary::command(&config, &["migrate"]);
            let mut command = Command::new(STRACE);
            command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
            command.arg(format!("inject={call}:signal=SIGKILL:when={number}")).arg(inner.get_program());
            command.args(inner.get_args()).env_clear();
            command.envs(inner.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
            let survived = command.output().expect("strace runs").status.success();
            migrates(&config);
            assert_eq!(&sqlite_state(&config), expected, "killed at {call} {number}");
            std::fs::remove_dir_all(&config.data_dir).expect("a folder of this test");
            if survived {
                return kills;
            }
            kills += 1;
        }
        kills
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=AT_ONCE).map(|first| scope.spawn(move || from(first))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no kill breaks a database")).sum()
    })
}

/// Ends the connection at the end of the statement whose number stands in the plan.
const STRIKE: &str = "CREATE SCHEMA kill; CREATE SEQUENCE kill.statements; CREATE TABLE kill.plan (at bigint); \
     INSERT INTO kill.plan VALUES (0); \
     CREATE FUNCTION kill.strike() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('kill.statements') = (SELECT at FROM kill.plan) THEN PERFORM pg_terminate_backend(pg_backend_pid()); \
         END IF; END $$; \
     CREATE EVENT TRIGGER strike ON ddl_command_end EXECUTE FUNCTION kill.strike()";

fn postgres_state(config: &Config) -> Vec<String> {
    let stores = [&config.database.url, &config.keys.keystore_url];
    let mut state = Vec::new();
    for url in stores {
        let mut connection = PgConnection::establish(url.expose()).expect("a connection");
        state.extend(postgres_schema(&mut connection));
        state.extend(crate::postgres_rows(&mut connection));
    }
    state
}

/// An empty pair of databases, or a golden set.
fn databases(beginning: Option<&Golden>, name: &str) -> Config {
    let Some(server) = postgres::SERVER.as_ref() else { panic!("asked for without a server") };
    if let Some(set) = beginning {
        return set.unpack(name);
    }
    let mut config = Config::for_tests(&scratch::folder("kills"));
    let names = [format!("{name}_main"), format!("{name}_keystore")];
    for name in &names {
        server.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
    }
    config.database.url = Secret::new(server.url(&names[0]));
    config.keys.keystore_url = Secret::new(server.url(&names[1]));
    config
}

#[test]
fn postgres_starts_after_a_kill_at_each_statement_of_a_migration() {
    if postgres::SERVER.is_none() {
        return;
    }
    for (number, beginning) in beginnings(Engine::Postgres).iter().enumerate() {
        let undisturbed = databases(beginning.as_ref(), &format!("undisturbed_{number}"));
        migrates(&undisturbed);
        let expected = postgres_state(&undisturbed);
        for store in ["main", "keystore"] {
            let mut kills = 0;
            for at in 1.. {
                let config = databases(beginning.as_ref(), &format!("kill_{number}_{store}_{at}"));
                let url = if store == "main" { &config.database.url } else { &config.keys.keystore_url };
                let mut outside = PgConnection::establish(url.expose()).expect("a connection");
                outside.batch_execute(STRIKE).expect("an event trigger");
                // From here on statements count.
                let plan = format!("SELECT setval('kill.statements', 1, false); UPDATE kill.plan SET at = {at}");
                outside.batch_execute(&plan).expect("a plan");
                let survived = binary::run(&config, &["migrate"]).succeeded;
                outside.batch_execute("DROP EVENT TRIGGER strike; DROP SCHEMA kill CASCADE").expect("no more strikes");
                migrates(&config);
                assert_eq!(postgres_state(&config), expected, "killed at statement {at} of the {store}");
                drop(outside);
                drop_databases(&config);
                if survived {
                    break;
                }
                kills += 1;
            }
            let fewest = if store == "main" { 20 } else { 3 };
            assert!(beginning.is_some() || kills >= fewest, "{kills} kills in the {store}");
        }
        drop_databases(&undisturbed);
    }
}

fn drop_databases(config: &Config) {
    let Some(server) = postgres::SERVER.as_ref() else { return };
    for url in [&config.database.url, &config.keys.keystore_url] {
        let name = url.expose().rsplit('/').next().expect("a name");
        server.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}
