//! What the migrations make, against the tables that `src/database/schema.rs` and its parts tell diesel of.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use mend::database::Connection;
use mend::privacy::map::Store;

use crate::starts::{connect, databases, migrate};

/// A column: table, name, the engine's type, whether it may be null.
type Column = (String, String, String, bool);

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    in_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

const SQLITE: &str = "SELECT tables.name AS in_table, columns.name AS name, columns.type AS kind, \
     NOT columns.\"notnull\" AS nullable FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns \
     WHERE tables.type = 'table' AND tables.schema = 'main' AND tables.name NOT LIKE 'sqlite_%'";

const POSTGRES: &str = "SELECT table_name::text AS in_table, column_name::text AS name, data_type::text AS kind, \
     is_nullable = 'YES' AS nullable FROM information_schema.columns WHERE table_schema = 'public'";

/// Every column of the database, but for those of the migrations' own table.
fn columns(connection: &mut Connection) -> Vec<Column> {
    let rows: Vec<Row> = match connection {
        Connection::Sqlite(sqlite) => diesel::sql_query(SQLITE).load(sqlite),
        Connection::Postgres(postgres) => diesel::sql_query(POSTGRES).load(postgres),
    }
    .expect("the database describes itself");
    let mut columns: Vec<_> = rows
        .into_iter()
        .filter(|row| row.in_table != "__diesel_schema_migrations")
        .map(|row| (row.in_table, row.name, row.kind, row.nullable))
        .collect();
    columns.sort();
    columns
}

/// Every column that the `table!` declarations name, with diesel's type.
fn declared(store: Store) -> Vec<Column> {
    let text = match store {
        Store::Main => {
            concat!(
                include_str!("../../src/database/schema.rs"),
                include_str!("../../src/database/schema/catalogue.rs")
            )
        }
        Store::Keystore => include_str!("../../src/database/schema/keystore.rs"),
    };
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut columns = Vec::new();
    for table in code.split("table! {").skip(1) {
        let body = table.split("sql_types::*;").last().expect("a table after its imports");
        let (head, fields) = body.split_once('{').expect("columns in braces");
        let name = head.split('(').next().expect("a key after the name").trim();
        let fields = fields.split('}').next().unwrap_or_default();
        for field in fields.split(',').filter(|field| field.contains("->")) {
            let (column, kind) = field.split_once("->").expect("a column and its type");
            let kind = kind.trim();
            let inner = kind.strip_prefix("Nullable<").and_then(|rest| rest.strip_suffix('>'));
            columns.push((
                name.to_owned(),
                column.trim().to_owned(),
                inner.unwrap_or(kind).to_owned(),
                inner.is_some(),
            ));
        }
    }
    columns.sort();
    columns
}

/// The same columns with the types that the engine has for them.
fn on_engine(columns: Vec<Column>, engine: &str) -> Vec<Column> {
    let translate = |kind: &str| match (engine, kind) {
        ("sqlite", "Id" | "Bytes") => "BLOB",
        ("sqlite", "BigInt" | "Integer" | "SmallInt") => "INTEGER",
        ("sqlite", "Text") => "TEXT",
        ("postgres", "Id") => "uuid",
        ("postgres", "Bytes") => "bytea",
        ("postgres", "BigInt") => "bigint",
        ("postgres", "Integer") => "integer",
        ("postgres", "SmallInt") => "smallint",
        ("postgres", "Text") => "text",
        _ => panic!("no type for {kind} on {engine}"),
    };
    columns
        .into_iter()
        .map(|(table, name, kind, nullable)| (table, name, translate(&kind).to_owned(), nullable))
        .collect()
}

#[test]
fn the_migrations_make_what_the_code_expects() {
    for store in [Store::Main, Store::Keystore] {
        for target in databases() {
            let engine = if target.is_sqlite() { "sqlite" } else { "postgres" };
            let mut connection = connect(&target);
            migrate(store, &mut connection);
            let expected = on_engine(declared(store), engine);
            assert!(expected.len() > 5, "the declarations were not read");
            assert_eq!(columns(&mut connection), expected, "{store:?} on {engine}");
        }
    }
}

#[test]
fn what_is_append_only_refuses_to_be_changed() {
    use diesel::connection::SimpleConnection as _;
    for target in databases() {
        let mut connection = connect(&target);
        migrate(Store::Main, &mut connection);
        let id = match connection {
            Connection::Sqlite(_) => "zeroblob(16)",
            Connection::Postgres(_) => "'00000000-0000-0000-0000-000000000000'",
        };
        let fill = format!(
            "INSERT INTO security_events (id, happened_at, kind) VALUES ({id}, 1, 'x'); \
             INSERT INTO catalogue_items (id, kind, slug, locale, status, version, latest_revision, first_published_at, \
                 created_at, updated_at) VALUES ({id}, 'k', 's', 'en', 'draft', 1, 1, 1, 1, 1); \
             INSERT INTO catalogue_revisions (item_id, number, saved_at, document) VALUES ({id}, 1, 1, '[]'); \
             INSERT INTO catalogue_publications (id, item_id, number, published_at) VALUES ({id}, {id}, 1, 1); \
             INSERT INTO catalogue_transitions (item_id, number, revision, happened_at, to_status) VALUES ({id}, 1, 1, 1, 'draft')"
        );
        connection.batch_execute(&fill).expect("rows may be added");
        for change in [
            "DELETE FROM security_events",
            "UPDATE security_events SET happened_at = 2",
            "DELETE FROM catalogue_revisions",
            "UPDATE catalogue_revisions SET saved_at = 2",
            "DELETE FROM catalogue_publications",
            "UPDATE catalogue_publications SET number = 2",
            "DELETE FROM catalogue_transitions",
            "UPDATE catalogue_transitions SET happened_at = 2",
        ] {
            let refused = connection.batch_execute(change).expect_err(change).to_string();
            assert!(refused.contains("append-only") || refused.contains("are kept"), "{change}: {refused}");
        }
    }
}
