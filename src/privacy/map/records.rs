//! The privacy map of what a person writes: sealed documents, their history, and the order of changes.

use super::Holds::{Identifier, KeyedHash, Number, Sealed, Time, Word};
use super::{Erasure, Retention, Store, StoredTable, column};

pub(super) const TABLES: &[StoredTable] = &[OWNER_HEADS, RECORDS, RECORD_REVISIONS, IDEMPOTENCY_KEYS];

const OWNER_HEADS: StoredTable = StoredTable {
    store: Store::Main,
    name: "owner_heads",
    row: "how much a person keeps, and the order of their changes",
    retention: Retention::Account,
    erasure: Erasure::Deleted,
    columns: &[
        column("owner", Identifier, "whose it is"),
        column("epoch", Number, "tells devices to start over after a backup was restored"),
        column("sequence", Number, "puts the person's changes in order, for their devices"),
        column("live_count", Number, "keeps one person within a fair share").exported(),
        column("trashed_count", Number, "keeps one person within a fair share").exported(),
        column("stored_bytes", Number, "keeps one person within a fair share").exported(),
        column(
            "outreach_withheld",
            Number,
            "keeps content that pushes towards contact away after the record that said so was deleted; says nothing of why",
        )
        .exported(),
    ],
};

const RECORDS: StoredTable = StoredTable {
    store: Store::Main,
    name: "records",
    row: "something a person wrote; after it is purged only that there was something",
    retention: Retention::Account,
    erasure: Erasure::Deleted,
    columns: &[
        column("owner", Identifier, "whose it is; nobody else can read it, in any role"),
        column("id", Identifier, "names the record").exported(),
        column("collection", Word, "which kind of record it is").exported(),
        column("parent", Identifier, "the record it belongs to and is deleted with").exported(),
        column("sequence", Number, "the order of the person's changes, for their devices"),
        column("version", Number, "notices an edit that would overwrite another").exported(),
        column("shape", Number, "which version of the service wrote the document"),
        column("day", Time, "lists records by the day they are about").exported().kept(Retention::Record),
        column("created_at", Time, "lists records by age").exported(),
        column("updated_at", Time, "shows when it last changed").exported(),
        column("trashed_at", Time, "deletes it for good after 30 days in the trash").exported(),
        column("trashed_with", Identifier, "restores what was deleted together, together"),
        column("purged_at", Time, "tells the person's devices that it is gone"),
        column("data_key", Identifier, "which key opens the document").kept(Retention::Record),
        column("document", Sealed, "what the person wrote, for them to read again").exported().kept(Retention::Record),
    ],
};

const RECORD_REVISIONS: StoredTable = StoredTable {
    store: Store::Main,
    name: "record_revisions",
    row: "what a record said before it was changed",
    retention: Retention::Record,
    erasure: Erasure::Deleted,
    columns: &[
        column("owner", Identifier, "whose it is"),
        column("record_id", Identifier, "the record it is an earlier state of").exported(),
        column("version", Number, "which state it is").exported(),
        column("shape", Number, "which version of the service wrote the document"),
        column("saved_at", Time, "when it was written").exported(),
        column("data_key", Identifier, "which key opens the document"),
        column("document", Sealed, "what the person wrote, for them to read and take back").exported(),
    ],
};

const IDEMPOTENCY_KEYS: StoredTable = StoredTable {
    store: Store::Main,
    name: "idempotency_keys",
    row: "the answer to a request that may be repeated when its answer was lost",
    retention: Retention::Days(1),
    erasure: Erasure::Deleted,
    columns: &[
        column("owner", Identifier, "whose request it was"),
        column("key_hash", KeyedHash, "knows the repeated request again"),
        column("request_hash", KeyedHash, "refuses another request under the same key"),
        column("status", Number, "the answer's status"),
        column("answer_sealed", Sealed, "the answer itself"),
        column("created_at", Time, "when the request was made"),
        column("expires_at", Time, "when it is forgotten"),
    ],
};
