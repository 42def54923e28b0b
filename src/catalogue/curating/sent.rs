//! What a curator sent, read and held to the schema and to the rules for every saved state.
//! Holds always: members that only the service writes are ignored, members that nobody knows are refused.

use serde_json::Value;

use crate::catalogue::document::Document;
use crate::catalogue::item::READ_ONLY;
use crate::catalogue::kind::Kind;
use crate::catalogue::schema::Input;
use crate::database::Id;
use crate::http::input::{self, Strict};
use crate::http::problem::Problem;

/// An item as it was sent.
pub(super) struct Sent<K> {
    pub(super) id: Option<Id>,
    pub(super) version: Option<i64>,
    /// What the author says about the change.
    pub(super) note: Option<String>,
    pub(super) document: Document<K>,
}

impl<K: Kind> Sent<K> {
    pub(super) fn read(mut value: Value) -> Result<Self, Problem> {
        if let Some(members) = value.as_object_mut() {
            // Null and absent mean the same: not said.
            members.retain(|name, member| !member.is_null() && !READ_ONLY.contains(&name.as_str()));
        }
        input::check::<Input<K>>(&value, Strict::Whole)?;
        let id = value.get("id").and_then(Value::as_str).map(str::parse).transpose();
        let id =
            id.map_err(|_no_id| Problem::invalid("/id", "wrong_format", "An id is a UUID in its hyphenated form."))?;
        let version = value.get("version").and_then(Value::as_i64);
        let note = value.get("change_note").and_then(Value::as_str).map(str::to_owned);
        Ok(Self { id, version, note, document: input::typed(value)? })
    }
}
