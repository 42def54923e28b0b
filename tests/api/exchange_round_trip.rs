//! Exports and imports of everything: the same bytes after a way through an empty database, nothing new where they came from.
//! Holds always: the content is the real one, in both languages, and drafts that try to break each format.

use mend::catalogue::exchange::export::{self, ExportError, Wanted};
use mend::catalogue::exchange::{self, Format};
use mend::catalogue::import::{self, How, Report};
use mend::database::Connection;
use mend::routes;

use crate::harness::ground::Ground;
use crate::harness::*;

fn exported(world: &World, format: Format, kind: Option<&str>, with_base: bool) -> Vec<u8> {
    let kinds = kind.map(str::to_owned).into_iter().collect();
    let wanted = Wanted { kinds, with_base, ..Wanted::default() };
    let read = move |connection: &mut Connection| export::items(connection, &routes::kinds(), &wanted);
    let items = world.node(0).running.house.database.read_now::<_, ExportError>(read).expect("an export");
    exchange::write(format, &items).expect("it can be written")
}

#[track_caller]
fn brought_in(world: &World, format: Format, bytes: &[u8]) -> Report {
    let found = exchange::read(&routes::kinds(), format, "export", bytes);
    let database = &world.node(0).running.house.database;
    import::bring_in(database, &routes::kinds(), found, How::default())
        .unwrap_or_else(|error| panic!("{format:?}: {error}"))
}

/// Drafts that say what a format could mistake for its own signs.
fn write_awkward_drafts(cleo: &Actor) {
    let text = " \r\n+++\n=1+1, \"two\"; 'three'\t|\u{7f}\u{2028}\n+++\n ";
    let source = |author: &str| json!({"article": "S 9|x", "title": "=cmd", "author": author, "line": 3});
    for (kind, body) in [
        ("tips", json!({"slug": "only-a-title", "title": "=SUM(A1:A9)"})),
        (
            "tips",
            json!({"slug": "awkward", "title": "'=1", "summary": "+49 30|x", "guard": "@\\n\"", "body": text,
            "sources": [source("One"), source("Other")]}),
        ),
        ("concepts", json!({"slug": "many-names", "title": "-1", "also_called": ["=a|b", "[c]", ""], "body": "+++"})),
        (
            "programs",
            json!({"slug": "two-steps", "title": "Two", "steps": [
            {"slug": "first-one", "title": "\u{ff1d}1", "body": text, "sources": [source("Third")]},
            {"slug": "second-one", "title": "2", "nudges": ["contact"]}]}),
        ),
        (
            "help-contacts",
            json!({"slug": "a-line", "locale": "fr", "title": "\u{feff}L'\u{e9}coute", "countries": ["FR"]}),
        ),
    ] {
        let mut body = body;
        if kind == "concepts" {
            body["also_called"] = json!(["=a|b", "[c]"]);
        }
        cleo.writes(&format!("/v1/admin/{kind}"), &body);
    }
}

#[apply(on_both_databases)]
fn what_is_exported_and_imported_is_the_same_to_the_byte(#[case] engine: Engine) {
    let world = World::start(engine);
    write_awkward_drafts(&world.curator("cleo"));
    let whole = [(Format::Files, None), (Format::Jsonl, None)];
    let tables = routes::kinds().all().map(|kind| (Format::Csv, Some(kind.name))).collect::<Vec<_>>();
    let count = |report: &Report| [report.added.len(), report.changed.len(), report.unchanged.len(), report.kept.len()];
    for group in [whole.get(..1), whole.get(1..), Some(tables.as_slice())].into_iter().flatten() {
        let empty = World::on(Ground::bare(engine), 1, |config| config.catalogue.starter = false);
        let mut items = 0;
        for (format, kind) in group {
            for with_base in [false, true] {
                let bytes = exported(&world, *format, *kind, with_base);
                let [added, changed, unchanged, kept] = count(&brought_in(&world, *format, &bytes));
                assert_eq!(
                    (added, changed, kept),
                    (0, 0, 0),
                    "{format:?} {kind:?}: where it came from, nothing changes"
                );
                assert_eq!(exported(&world, *format, *kind, with_base), bytes);
                items += if with_base { 0 } else { unchanged };
            }
            let bytes = exported(&world, *format, *kind, true);
            brought_in(&empty, *format, &bytes);
        }
        for (format, kind) in group {
            for with_base in [false, true] {
                let (here, there) =
                    (exported(&world, *format, *kind, with_base), exported(&empty, *format, *kind, with_base));
                assert!(here == there, "{format:?} {kind:?} differs:\n{}", first_difference(&here, &there));
            }
        }
        assert!(items > 320, "{items} items");
        assert_eq!(exported(&world, Format::Jsonl, None, true), exported(&empty, Format::Jsonl, None, true));
    }
}

/// The line in which two texts part, for the message.
fn first_difference(one: &[u8], other: &[u8]) -> String {
    let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
    let lines = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    lines.map_or_else(|| "one ends earlier".to_owned(), |(one, other)| format!("- {one}\n+ {other}"))
}
