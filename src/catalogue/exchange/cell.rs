//! A table's cells: how a member becomes a text, and how a text that a spreadsheet would run as a formula is kept from it.
//! Holds always: what is written is read back as the same; no cell begins with a sign that starts a formula.

use serde_json::Value;

use super::node::Node;
use super::shape::Holds;

/// Between the words of a list.
const BETWEEN: char = '|';
/// Stands before a text that a spreadsheet would take for a formula; spreadsheets do not show it.
const GUARD: char = '\'';

/// Signs that start a formula in some spreadsheet, the wide forms included, and white space that hides one.
fn is_risky(sign: char) -> bool {
    matches!(sign, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// The text as it may stand in a cell. A text that begins like a guarded one is guarded too, so that it is read back.
pub(super) fn guarded(text: String) -> String {
    let is_meant = |sign| is_risky(sign) || sign == GUARD;
    if text.starts_with(is_meant) { format!("{GUARD}{text}") } else { text }
}

/// The text without its guard.
pub(super) fn unguarded(text: &str) -> &str {
    let rest = text.strip_prefix(GUARD);
    rest.filter(|rest| rest.starts_with(|sign| is_risky(sign) || sign == GUARD)).unwrap_or(text)
}

/// A member as text, not yet guarded.
///
/// # Errors
/// When it is not JSON, which no member is.
pub(super) fn text(node: &Node) -> serde_json::Result<String> {
    match node {
        Node::Plain(Value::String(text)) => Ok(text.clone()),
        Node::List(entries) => match words(entries) {
            Some(words) => Ok(words.join("|")),
            None => serde_json::to_string(node),
        },
        other => serde_json::to_string(other),
    }
}

/// The words of a list that can stand side by side.
fn words(entries: &[Node]) -> Option<Vec<&str>> {
    let words = entries.iter().map(|entry| match entry {
        Node::Plain(Value::String(word)) if !word.is_empty() && !word.contains(BETWEEN) => Some(word.as_str()),
        _ => None,
    });
    let words = words.collect::<Option<Vec<_>>>()?;
    words.first().is_some_and(|first| !first.starts_with('[')).then_some(words)
}

/// What a cell says; nothing when it should be JSON and is not.
pub(super) fn value(text: &str, holds: Holds) -> Option<Value> {
    match holds {
        Holds::Text => Some(text.into()),
        // What is no number or switch stays a text, which the schema then refuses at its place.
        Holds::Number => Some(text.trim().parse::<i64>().map_or_else(|_no_number| text.into(), Value::from)),
        Holds::Switch => {
            Some(text.trim().to_ascii_lowercase().parse::<bool>().map_or_else(|_other| text.into(), Value::from))
        }
        Holds::Words if !text.starts_with('[') => Some(text.split(BETWEEN).collect()),
        Holds::Words | Holds::Deep => crate::http::input::value(text.as_bytes()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_run_as_a_formula_is_guarded() {
        for text in ["=1+1", "+49 30", "-2", "@sum", "\tx", "\r=1", "＝1", "'=1", "''"] {
            let cell = guarded(text.to_owned());
            assert!(cell.starts_with('\''), "{text}");
            assert_eq!(unguarded(&cell), text);
        }
        assert_eq!(unguarded("'tis"), "'tis", "written by hand");
        assert_eq!(guarded("plain = text".to_owned()), "plain = text");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC*|[=+@'\\-\t\r\n|\\[a]{0,6}") {
            let cell = guarded(text.clone());
            prop_assert!(!cell.starts_with(is_risky));
            prop_assert_eq!(unguarded(&cell), text);
        }

        #[test]
        fn every_list_of_words_comes_back(list in prop::collection::vec("[=|\\[\\]\" a,]{0,4}", 1..4)) {
            let node = Node::List(list.iter().map(|word| Node::Plain(word.as_str().into())).collect());
            let cell = text(&node).unwrap();
            prop_assert_eq!(value(&cell, Holds::Words), Some(Value::from(list)));
        }
    }
}
