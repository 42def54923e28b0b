//! The tables as diesel sees them: what a person keeps here, what curators publish in `catalogue`. Both engines have the same names, orders and meanings; see `migrations/`.
//! Holds always: no column here holds private text in the clear, and every column stands in the privacy map.

#![allow(clippy::wildcard_imports, reason = "diesel's `table!` wants every SQL type in scope")]

mod catalogue;
pub mod keystore;

use diesel::table;

pub use catalogue::{
    catalogue_items, catalogue_publications, catalogue_revisions, catalogue_transitions, link_checks, media_files,
};

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Facts about this database itself: the key ring's check value, the catalogue's version, the starter content's digest.
    facts (name) { name -> Text, value -> Bytes, updated_at -> BigInt, }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One row a person. The address is sealed and found by a keyed hash.
    accounts (id) {
        id -> Id,
        email_lookup -> Bytes,
        email_sealed -> Bytes,
        /// The argon2id PHC string, sealed with the key ring.
        password_sealed -> Bytes,
        /// The display name, sealed; null when none was given.
        name_sealed -> Nullable<Bytes>,
        /// user, curator or admin.
        role -> Text,
        /// active or suspended.
        status -> Text,
        /// 1 when no content that pushes towards contact may reach this person. Says nothing of why.
        no_outreach -> SmallInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        password_changed_at -> BigInt,
        /// Raised when records change that shape how this person sees the catalogue. Says nothing of what changed.
        sight_version -> BigInt,
        /// 1 when the person opened the safety filter by their own act, and no record closed it since.
        outreach_opened -> SmallInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One row a sign-in. Also its refresh family: `generation` counts rotations, only the hash of the current token is kept.
    sessions (id) {
        id -> Id,
        account_id -> Id,
        created_at -> BigInt,
        authenticated_at -> BigInt,
        /// How the person proved themselves, space-separated (RFC 8176): pwd, later otp.
        amr -> Text,
        /// A label the client gave, sealed; null when none.
        label_sealed -> Nullable<Bytes>,
        last_used_at -> BigInt,
        expires_at -> BigInt,
        absolute_expires_at -> BigInt,
        generation -> BigInt,
        refresh_hash -> Bytes,
        rotated_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Append-only (triggers refuse update and delete): what happened to an account's security.
    security_events (id) {
        id -> Id,
        account_id -> Nullable<Id>,
        session_id -> Nullable<Id>,
        happened_at -> BigInt,
        kind -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Counters of attempts. The bucket is a keyed hash of what is counted (account, account and device, address).
    attempt_counters (bucket) {
        bucket -> Bytes,
        attempts -> BigInt,
        window_started_at -> BigInt,
        blocked_until -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One row an owner: the change sequence (raised first in each writing transaction), the epoch, and what is kept.
    owner_heads (owner) {
        owner -> Id,
        epoch -> BigInt,
        sequence -> BigInt,
        live_count -> BigInt,
        trashed_count -> BigInt,
        /// Bytes of sealed documents and revisions together.
        stored_bytes -> BigInt,
        /// 1 when a record that withheld outreach content was swept from the trash: the account's flag stays.
        outreach_withheld -> SmallInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One row a kind of sweep: which node works on it, until when, and when it was last done.
    sweeps (task) {
        task -> Text,
        holder -> Nullable<Id>,
        /// By the clock that the nodes share.
        held_until -> BigInt,
        /// By the clock of the node that swept.
        swept_at -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One sealed document a record. Live: `trashed_at` and `purged_at` null. Trashed: `trashed_at` set. Purged (tombstone): document null.
    records (owner, id) {
        owner -> Id,
        id -> Id,
        collection -> Text,
        parent -> Nullable<Id>,
        sequence -> BigInt,
        version -> BigInt,
        /// Version of the document's shape.
        shape -> SmallInt,
        /// The day the record is about: days since 1970-01-01; null when it is about none.
        day -> Nullable<Integer>,
        created_at -> BigInt,
        updated_at -> BigInt,
        trashed_at -> Nullable<BigInt>,
        /// The record whose deletion took this one along (its own id when it was deleted itself).
        trashed_with -> Nullable<Id>,
        purged_at -> Nullable<BigInt>,
        data_key -> Nullable<Id>,
        document -> Nullable<Bytes>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// What a record said before each change, sealed like the record.
    record_revisions (owner, record_id, version) {
        owner -> Id,
        record_id -> Id,
        version -> BigInt,
        shape -> SmallInt,
        saved_at -> BigInt,
        data_key -> Id,
        document -> Bytes,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// The answer to a create with an Idempotency-Key, written in the same transaction as its effect. Both hashes are keyed.
    idempotency_keys (owner, key_hash) {
        owner -> Id,
        key_hash -> Bytes,
        request_hash -> Bytes,
        status -> SmallInt,
        /// Headers that are part of the answer (ETag, Location) and the body, sealed.
        answer_sealed -> Bytes,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// How many people said of an item, or of a step, that it helped or hurt them, and how many use it. Who did is in
    /// their sealed records only.
    item_signals (item_id) {
        item_id -> Id,
        helpful_count -> BigInt,
        hurt_count -> BigInt,
        /// How many of `hurt_count` a curator has looked into.
        hurt_reviewed_count -> BigInt,
        /// Days since 1970-01-01.
        review_requested_on -> Nullable<Integer>,
        /// Days since 1970-01-01.
        reviewed_on -> Nullable<Integer>,
        /// How many people keep it as a favourite.
        kept_count -> BigInt,
        /// How many people have a run of it; for programs.
        used_count -> BigInt,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One row for what somebody handed over to be published. Its words are sealed with the key ring, since curators read them.
    submissions (id) {
        id -> Id,
        account_id -> Id,
        /// waiting, accepted, declined or withdrawn.
        status -> Text,
        version -> BigInt,
        /// The edition of the terms that the person agreed to.
        consent_edition -> Integer,
        /// Null once it was taken back.
        content_sealed -> Nullable<Bytes>,
        reason -> Nullable<Text>,
        note_sealed -> Nullable<Bytes>,
        /// The item that was made of it.
        item_id -> Nullable<Id>,
        decided_by -> Nullable<Id>,
        created_at -> BigInt,
        updated_at -> BigInt,
        /// When it was declined or taken back.
        ended_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    facts,
    accounts,
    sessions,
    security_events,
    attempt_counters,
    owner_heads,
    records,
    record_revisions,
    idempotency_keys,
    catalogue_items,
    catalogue_revisions,
    catalogue_publications,
    catalogue_transitions,
    media_files,
    item_signals,
    submissions,
);
