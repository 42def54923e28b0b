//! What a curator sent, read and held to the schema and to the rules for every saved state.
//! Holds always: members that only the service writes are ignored, members that nobody knows are refused.

use serde_json::Value;

use crate::catalogue::any_document::AnyDocument;
use crate::catalogue::item::READ_ONLY;
use crate::catalogue::kinds::Registered;
use crate::database::Id;
use crate::http::problem::Problem;

/// An item as it was sent.
pub(super) struct Sent {
    pub(super) id: Option<Id>,
    pub(super) version: Option<i64>,
    /// What the author says about the change.
    pub(super) note: Option<String>,
    pub(super) document: Box<dyn AnyDocument>,
}

impl Sent {
    pub(super) fn read(kind: &Registered, mut value: Value) -> Result<Self, Problem> {
        if let Some(members) = value.as_object_mut() {
            // Null and absent mean the same: not said.
            members.retain(|name, member| !member.is_null() && !READ_ONLY.contains(&name.as_str()));
        }
        let word = |name| value.get(name).and_then(Value::as_str);
        let (id, note) = (word("id").map(str::parse).transpose(), word("change_note").map(str::to_owned));
        let version = value.get("version").and_then(Value::as_i64);
        // First the schema: it knows better what is wrong with an id that is none.
        let document = kind.read(value)?;
        let id =
            id.map_err(|_no_id| Problem::invalid("/id", "wrong_format", "An id is a UUID in its hyphenated form."))?;
        Ok(Self { id, version, note, document })
    }
}
