//! The keystore's tables. It is a database of its own; see `privacy::keystore`.
//! Holds always: nothing here says what a key opens.

#![allow(clippy::wildcard_imports, reason = "diesel's `table!` wants every SQL type in scope")]

use diesel::table;

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Wrapped data keys. A missing row is a destroyed key: what it sealed is gone for good.
    data_keys (owner, id) {
        owner -> Id,
        id -> Id,
        /// Which key of the ring wraps it.
        ring_key -> Integer,
        wrapped -> Bytes,
        created_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// The erasure ledger: keys that are gone for good, and that no restored backup may bring back.
    destroyed_keys (owner, id, created_at) {
        owner -> Id,
        id -> Id,
        /// When the key was made: an owner's next key has the same place.
        created_at -> BigInt,
        destroyed_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Facts about the keystore itself: the id that binds it to its database.
    keystore_facts (name) { name -> Text, value -> Bytes, }
}
