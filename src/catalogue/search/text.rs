//! What is searched of an item: its own prose as plain text, whatever its kind.
//! Holds always: it is plain text without markup, and without control characters but line ends.

use pulldown_cmark::{Event, Parser};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Members that speak of other items, of the publishing, or of whom the item is wrong for, wherever they stand: who looks
/// for abuse must not be led to what is wrong for those who were abused.
const ABOUT_OTHERS: &[&str] =
    &["links", "guards", "review", "program", "note", "publisher", "locale", "language", "url", "guard", "not_for"];
/// Members of the item itself that are searched on their own.
const ON_THEIR_OWN: &[&str] = &["title", "summary"];
/// What Markdown is made of. A text without any of these is plain already.
const MARKUP: &[char] = &['*', '_', '`', '#', '[', '<', '>', '\\', '&', '\n'];

/// The prose of an item's or part's JSON without its title and summary, and without the parts that it holds, which are
/// searched by themselves.
pub(super) fn prose(json: &[u8], parts: Option<&str>) -> serde_json::Result<String> {
    let mut text = String::with_capacity(json.len() / 2);
    let mut source = serde_json::Deserializer::from_slice(json);
    Prose { text: &mut text, parts, at_top: true }.deserialize(&mut source)?;
    Ok(text)
}

/// A line of text without control characters.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Collects texts while JSON is read, without keeping the JSON.
struct Prose<'a> {
    text: &'a mut String,
    parts: Option<&'a str>,
    at_top: bool,
}

impl Prose<'_> {
    fn below(&mut self) -> Prose<'_> {
        Prose { text: self.text, parts: self.parts, at_top: false }
    }

    fn push(&mut self, text: &str) {
        if is_word_of_a_vocabulary(text) || text.starts_with("https://") {
            return;
        }
        if text.contains(MARKUP) {
            for event in Parser::new(text) {
                match event {
                    Event::Text(piece) | Event::Code(piece) => self.push_plain(&piece),
                    Event::SoftBreak | Event::HardBreak => self.text.push(' '),
                    Event::End(tag) if !is_within_a_line(tag) => self.end_line(),
                    _ => {}
                }
            }
        } else {
            self.push_plain(text);
        }
        self.end_line();
    }

    fn push_plain(&mut self, text: &str) {
        self.text.extend(text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }));
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

fn is_within_a_line(tag: pulldown_cmark::TagEnd) -> bool {
    use pulldown_cmark::TagEnd::{Emphasis, Link, Strikethrough, Strong};
    matches!(tag, Emphasis | Strong | Strikethrough | Link)
}

/// `keep_peace`, a slug, an id, a date: words for machines.
fn is_word_of_a_vocabulary(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
}

impl<'de> DeserializeSeed<'de> for Prose<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Prose<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.push(text);
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self.below())?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(searched) = members.next_key_seed(Name { parts: self.parts, at_top: self.at_top })? {
            if searched {
                members.next_value_seed(self.below())?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Reads a member's name: whether its value is searched.
struct Name<'a> {
    parts: Option<&'a str>,
    at_top: bool,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<bool, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        let elsewhere = self.at_top && (ON_THEIR_OWN.contains(&name) || self.parts == Some(name));
        let instant = name.ends_with("_at") || name.ends_with("_on");
        Ok(!elsewhere && !instant && !ABOUT_OTHERS.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::prose;

    #[test]
    fn prose_is_what_a_person_reads() {
        let item = json!({
            "id": "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f", "kind": "tip", "published_at": "2026-05-10T18:30:00Z",
            "title": "A title", "summary": "In short.", "stance": "keep_peace", "minutes": 10, "not_for": "Nobody.",
            "body": "# Small things\n\nSay it *early*, in one\nsentence: [a page](https://example.org/).\n\n- one\n- two & three",
            "steps": [{"title": "Elsewhere"}], "links": [{"title": "Another item"}], "guards": [{"title": "One more", "text": "Stop."}],
            "sources": [{"title": "A Book", "author": "An Author", "note": "An opinion", "published_on": "2024"}],
            "slots": [{"title": "What happened", "example": "a\u{2}b\u{3}c\td"}],
        });
        let text = prose(item.to_string().as_bytes(), Some("steps")).unwrap();
        assert_eq!(
            text,
            "Small things\nSay it early, in one sentence: a page.\none\ntwo & three\na b c d\nWhat happened\nAn Author\nA Book\n"
        );
    }
}
