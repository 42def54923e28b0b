//! The privacy map of what curators publish. It is meant to be read; only who wrote it is about a person.

use super::Holds::{Identifier, Number, Published, Time, Word};
use super::{Erasure, Retention, Store, StoredTable, column};

pub(super) const TABLES: &[StoredTable] = &[
    CATALOGUE_ITEMS,
    CATALOGUE_REVISIONS,
    CATALOGUE_PUBLICATIONS,
    CATALOGUE_TRANSITIONS,
    MEDIA_FILES,
    ITEM_SIGNALS,
    LINK_CHECKS,
];

const CATALOGUE_ITEMS: StoredTable = StoredTable {
    store: Store::Main,
    name: "catalogue_items",
    row: "a tip, a program or another curated item",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("id", Identifier, "names the item"),
        column("kind", Word, "what it is"),
        column("slug", Published, "names the item in links"),
        column("locale", Word, "the language of the item"),
        column("status", Word, "whether it is served"),
        column("version", Number, "notices an edit that would overwrite another"),
        column("latest_revision", Number, "the newest state"),
        column("published_revision", Number, "the state that is served"),
        column("first_published_at", Time, "from then on the slug stays"),
        column("published_at", Time, "when it was last published"),
        column("created_at", Time, "when it was made"),
        column("updated_at", Time, "when it last changed"),
        column("created_by", Identifier, "the curator who made it").erased(Erasure::Unlinked),
        column("publish_at", Time, "when it will be published"),
        column("unpublish_at", Time, "when it will be taken back"),
        column("review_due_at", Time, "when it should have been reviewed again"),
        column("original_slug", Published, "what it is a translation of"),
        column("original_locale", Word, "the language that it was translated from"),
    ],
};

const CATALOGUE_REVISIONS: StoredTable = StoredTable {
    store: Store::Main,
    name: "catalogue_revisions",
    row: "one state of a curated item",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("item_id", Identifier, "the item"),
        column("number", Number, "which state it is"),
        column("saved_at", Time, "when it was written"),
        column("author", Identifier, "the curator who wrote it").erased(Erasure::Unlinked),
        column("note", Published, "what the curator says about the change"),
        column("document", Published, "the item itself; words that somebody handed over go when they take them back"),
    ],
};

const CATALOGUE_PUBLICATIONS: StoredTable = StoredTable {
    store: Store::Main,
    name: "catalogue_publications",
    row: "one moment at which a state was shown to readers",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("id", Identifier, "names the moment"),
        column("item_id", Identifier, "the item"),
        column("number", Number, "which state was shown"),
        column("published_at", Time, "when it was shown"),
        column("published_by", Identifier, "the curator who published it").erased(Erasure::Unlinked),
    ],
};

const CATALOGUE_TRANSITIONS: StoredTable = StoredTable {
    store: Store::Main,
    name: "catalogue_transitions",
    row: "one step of a curated item from draft to published",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("item_id", Identifier, "the item"),
        column("number", Number, "counts the item's steps"),
        column("revision", Number, "which state it was about"),
        column("happened_at", Time, "when it happened"),
        column("actor", Identifier, "the curator who did it").erased(Erasure::Unlinked),
        column("from_status", Word, "how far it was before"),
        column("to_status", Word, "how far it was then"),
        column("note", Published, "what the curator says about it"),
    ],
};

/// Who sent a file is not kept: the revisions that name it say who wrote them.
const MEDIA_FILES: StoredTable = StoredTable {
    store: Store::Main,
    name: "media_files",
    row: "the file of a picture that curators publish",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("sha256", Identifier, "names the file by its bytes"),
        column("content_type", Word, "what kind of picture it is"),
        column("width", Number, "so that an app can keep its place free"),
        column("height", Number, "so that an app can keep its place free"),
        column("bytes", Published, "the picture, without anything that says where or by whom it was taken"),
        column("stored_at", Time, "a file that no item names is forgotten 30 days later"),
    ],
};

/// Counts over everybody. Nobody's name stands beside a number, so that an erased account leaves nothing to find.
const ITEM_SIGNALS: StoredTable = StoredTable {
    store: Store::Main,
    name: "item_signals",
    row: "how many people said of an item that it helped or hurt them, and how many use it",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("item_id", Identifier, "the item or the step"),
        column("helpful_count", Number, "tells curators what helps, once enough people said so"),
        column("hurt_count", Number, "sends the item to review once enough people said so"),
        column("hurt_reviewed_count", Number, "how many of these a curator has looked into"),
        column("review_requested_on", Time, "the day since which the item waits for a curator"),
        column("reviewed_on", Time, "the day on which a curator last looked into it"),
        column("kept_count", Number, "tells curators what is kept, once enough people keep it"),
        column("used_count", Number, "tells curators which programs are used, once enough people use them"),
    ],
};

const LINK_CHECKS: StoredTable = StoredTable {
    store: Store::Main,
    name: "link_checks",
    row: "what an address on the web that the catalogue names was seen to answer",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("id", Identifier, "names the address"),
        column("url", Published, "the address"),
        column("checked_at", Time, "when the operator's link checker last asked it"),
        column("http_status", Number, "what it answered"),
        column("broken_since", Time, "since when it answers nothing that helps"),
    ],
};
