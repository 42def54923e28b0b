//! The tables of what curators publish.
//! Holds always: nothing here is private; who read an item is not kept.

#![allow(clippy::wildcard_imports, reason = "diesel's `table!` wants every SQL type in scope")]

use diesel::table;

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// One row a curated item. `published_revision` is what is served; `latest_revision` what curators edit.
    catalogue_items (id) {
        id -> Id,
        kind -> Text,
        slug -> Text,
        locale -> Text,
        /// How far the latest revision has come: a word of `ItemStatus`.
        status -> Text,
        version -> BigInt,
        latest_revision -> BigInt,
        published_revision -> Nullable<BigInt>,
        /// When it was first published; from then on the slug never changes.
        first_published_at -> Nullable<BigInt>,
        published_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        created_by -> Nullable<Id>,
        /// When the clock publishes the latest revision; only while it is scheduled.
        publish_at -> Nullable<BigInt>,
        /// When the clock takes it back from readers.
        unpublish_at -> Nullable<BigInt>,
        /// From when on the review of the latest revision is overdue.
        review_due_at -> Nullable<BigInt>,
        /// What the latest revision is a translation of: an item of the same kind.
        original_slug -> Nullable<Text>,
        original_locale -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Every state an item ever had; never changed, and deleted only where its writer took the words back.
    catalogue_revisions (item_id, number) {
        item_id -> Id,
        number -> BigInt,
        saved_at -> BigInt,
        author -> Nullable<Id>,
        note -> Nullable<Text>,
        /// The item's document as JSON, in the clear: it is meant to be read.
        document -> Text,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Which revision of an item was published when, and by whom; append-only. Only these revisions may be read by readers.
    catalogue_publications (id) {
        id -> Id,
        item_id -> Id,
        number -> BigInt,
        published_at -> BigInt,
        published_by -> Nullable<Id>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// Every state that an item entered: who took it there, when, and why; append-only.
    catalogue_transitions (item_id, number) {
        item_id -> Id,
        number -> BigInt,
        /// The latest revision at that moment.
        revision -> BigInt,
        happened_at -> BigInt,
        /// Nobody: the clock, starter content, or the command line.
        actor -> Nullable<Id>,
        from_status -> Nullable<Text>,
        to_status -> Text,
        note -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// What an address in the catalogue answered when the operator's link checker last asked. The id follows from the address.
    link_checks (id) {
        id -> Id,
        url -> Text,
        checked_at -> BigInt,
        /// 0: nobody answered.
        http_status -> Integer,
        /// The first of the checks in a row that failed.
        broken_since -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::database::ids::sql_types::*;
    /// The bytes of pictures, each file once; readers get it while a published item is about it.
    media_files (sha256) {
        /// In hexadecimal digits.
        sha256 -> Text,
        content_type -> Text,
        width -> Integer,
        height -> Integer,
        bytes -> Bytes,
        /// When it was last sent.
        stored_at -> BigInt,
    }
}
