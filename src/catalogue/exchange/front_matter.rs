//! An item as a file: TOML between two lines of `+++`, then the text in Markdown.
//! Holds always: what is written here is read back as the same item; plain members come first, lists of tables after them.

use serde_json::Value;

use super::node::{Members, Node};

/// Tables that every item may have stand below those of its kind, in this order.
const LAST: &[&str] = &["sources", "links", "review"];
/// Short enough for one line, among the plain members.
const IN_ONE_LINE: &str = "translation_of";

/// The whole file.
#[must_use]
pub(super) fn file(mut members: Members) -> String {
    let body = members.text("body").filter(|body| is_below(body)).map(str::to_owned);
    if body.is_some() {
        members.take("body");
    }
    let mut text = String::from("+++\n");
    table(&members, &mut text);
    text.push_str("+++\n");
    if let Some(body) = body {
        text.push('\n');
        text.push_str(&body);
        text.push('\n');
    }
    text
}

/// A text is read back without the white space around it; one that has some stands in the front matter.
fn is_below(body: &str) -> bool {
    !body.is_empty() && body.trim() == body
}

/// The members of a document as TOML.
pub(super) fn table(members: &Members, text: &mut String) {
    let is_plain = |(name, node): &&(String, Node)| name == IN_ONE_LINE || !(node.is_table() || node.is_tables());
    let (plain, mut tables): (Vec<_>, Vec<_>) = members.0.iter().partition(is_plain);
    for (name, node) in plain {
        assign(name, node, text);
    }
    // The sort is stable: what belongs to the kind stays in order and comes first.
    tables.sort_by_key(|(name, _)| LAST.iter().position(|last| last == name).map_or(0, |place| place + 1));
    for (name, node) in tables {
        nested(&key(name), node, text);
    }
}

/// `[name]` or `[[name]]`; one level below, lists of tables are written out as well, what is deeper stands in one line.
fn nested(name: &str, node: &Node, text: &mut String) {
    match node {
        Node::Members(members) => {
            text.push_str(&["\n[", name, "]\n"].concat());
            let (below, here): (Vec<_>, Vec<_>) = members.0.iter().partition(|(_, node)| node.is_tables());
            for (name, node) in here {
                assign(name, node, text);
            }
            for (inner, node) in below {
                nested(&format!("{name}.{}", key(inner)), node, text);
            }
        }
        Node::List(entries) => {
            for entry in entries {
                text.push_str(&["\n[[", name, "]]\n"].concat());
                if let Node::Members(members) = entry {
                    members.0.iter().for_each(|(name, node)| assign(name, node, text));
                }
            }
        }
        Node::Plain(_) => {}
    }
}

fn assign(name: &str, node: &Node, text: &mut String) {
    text.push_str(&key(name));
    text.push_str(" = ");
    inline(node, text);
    text.push('\n');
}

fn inline(node: &Node, text: &mut String) {
    match node {
        Node::Plain(Value::String(plain)) => text.push_str(&quoted(plain)),
        Node::Plain(value) => text.push_str(&value.to_string()),
        Node::List(entries) => {
            text.push('[');
            for (index, entry) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                inline(entry, text);
            }
            text.push(']');
        }
        Node::Members(members) => {
            text.push_str("{ ");
            for (index, (name, node)) in members.0.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(&key(name));
                text.push_str(" = ");
                inline(node, text);
            }
            text.push_str(" }");
        }
    }
}

/// A key, in quotes where TOML needs them.
pub(super) fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_bare { name.to_owned() } else { quoted(name) }
}

/// A basic string of one line. JSON's escapes are all TOML's too; TOML also wants DEL escaped.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}
