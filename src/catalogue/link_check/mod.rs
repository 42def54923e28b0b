//! Link check: which addresses on the web the catalogue sends people to, where each stands, and whether it still answers.
//! Holds always: this service asks no address itself; an operator's link checker does, and what it was answered is recorded
//! here. An address that leaves the catalogue leaves the list.

pub mod operations;
pub mod record;
pub mod shapes;

use pulldown_cmark::{Event, Parser, Tag, TagEnd, TextMergeStream};
use serde_json::Value;

use super::kind::OnDay;
use super::kinds::Kinds;
use super::loading;
use super::snapshot::{Loaded, Snapshot};
use crate::database::{Connection, Failure, Id, Timestamp};

/// What every address in the catalogue begins with; others are not published.
const SCHEME: &str = "https://";

/// An address, and one place in which it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    pub url: String,
    /// The plural of the item's kind.
    pub kind: &'static str,
    pub locale: String,
    pub slug: String,
    /// JSON Pointer to the member that holds it.
    pub pointer: String,
    pub item_id: Id,
    pub title: String,
}

/// Every address of what is published, by address.
///
/// # Errors
/// Database failures.
pub fn published(connection: &mut Connection, kinds: &Kinds, now: Timestamp) -> Result<Vec<Placed>, Failure> {
    Ok(all(&loading::load(connection, kinds, &[], now.to_utc().date_naive())?))
}

/// Every address of a snapshot, by address. What is over by then is not among them.
#[must_use]
pub fn all(snapshot: &Snapshot) -> Vec<Placed> {
    let is_shown = |item: &&std::sync::Arc<Loaded>| !matches!(item.document.on_day(snapshot.day()), OnDay::Over);
    let mut found: Vec<Placed> = snapshot.loaded().iter().filter(is_shown).flat_map(|item| of_item(item)).collect();
    found.sort();
    found
}

fn of_item(item: &Loaded) -> Vec<Placed> {
    // Most items have none, and the text of a document is made faster than its members.
    let has_any = item.document.text().is_ok_and(|text| text.contains(SCHEME));
    let Some(value) = has_any.then(|| item.document.value().ok()).flatten() else { return Vec::new() };
    let mut found = Vec::new();
    walk(&value, "", &mut found);
    let header = item.document.header();
    let placed = |(pointer, url)| Placed {
        url,
        kind: item.kind,
        locale: header.locale.clone(),
        slug: header.slug.clone(),
        pointer,
        item_id: item.id,
        title: header.title.clone(),
    };
    found.into_iter().map(placed).collect()
}

/// Adds the addresses in the texts of a document, each with its pointer. Members' names need no escaping in a pointer.
fn walk(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| walk(value, &format!("{pointer}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, &format!("{pointer}/{index}"), found));
        }
        Value::String(text) => found.extend(addresses(text).into_iter().map(|url| (pointer.to_owned(), url))),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The addresses in a text, whether it is one, links to them in Markdown, or names them in a sentence.
fn addresses(text: &str) -> Vec<String> {
    if !text.contains(SCHEME) {
        return Vec::new();
    }
    if text.starts_with(SCHEME) && !text.contains(char::is_whitespace) {
        return vec![text.to_owned()];
    }
    let (mut found, mut in_link) = (Vec::new(), false);
    for event in TextMergeStream::new(Parser::new(text)) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                in_link = true;
                found.extend(Some(dest_url.to_string()).filter(|url| url.starts_with(SCHEME)));
            }
            Event::End(TagEnd::Link) => in_link = false,
            Event::Text(words) if !in_link => found.extend(words.split_whitespace().filter_map(named)),
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The address in a word of a sentence, without the sentence's marks around it.
fn named(word: &str) -> Option<String> {
    let from = word.get(word.find(SCHEME)?..)?;
    Some(from.trim_end_matches(|mark: char| ".,;:!?)]}>\"'”’»".contains(mark)).to_owned())
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_found_in_whatever_form_they_stand() {
        let found = |text: &str| addresses(text).join(" ");
        assert_eq!(found("https://example.org/a_b_c?d=1#e"), "https://example.org/a_b_c?d=1#e");
        assert_eq!(
            found("See [one](https://example.org/1) and <https://example.org/2>."),
            "https://example.org/1 https://example.org/2"
        );
        assert_eq!(found("[a][b]\n\n[b]: https://example.org/b"), "https://example.org/b");
        assert_eq!(found("It is (https://example.org/a_b_c), they say."), "https://example.org/a_b_c");
        assert_eq!(found("[https://example.org/shown](https://example.org/real)"), "https://example.org/real");
        assert_eq!(found("Nothing at http://example.org or example.org."), "");
    }
}
