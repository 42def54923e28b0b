//! Expand, then contract: a migration may not take away what the release before it still uses (see migrations/README.md).
//! Holds always: each statement of each `up.sql` is looked at; what breaks the contract needs a line before it that names the
//! release which stopped using what goes, and that release is older than this one.

use std::collections::BTreeSet;
use std::path::Path;

use crate::STORES;

const MARK: &str = "-- contract: unused since ";

/// A statement in capitals with single spaces, and the release that the mark before it names.
struct Statement {
    text: String,
    unused_since: Option<String>,
}

fn statements(script: &str) -> Vec<Statement> {
    let (mut found, mut text, mut mark) = (Vec::new(), String::new(), None);
    let (mut in_body, mut in_trigger) = (false, false);
    for line in script.lines().map(str::trim) {
        if let Some(release) = line.strip_prefix(MARK) {
            mark = Some(release.trim().to_owned());
        }
        let code = line.split("--").next().unwrap_or_default().trim().to_uppercase();
        in_body ^= code.matches("$$").count() % 2 == 1;
        in_trigger |= code == "BEGIN" && !in_body;
        text.extend([code.as_str(), " "]);
        let ends = if in_trigger { code == "END;" } else { code.ends_with(';') };
        if ends && !in_body {
            in_trigger = false;
            let text = std::mem::take(&mut text).split_whitespace().collect::<Vec<_>>().join(" ");
            found.push(Statement { text, unused_since: mark.take() });
        }
    }
    found
}

/// The word after those words.
fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(words)?;
    rest.split([' ', '(', ';']).find(|word| !word.is_empty())
}

/// Why a node of the release before could not go on with what this statement leaves; none when it can.
fn breaks(text: &str, new_tables: &BTreeSet<String>) -> Option<&'static str> {
    let is_new = |table: Option<&str>| table.is_some_and(|table| new_tables.contains(table));
    let first = text.split(' ').next().unwrap_or_default();
    match first {
        "DROP" => Some("drops"),
        "DELETE" | "TRUNCATE" => Some("deletes rows"),
        "ALTER" if text.contains(" RENAME ") => Some("renames"),
        "ALTER" if is_new(after(text, "ALTER TABLE ")) => None,
        "ALTER" if text.contains(" DROP ") => Some("drops"),
        "ALTER" if text.contains(" TYPE ") => Some("changes a type"),
        "ALTER" if text.contains("SET NOT NULL") => Some("demands a value that old nodes need not write"),
        "ALTER" if text.contains(" ADD COLUMN ") && text.contains("NOT NULL") && !text.contains(" DEFAULT ") => {
            Some("adds a column that old nodes do not fill")
        }
        "ALTER"
            if [" ADD CONSTRAINT ", " ADD CHECK ", " ADD UNIQUE ", " ADD FOREIGN ", " ADD PRIMARY "]
                .iter()
                .any(|words| text.contains(words)) =>
        {
            Some("demands what old nodes may not keep to")
        }
        "CREATE" if text.starts_with("CREATE UNIQUE INDEX") && !is_new(after(text, " ON ")) => {
            Some("demands what old nodes may not keep to")
        }
        "CREATE" if text.starts_with("CREATE TRIGGER") && !is_new(after(text, " ON ")) => {
            Some("may refuse what old nodes write")
        }
        _ => None,
    }
}

fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<_>>>().filter(|parts| parts.len() == 3)
}

/// What is wrong with a script, one line a fault.
fn faults(script: &str, current: &str) -> Vec<String> {
    let statements = statements(script);
    let new_tables: BTreeSet<String> = statements
        .iter()
        .filter(|statement| statement.text.starts_with("CREATE TABLE"))
        .filter_map(|statement| after(&statement.text, "CREATE TABLE ").map(str::to_owned))
        .collect();
    let mut faults = Vec::new();
    for statement in &statements {
        let Some(why) = breaks(&statement.text, &new_tables) else { continue };
        let released = statement.unused_since.as_deref().and_then(version);
        let is_older = released.is_some_and(|released| version(current).is_some_and(|current| released < current));
        if !is_older {
            faults.push(format!("{why}: {}", statement.text));
        }
    }
    faults
}

#[test]
fn no_migration_breaks_the_nodes_of_the_release_before() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faulty = Vec::new();
    for folder in STORES.iter().flat_map(|(_, sqlite, postgres)| [sqlite, postgres]) {
        for entry in std::fs::read_dir(root.join(folder)).unwrap().flatten() {
            let script = entry.path().join("up.sql");
            let text = std::fs::read_to_string(&script).unwrap();
            assert!(!statements(&text).is_empty(), "{} was not read", script.display());
            faulty.extend(
                faults(&text, env!("CARGO_PKG_VERSION")).iter().map(|fault| format!("{}: {fault}", script.display())),
            );
        }
    }
    assert!(faulty.is_empty(), "expand, then contract (migrations/README.md):\n{}", faulty.join("\n"));
}

#[test]
fn each_way_of_breaking_it_is_seen() {
    for broken in [
        "DROP TABLE records;",
        "drop index records_by_day;",
        "ALTER TABLE records\n    DROP COLUMN day;",
        "ALTER TABLE records RENAME COLUMN day TO date;",
        "ALTER TABLE records ALTER COLUMN day TYPE bigint;",
        "ALTER TABLE records ALTER COLUMN day SET NOT NULL;",
        "ALTER TABLE records ADD COLUMN mood INTEGER NOT NULL;",
        "ALTER TABLE records ADD CONSTRAINT short CHECK (version < 9);",
        "CREATE UNIQUE INDEX one_a_day ON records (owner, day);",
        "CREATE TRIGGER stay BEFORE UPDATE ON records\nBEGIN\n    SELECT RAISE(ABORT, 'no');\nEND;",
        "DELETE FROM records;",
        "CREATE TABLE new_ones (id BLOB);\nALTER TABLE records DROP COLUMN day;",
    ] {
        assert_eq!(faults(broken, "0.3.0").len(), 1, "{broken}");
        for (release, faulty) in [("0.2.0", 0), ("0.3.0", 1), ("0.4.0", 1), ("soon", 1)] {
            let marked = broken.replace("ALTER TABLE records", &format!("{MARK}{release}\nALTER TABLE records"));
            if marked != broken {
                assert_eq!(faults(&marked, "0.3.0").len(), faulty, "{marked}");
            }
        }
    }
    for sound in [
        "CREATE TABLE moods (id BLOB);\nCREATE UNIQUE INDEX moods_by_id ON moods (id);\nALTER TABLE moods ADD CHECK (id > 1);",
        "ALTER TABLE records ADD COLUMN mood INTEGER;",
        "ALTER TABLE records ADD COLUMN mood INTEGER NOT NULL DEFAULT 0;",
        "CREATE INDEX records_by_mood ON records (mood); -- DROP nothing",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    DELETE FROM x;\nEND\n$$;",
    ] {
        assert_eq!(faults(sound, "0.3.0"), Vec::<String>::new(), "{sound}");
    }
}
