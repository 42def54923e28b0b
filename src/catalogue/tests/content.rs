//! Content as files: what is read, and on which line a fault is said to stand.

use super::kind::kinds;
use crate::catalogue::checking::{id_of, lint};
use crate::catalogue::files::{File, digest};

const WHOLE: &str = r#"+++
title = "A note"
summary = "In short."
stance = "self_care"
evidence = "research"
not_for = "Nobody."
guard = "Stop when you like."

[[sources]]
article = "B1"
line = 3

[review]
status = "unreviewed"
+++

The text.
"#;

const PIECE: &str = "+++\nguard = \"Stop.\"\n+++\nText.\n";

fn files(files: &[(&str, &str)]) -> Vec<File> {
    let sources = ("sources.toml", "[B1]\ntitle = \"A book\"\nauthor = \"Somebody\"\n");
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
    std::iter::once(&sources).chain(files).map(file).collect()
}

/// What lint says of one note with pieces that have no body, told as `file:line: rule`.
fn findings(note: &str, others: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![("en/notes/a-note/note.md", note)];
    all.extend_from_slice(others);
    let found = lint(&kinds(), &files(&all)).err().unwrap_or_default();
    found.iter().map(|one| format!("{}:{}: {}", one.file, one.line, one.rule)).collect()
}

#[test]
fn a_note_is_read_with_its_address_and_its_publication() {
    let items = lint(&kinds(), &files(&[("en/notes/a-note/note.md", WHOLE)])).unwrap();
    let item = items.first().unwrap();
    assert_eq!((item.kind, item.slug.as_str(), item.locale.as_str()), ("notes", "a-note", "en"));
    assert_eq!(item.id, id_of("note", "en", "a-note"));
    let document: serde_json::Value = serde_json::from_str(&item.document).unwrap();
    assert_eq!(document["sources"][0]["author"], "Somebody");
    assert_eq!(document["sources"][0]["line"], 3);
    assert_eq!(document["body"], "The text.");
}

#[test]
fn a_fault_names_file_line_and_rule() {
    let one = |note: &str| findings(note, &[]);
    assert_eq!(one(WHOLE), Vec::<String>::new());
    assert_eq!(
        one(&WHOLE.replace("guard = \"Stop when you like.\"\n", "")),
        ["en/notes/a-note/note.md:1: needed_to_publish"]
    );
    assert_eq!(one(&WHOLE.replace("self_care", "win")), ["en/notes/a-note/note.md:4: unknown_value"]);
    assert_eq!(one(&WHOLE.replace("\"B1\"", "\"B9\"")).first().unwrap(), "en/notes/a-note/note.md:9: unknown_article");
    assert_eq!(one(&WHOLE.replace("\"unreviewed\"", "\"reviewed\"")).len(), 3);
    assert_eq!(one(&WHOLE.replace("The text.", "<b>text</b>")), ["en/notes/a-note/note.md:16: raw_html"]);
    assert_eq!(one(&WHOLE.replace("title = \"A note\"", "title = ")), ["en/notes/a-note/note.md:2: toml"]);
    assert_eq!(one(&WHOLE.replacen("+++", "---", 1)), ["en/notes/a-note/note.md:1: front_matter"]);
    let linked =
        WHOLE.replace("[review]", "[[links]]\ntype = \"guards\"\nkind = \"note\"\nslug = \"gone\"\n\n[review]");
    assert_eq!(one(&linked), ["en/notes/a-note/note.md:13: unresolved_link"]);
}

#[test]
fn parts_are_numbered_and_their_faults_stand_in_their_own_files() {
    let piece = |name| (name, PIECE);
    // Notes' pieces have no body, so that a piece's file has one member too many.
    let faults = findings(WHOLE, &[piece("en/notes/a-note/01-one.md"), piece("en/notes/a-note/02-two.md")]);
    let expected = ["en/notes/a-note/01-one.md:3: unknown_member", "en/notes/a-note/02-two.md:3: unknown_member"];
    assert_eq!(
        faults.iter().map(|fault| fault.rsplit(':').next().unwrap()).collect::<Vec<_>>(),
        [" unknown_member"; 2]
    );
    assert_eq!(faults.len(), expected.len());
    let gap = findings(WHOLE, &[piece("en/notes/a-note/02-one.md")]);
    assert!(gap.contains(&"en/notes/a-note/02-one.md:1: numbering".to_owned()), "{gap:?}");
    let stray = findings(WHOLE, &[("en/letters/a.md", WHOLE), ("en/notes/other/01-one.md", PIECE)]);
    assert!(stray.contains(&"en/letters/a.md:1: misplaced_file".to_owned()), "{stray:?}");
    assert!(stray.contains(&"en/notes/other/01-one.md:1: part_without_item".to_owned()), "{stray:?}");
}

#[test]
fn the_digest_tells_sets_of_files_apart() {
    let whole = files(&[("en/notes/a-note/note.md", WHOLE)]);
    let moved = files(&[("en/notes/b-note/note.md", WHOLE)]);
    assert_eq!(digest(&whole), digest(&whole.clone()));
    assert_ne!(digest(&whole), digest(&moved));
}
