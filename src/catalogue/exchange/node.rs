//! A document as it is written into an export: members in the order of their schema.
//! Holds always: the same document gives the same bytes, on every node and in every release that has the same schema.

use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A value with its members in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A text, a number or a switch; never null.
    Plain(Value),
    List(Vec<Self>),
    Members(Members),
}

/// Members in order, each name once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members(pub Vec<(String, Node)>);

impl Members {
    /// The member of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    /// Takes the member of this name out.
    pub fn take(&mut self, name: &str) -> Option<Node> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    /// The text of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Node::Plain(Value::String(text))) => Some(text),
            _ => None,
        }
    }

    /// Adds a text at the end.
    pub fn add(&mut self, name: &str, text: impl Into<String>) {
        self.0.push((name.to_owned(), Node::Plain(Value::String(text.into()))));
    }
}

impl Node {
    /// Whether it is a list of members.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(self, Self::Members(_))
    }

    /// Whether it is a list of tables, and not empty.
    #[must_use]
    pub fn is_tables(&self) -> bool {
        matches!(self, Self::List(entries) if !entries.is_empty() && entries.iter().all(Self::is_table))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::List(entries) => {
                let mut list = serializer.serialize_seq(Some(entries.len()))?;
                entries.iter().try_for_each(|entry| list.serialize_element(entry))?;
                list.end()
            }
            Self::Members(members) => members.serialize(serializer),
        }
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, node)| map.serialize_entry(name, node))?;
        map.end()
    }
}
