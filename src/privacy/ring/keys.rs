//! The keys of a ring in memory, and their form in a file.
//! Holds always: the active key is one of the keys, ids are positive, and no error repeats what the file said.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::RingError;
use crate::privacy::envelope::frame;
use crate::privacy::secret::Secret;

/// Version of the file's form.
const VERSION: u32 = 1;

/// The keys of one ring, as they were read. A change makes a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    /// The key that seals from now on.
    pub(super) active: i32,
    /// Makes keyed hashes and the ring's check value. Rotation leaves it alone, or no account would be found again.
    pub(super) lookup: Secret,
    pub(super) by_id: BTreeMap<i32, Secret>,
}

/// The file: `{"version": 1, "active": 2, "lookup": "…", "keys": [{"id": 1, "secret": "…"}, …]}`, secrets in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    version: u32,
    active: i32,
    lookup: Secret,
    keys: Vec<FormKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormKey {
    id: i32,
    secret: Secret,
}

impl Keys {
    /// A new ring with one key.
    pub(super) fn generate() -> Self {
        Self { active: 1, lookup: Secret::random(), by_id: BTreeMap::from([(1, Secret::random())]) }
    }

    pub(super) fn active_secret(&self) -> &Secret {
        #[expect(
            clippy::expect_used,
            reason = "a ring is made, read and grown only with its active key among its keys"
        )]
        self.by_id.get(&self.active).expect("the active key")
    }

    /// This ring with one more key, which is the active one.
    pub(super) fn with_new_active(&self) -> Result<Self, RingError> {
        let newest = self.by_id.keys().next_back().copied().unwrap_or(0);
        let id = newest.checked_add(1).ok_or(RingError::Malformed("it has no id left for another key".to_owned()))?;
        let mut keys = self.clone();
        keys.by_id.insert(id, Secret::random());
        keys.active = id;
        Ok(keys)
    }

    /// Reads the form of a file or of an inline secret.
    pub(super) fn parse(text: &str) -> Result<Self, RingError> {
        let form: Form = serde_json::from_str(text).map_err(|fault| {
            // Category and place only: serde's own words may quote the input.
            RingError::Malformed(format!(
                "{:?} error at line {}, column {}",
                fault.classify(),
                fault.line(),
                fault.column()
            ))
        })?;
        let malformed = |reason: &str| Err(RingError::Malformed(reason.to_owned()));
        if form.version != VERSION {
            return malformed("its version is not one that this version of the service knows");
        }
        let count = form.keys.len();
        let by_id: BTreeMap<i32, Secret> = form.keys.into_iter().map(|key| (key.id, key.secret)).collect();
        if by_id.len() != count {
            return malformed("two of its keys have the same id");
        }
        if by_id.keys().any(|id| *id < 1) {
            return malformed("a key's id is not positive");
        }
        if !by_id.contains_key(&form.active) {
            return malformed("its active key is not among its keys");
        }
        Ok(Self { active: form.active, lookup: form.lookup, by_id })
    }

    /// The form of a file, with a line break at its end.
    pub(super) fn to_json(&self) -> Result<Zeroizing<String>, RingError> {
        let keys = self.by_id.iter().map(|(id, secret)| FormKey { id: *id, secret: secret.clone() }).collect();
        let form = Form { version: VERSION, active: self.active, lookup: self.lookup.clone(), keys };
        let mut json = Zeroizing::new(
            serde_json::to_string_pretty(&form).map_err(|fault| RingError::Malformed(fault.to_string()))?,
        );
        json.push('\n');
        Ok(json)
    }

    /// Whether this ring can stand in for `older`: the same lookup key, and every key that `older` has.
    pub(super) fn continues(&self, older: &Self) -> bool {
        self.lookup == older.lookup && older.by_id.iter().all(|(id, secret)| self.by_id.get(id) == Some(secret))
    }

    /// What a database remembers the ring by. It says nothing about a key.
    pub(super) fn check_value(&self) -> [u8; 32] {
        *self.lookup.derive(&frame("mend.check.ring.v1", &[])).bytes()
    }

    /// What a database remembers each key by.
    pub(super) fn key_checks(&self) -> impl Iterator<Item = (i32, [u8; 32])> {
        self.by_id.iter().map(|(id, secret)| (*id, *secret.derive(&frame("mend.check.key.v1", &[])).bytes()))
    }
}
