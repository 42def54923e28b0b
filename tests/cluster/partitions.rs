//! The big tables divided by owner: what they hold stays, one's own pages touch one partition, and later migrations work.

use std::collections::BTreeSet;

use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use mend::database::{Connection, partitions};
use mend::privacy::map::{Store, differences};
use serde_json::json;

use crate::counts::say;
use crate::journal::LISTS;
use crate::node::Service;
use crate::server::Server;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(url: &str, query: &str) -> Vec<String> {
    let mut connection = PgConnection::establish(url).unwrap();
    let rows: Vec<Line> = sql_query(query).load(&mut connection).unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.into_iter().map(|row| row.line).collect()
}

#[test]
fn a_database_in_use_is_divided_and_one_owner_is_one_partition() {
    let Some(server) = Server::start("database") else { return };
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keys");
    server.run("ALTER DATABASE mend SET session_preload_libraries = 'auto_explain'");
    server.run("ALTER DATABASE mend SET auto_explain.log_min_duration = 0");
    let service = Service::new(&server.url("mend"), &server.url("keys"));
    let node = service.start("a");
    let people: Vec<_> = (0..6).map(|number| node.sign_up(&format!("person-{number}"))).collect();
    for person in &people {
        let list = person.writes(LISTS, &json!({"title": "Before"}));
        person.changes(&list, &json!({"title": "Changed before"}));
    }
    // The node serves on meanwhile; its prepared statements find the new tables.
    let divided = service.command("step", &["migrate", "--partitions", "16"]).output().unwrap();
    let said = String::from_utf8_lossy(&divided.stdout).into_owned();
    assert!(divided.status.success(), "{said}{}", String::from_utf8_lossy(&divided.stderr));
    assert_eq!(said.matches("is divided into 16 partitions").count(), 3, "{said}");
    for person in &people {
        assert_eq!(person.lists(LISTS)[0]["title"], "Changed before");
        let list = person.writes(LISTS, &json!({"title": "After"}));
        let list = person.changes(&list, &json!({"title": "Changed after"}));
        person.deletes(&list);
        person.restores(&list);
    }
    let again = service.command("step", &["migrate", "--partitions", "16"]).output().unwrap();
    assert!(again.status.success() && !String::from_utf8_lossy(&again.stdout).contains("divided"), "divided twice");

    let plans = plans(&server.log());
    assert!(plans.len() > 50, "the plans of the service's own queries were not logged");
    let wide: Vec<_> = plans.iter().filter(|(_, touched)| touched.len() > 1).collect();
    assert!(wide.is_empty(), "queries on one owner that touch more than one partition: {wide:#?}");
    let all: BTreeSet<_> = plans.iter().flat_map(|(_, touched)| touched).collect();
    assert!(all.len() > 1, "six people in one partition of sixteen: {all:?}");
    let foreign = "SELECT format('%s %s', attrelid::regclass, attstorage) AS line FROM pg_attribute \
         WHERE attname = 'document' AND attrelid::regclass::text ~ '^record(s|_revisions)(_\\d+)?$' AND attstorage <> 'e'";
    assert_eq!(lines(&server.url("mend"), foreign), Vec::<String>::new(), "sealed bytes are not worth compressing");
    say(&format!(
        "partitions: a database in use divided into 16 by owner; each of {} queries of the service on an owner touched 1 of them",
        plans.len()
    ));
}

/// The queries of the service on one owner's records, from what the server logged, with the partitions that each touched.
fn plans(log: &str) -> Vec<(String, BTreeSet<String>)> {
    let entries = log.split("LOG:  duration:").skip(1);
    let plans = entries.map(|entry| {
        let own = entry.lines().enumerate().take_while(|(number, line)| *number == 0 || line.starts_with('\t'));
        own.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    });
    let on_one_owner = plans.filter(|plan| plan.contains("\"owner\" = $"));
    let touched = |plan: &str| -> BTreeSet<String> {
        let tables = plan.lines().filter(|line| line.contains(" Scan")).filter_map(|line| line.split(" on ").nth(1));
        let names = tables.filter_map(|table| table.split(' ').next());
        names.filter(|name| name.contains(|letter: char| letter.is_ascii_digit())).map(str::to_owned).collect()
    };
    on_one_owner.map(|plan| (plan.clone(), touched(&plan))).filter(|(_, touched)| !touched.is_empty()).collect()
}

/// Every table's columns, indexes, constraints and storage as an operator sees them, partitions left out.
fn shape(url: &str) -> Vec<String> {
    lines(
        url,
        "SELECT line FROM ( \
         SELECT format('%s.%s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull, attstorage) AS line \
             FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 \
             WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition \
         UNION ALL SELECT replace(pg_get_indexdef(indexrelid), ' ONLY ', ' ') FROM pg_index \
             JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace AND NOT relispartition \
         UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid)) \
             FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid \
             WHERE connamespace = 'public'::regnamespace AND NOT relispartition \
         ) AS shape ORDER BY line",
    )
}

#[test]
fn every_later_migration_works_on_divided_tables() {
    let Some(server) = Server::start("database") else { return };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    let source = || FileBasedMigrations::from_path(folder).unwrap();
    server.run("CREATE DATABASE whole");
    let mut whole = PgConnection::establish(&server.url("whole")).unwrap();
    let steps = whole.run_pending_migrations(source()).unwrap().len();
    let expected = shape(&server.url("whole"));
    for before in 2..=steps {
        let name = format!("divided_{before}");
        server.run(&format!("CREATE DATABASE {name}"));
        let mut connection = PgConnection::establish(&server.url(&name)).unwrap();
        for _ in 0..before {
            connection.run_next_migration(source()).unwrap();
        }
        let mut connection = Connection::Postgres(connection);
        assert_eq!(partitions::divide(&mut connection, 4).unwrap(), partitions::DIVIDED, "after {before} migrations");
        let Connection::Postgres(postgres) = &mut connection else { unreachable!() };
        postgres.run_pending_migrations(source()).unwrap();
        assert_eq!(shape(&server.url(&name)), expected, "divided after {before} migrations");
        let differences = differences(&mut connection, Store::Main).unwrap();
        assert!(differences.is_empty(), "{differences:?}");
        let Connection::Postgres(postgres) = &mut connection else { unreachable!() };
        postgres.revert_all_migrations(source()).unwrap();
    }
    say(&format!("partitions: divided after each of {} migrations, the rest then applied and all reverted", steps - 1));
}
