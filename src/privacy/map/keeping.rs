//! The privacy map of the housekeeping: data keys, facts about the databases themselves, migrations.

use super::Holds::{Identifier, KeyedHash, Number, Sealed, Time, Word};
use super::{Erasure, Retention, Store, StoredColumn, StoredTable, column};

pub(super) const TABLES: &[StoredTable] =
    &[DATA_KEYS, DESTROYED_KEYS, FACTS, SWEEPS, KEYSTORE_FACTS, migrations(Store::Main), migrations(Store::Keystore)];

const DATA_KEYS: StoredTable = StoredTable {
    store: Store::Keystore,
    name: "data_keys",
    row: "a key that opens documents of one person; destroying it makes every copy of them unreadable",
    retention: Retention::Account,
    erasure: Erasure::Deleted,
    columns: &[
        column("owner", Identifier, "whose documents it opens"),
        column("id", Identifier, "names the key"),
        column("ring_key", Number, "which key of the key ring wraps it"),
        column("wrapped", Sealed, "the key itself"),
        column("created_at", Time, "when it was made"),
    ],
};

const DESTROYED_KEYS: StoredTable = StoredTable {
    store: Store::Keystore,
    name: "destroyed_keys",
    row: "a key that was destroyed: no restored backup brings it back",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("owner", Identifier, "whose documents it opened; after an erasure an id that leads to nobody"),
        column("id", Identifier, "names the key"),
        column("created_at", Time, "tells the key from a later one in the same place"),
        column("destroyed_at", Time, "when it was destroyed"),
    ],
};

const FACTS: StoredTable = StoredTable {
    store: Store::Main,
    name: "facts",
    row: "a fact about this database",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("name", Word, "which fact it is"),
        column("value", KeyedHash, "notices another key ring, another keystore, newer content"),
        column("updated_at", Time, "when it last changed"),
    ],
};

const SWEEPS: StoredTable = StoredTable {
    store: Store::Main,
    name: "sweeps",
    row: "a kind of expired rows that is swept out",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("task", Word, "which kind it is"),
        column("holder", Identifier, "the node that sweeps, so that another one does not do it too"),
        column("held_until", Time, "lets another node go on when this one died"),
        column("swept_at", Time, "when it was last done"),
    ],
};

const KEYSTORE_FACTS: StoredTable = StoredTable {
    store: Store::Keystore,
    name: "keystore_facts",
    row: "a fact about this keystore",
    retention: Retention::Database,
    erasure: Erasure::Kept,
    columns: &[
        column("name", Word, "which fact it is"),
        column("value", Identifier, "notices a keystore that belongs to another database"),
    ],
};

const fn migrations(store: Store) -> StoredTable {
    const COLUMNS: &[StoredColumn] =
        &[column("version", Word, "which change of the tables was made"), column("run_on", Time, "when it was made")];
    StoredTable {
        store,
        name: "__diesel_schema_migrations",
        row: "a change of the tables that was made",
        retention: Retention::Database,
        erasure: Erasure::Kept,
        columns: COLUMNS,
    }
}
