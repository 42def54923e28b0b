//! Search: what is found, in which order, in which view, and page after page while the catalogue changes.

use actix_web::test::TestRequest;
use proptest::prelude::*;
use serde_json::Value;

use super::kind::{Note, kinds, loaded, note, today};
use crate::catalogue::document::Document;
use crate::catalogue::search::Question;
use crate::catalogue::snapshot::Snapshot;
use crate::catalogue::vocabulary::{Contraindication, Nudge, Topic};
use crate::catalogue::{Sight, View};
use crate::http::problem::Problem;

fn ask(query: &str) -> Result<Question, Problem> {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query.split('&').filter_map(|pair| pair.split_once('=')))
        .finish();
    Question::read(&TestRequest::with_uri(&format!("/v1/search?{query}")).to_http_request(), &kinds())
}

fn shelf(notes: Vec<Document<Note>>) -> Snapshot {
    Snapshot::build(1, &kinds(), loaded(notes), today())
}

fn text(slug: &str, title: &str, summary: &str, body: &str) -> Document<Note> {
    let mut note = note(slug, &[], &[]);
    note.header.title = title.to_owned();
    note.header.summary = Some(summary.to_owned());
    note.own.body = Some(body.to_owned());
    note
}

fn hits(snapshot: &Snapshot, view: View, query: &str) -> (Vec<Value>, Option<String>) {
    let page = snapshot.index().unwrap().find(&Sight::of(view), snapshot, &ask(query).unwrap()).unwrap();
    (page.items.iter().map(|item| serde_json::to_value(item).unwrap()).collect(), page.next_cursor)
}

fn slugs(snapshot: &Snapshot, query: &str) -> Vec<String> {
    let found = hits(snapshot, View::Everything, query).0;
    found.iter().map(|hit| hit["item"]["slug"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_best_match_comes_first() {
    let snapshot = shelf(vec![
        text("in-body", "Quiet days", "In short.", "Sometimes a lantern helps. A lantern, a lantern, a lantern."),
        text("in-summary", "Bright days", "A lantern in short.", "Text."),
        text("in-title", "Zest and a lantern", "In short.", "Text."),
        text("other-ending", "Lanterns", "In short.", "Text."),
        text("as-beginning", "Lanternfish", "In short.", "Text."),
        text("elsewhere", "Nothing of it", "In short.", "Text."),
    ]);
    let expected = ["in-title", "in-summary", "in-body", "other-ending", "as-beginning"];
    assert_eq!(slugs(&snapshot, "q=lantern"), expected);
    assert_eq!(slugs(&snapshot, "q=LÁNTERN"), expected, "case and accents do not matter");
    // Nobody wrote it so: a slip is forgiven, and only then.
    assert_eq!(slugs(&snapshot, "q=lantren"), ["in-title", "in-summary", "in-body"]);
    assert_eq!(slugs(&snapshot, "q=lanternfsh"), ["as-beginning", "other-ending"]);
    // All words before all words but one.
    assert_eq!(
        slugs(&snapshot, "q=quiet lantern"),
        ["in-body", "in-summary", "as-beginning", "other-ending", "in-title"]
    );
    assert_eq!(slugs(&snapshot, "q=xyzzyxyzzy"), Vec::<String>::new());
    for nothing in ["q=***", "q=\"\" ()", "q=-"] {
        assert_eq!(slugs(&snapshot, nothing), Vec::<String>::new(), "{nothing}");
    }
}

#[test]
fn endings_are_understood_in_english_only() {
    let mut german = text("de", "Grenzen", "Kurz.", "Walking heißt gehen.");
    german.header.locale = "de".to_owned();
    let snapshot = shelf(vec![text("en", "Walking away", "In short.", "Text."), german]);
    assert_eq!(slugs(&snapshot, "q=walked away"), ["en"]);
    assert_eq!(slugs(&snapshot, "q=walked"), ["en"], "another ending, in English");
    assert_eq!(slugs(&snapshot, "q=walked&locale=de"), Vec::<String>::new());
    assert_eq!(slugs(&snapshot, "q=walking"), ["en", "de"], "titles first, in every language");
    assert_eq!(slugs(&snapshot, "q=walking&locale=de"), ["de"]);
    assert_eq!(slugs(&snapshot, "q=grenzne"), ["de"]);
}

#[test]
fn what_was_found_is_marked_in_plain_text() {
    let snapshot = shelf(vec![text("one", "A <b>calm</b> no", "Say no.", "One. Two *calm* words.\u{2}")]);
    let (found, _) = hits(&snapshot, View::Everything, "q=calm no");
    let pieces = |field: &str| {
        let pieces = found[0]["highlights"][field].as_array().unwrap().iter();
        let shown = pieces.map(|piece| {
            let text = piece["text"].as_str().unwrap();
            if piece["found"] == true { format!("[{text}]") } else { text.to_owned() }
        });
        shown.collect::<String>()
    };
    assert_eq!(pieces("title"), "A <b>[calm]</b> [no]");
    assert_eq!(pieces("summary"), "Say [no].");
    assert!(pieces("text").contains("One. Two [calm] words."), "{}", pieces("text"));
    assert_eq!(
        (&found[0]["item"]["guard"], &found[0]["item"]["kind"]),
        (&"Stop when you like.".into(), &"note".into())
    );
}

#[test]
fn questions_are_refused_by_name() {
    for (query, pointer) in [
        ("q=", "?q"),
        ("q=a&q=b", "?q"),
        ("kind=nothing", "?kind"),
        ("topics=gardening", "?topics"),
        ("sort=title", "?sort"),
        ("colour=red", "?colour"),
        ("limit=0", "?limit"),
    ] {
        let problem = ask(query).unwrap_err();
        assert_eq!(
            (problem.code().as_str(), problem.fault_list()[0].pointer.as_str()),
            ("invalid_query", pointer),
            "{query}"
        );
    }
    assert_eq!(ask(&format!("q={}", "a".repeat(201))).unwrap_err().code().as_str(), "invalid_query");
    assert!(ask(&format!("q={}&kind=note&kind=piece", "a".repeat(200))).is_ok());
    let snapshot = shelf((0..5).map(|number| text(&format!("n-{number}"), "Calm", "Calm.", "Calm.")).collect());
    let (_, next) = hits(&snapshot, View::Everything, "q=calm&limit=2");
    let next = next.unwrap();
    assert!(ask(&format!("q=calm&limit=3&cursor={next}")).is_ok());
    for other in ["q=calmer", "q=calm&kind=note", "q=calm&locale=en", "q=calm&topics=grief", "kind=note"] {
        assert_eq!(ask(&format!("{other}&cursor={next}")).unwrap_err().code().as_str(), "invalid_cursor", "{other}");
    }
}

/// Titles, summaries and bodies of a few words, so that the same ones meet in every place.
fn some_text() -> impl Strategy<Value = String> {
    let words = ["calm", "calmly", "clam", "calmness", "quiet", "no", "mother", "the"];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 1..5).prop_map(|words| words.join(" "))
}

fn some_notes() -> impl Strategy<Value = Vec<Document<Note>>> {
    let pushes = proptest::option::weighted(0.3, proptest::sample::select(Nudge::ALL.to_vec()));
    let harms = proptest::option::weighted(0.2, proptest::sample::select(Contraindication::ALL.to_vec()));
    let one = (some_text(), some_text(), some_text(), pushes, harms, any::<bool>());
    proptest::collection::vec(one, 1..14).prop_map(|notes| {
        let build = |(number, (title, summary, body, nudge, wrong_for, grief)): (
            usize,
            (String, String, String, _, _, bool),
        )| {
            let mut made = text(&format!("note-{number}"), &title, &summary, &body);
            made.header.nudges = Option::into_iter(nudge).collect();
            made.header.contraindications = Option::into_iter(wrong_for).collect();
            made.header.topics = if grief { vec![Topic::Grief] } else { Vec::new() };
            made
        };
        notes.into_iter().enumerate().map(build).collect()
    })
}

const QUESTIONS: [&str; 7] =
    ["q=calm", "q=calm mother", "q=cal", "q=quite", "q=no calm quiet", "q=calm&topics=grief", "topics=grief"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Pages of any size are the same list, also when something else is published between any two of them.
    #[test]
    fn a_publication_between_pages_neither_repeats_nor_misses(notes in some_notes(), more in some_notes(), limit in 1_usize..5) {
        let before = shelf(notes.clone());
        let added = more.into_iter().enumerate().map(|(number, mut note)| {
            note.header.slug = format!("more-{number}");
            note
        });
        let after = shelf(notes.into_iter().chain(added).collect());
        for question in QUESTIONS {
            let whole = slugs(&before, &format!("{question}&limit=100"));
            let (mut paged, mut next, mut turn) = (Vec::new(), None::<String>, 0);
            loop {
                let cursor = next.map_or_else(String::new, |next| format!("&cursor={next}"));
                let snapshot = if turn % 2 == 0 { &before } else { &after };
                let (found, following) = hits(snapshot, View::Everything, &format!("{question}&limit={limit}{cursor}"));
                prop_assert!(found.len() <= limit);
                paged.extend(found.iter().map(|hit| hit["item"]["slug"].as_str().unwrap().to_owned()));
                (next, turn) = (following, turn + 1);
                if next.is_none() {
                    break;
                }
            }
            paged.retain(|slug| slug.starts_with("note-"));
            prop_assert_eq!(&paged, &whole, "{}", question);
        }
    }

    /// The filter is inside: what the restricted view finds is what it would find were nothing else published.
    #[test]
    fn the_restricted_view_finds_as_if_nothing_else_were_there(notes in some_notes()) {
        let snapshot = shelf(notes.clone());
        let safe = shelf(notes.into_iter().filter(|note| note.header.without_outreach()).collect());
        for question in QUESTIONS {
            for limit in [2, 100] {
                let question = format!("{question}&limit={limit}");
                let (found, expected) = (hits(&snapshot, View::NoOutreach, &question), hits(&safe, View::Everything, &question));
                prop_assert_eq!(found, expected, "{}", question);
            }
        }
    }
}
