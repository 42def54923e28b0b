//! The manifest on the wire.
//! Holds always: its words are those of the privacy map; a client that does not know one shows it as it is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::privacy::map::{self, Keeping, StoredDocument, StoredTable};
use crate::resources::{accounts, submissions};

/// What this service stores, for what and for how long.
#[derive(Serialize, ToSchema)]
pub(super) struct PrivacyManifest {
    /// The version of the service that it describes.
    #[schema(max_length = 64, example = "0.1.0")]
    version: &'static str,
    /// The databases.
    #[schema(max_items = 10)]
    stores: Vec<PrivacyStore>,
    /// What a person writes: one sealed document a record, readable by nobody but its owner.
    #[schema(max_items = 1000)]
    collections: Vec<PrivacyDocument>,
    /// What a person hands over to be published: curators read it, and never learn whose it is.
    #[schema(max_items = 100)]
    handed_over: Vec<PrivacyDocument>,
    /// What is kept of an account.
    #[schema(max_items = 100)]
    accounts: Vec<PrivacyDocument>,
}

/// A database and its tables.
#[derive(Serialize, ToSchema)]
pub(super) struct PrivacyStore {
    /// `main`, or `keystore`: the wrapped data keys, apart so that a destroyed key is gone from every copy of the text.
    #[schema(max_length = 32, example = "main")]
    name: &'static str,
    #[schema(max_items = 1000)]
    tables: Vec<PrivacyTable>,
}

/// A table and its columns.
#[derive(Serialize, ToSchema)]
pub(super) struct PrivacyTable {
    #[schema(max_length = 64, example = "records")]
    name: &'static str,
    /// What a row is.
    #[schema(max_length = 500, example = "something a person wrote")]
    row: &'static str,
    #[schema(max_items = 1000)]
    columns: Vec<PrivacyColumn>,
}

/// One column.
#[derive(Serialize, ToSchema)]
pub(super) struct PrivacyColumn {
    #[schema(max_length = 64, example = "document")]
    name: &'static str,
    /// What somebody sees of it who has a copy of the database: `identifier`, `time`, `number`, `word`, `published`,
    /// `sealed`, `keyed_hash` or `token_hash`.
    #[schema(max_length = 32, example = "sealed")]
    holds: &'static str,
    /// What it is needed for.
    #[schema(max_length = 1000, example = "what the person wrote, for them to read again")]
    purpose: &'static str,
    /// How long it stays: as long as the `account`, the `record`, the `database`, or so many `days`.
    #[schema(max_length = 32, example = "record")]
    retention: &'static str,
    /// How many days, where `retention` says `days`.
    #[schema(required = true, minimum = 1, maximum = 65535)]
    retention_days: Option<u16>,
    /// What an export does with it: `included` or `left_out`.
    #[schema(max_length = 32, example = "included")]
    export: &'static str,
    /// What erasing the account does with it: `deleted`, `unlinked` from the person, or `kept`.
    #[schema(max_length = 32, example = "deleted")]
    erasure: &'static str,
}

/// A kind of document.
#[derive(Serialize, ToSchema)]
pub(super) struct PrivacyDocument {
    /// As in its path.
    #[schema(max_length = 64, example = "journal-entries")]
    name: &'static str,
    /// What it is kept for.
    #[schema(max_length = 1000, example = "To keep what you wrote, for you to read again.")]
    purpose: &'static str,
    #[schema(max_items = 1000)]
    fields: Vec<PrivacyField>,
}

/// One member of a document.
#[derive(Serialize, ToSchema)]
pub(super) struct PrivacyField {
    /// Its place: `harm.kinds`, and `steps[].note` for a member of each item of a list.
    #[schema(max_length = 256, example = "text")]
    path: String,
    /// What it is needed for.
    #[schema(max_length = 2000, example = "What happened, in the writer's words.")]
    purpose: String,
    /// How long it stays: as long as the `account`, the `record`, the `database`, or so many `days`.
    #[schema(max_length = 32, example = "record")]
    retention: &'static str,
    /// How many days, where `retention` says `days`.
    #[schema(required = true, minimum = 1, maximum = 65535)]
    retention_days: Option<u16>,
    /// What an export does with it: `included` or `left_out`.
    #[schema(max_length = 32, example = "included")]
    export: &'static str,
    /// What erasing the account does with it: `deleted`, `unlinked` from the person, or `kept`.
    #[schema(max_length = 32, example = "deleted")]
    erasure: &'static str,
}

impl PrivacyManifest {
    pub(super) fn of(collections: &[StoredDocument]) -> Self {
        let store = |store: map::Store| PrivacyStore {
            name: store.as_str(),
            tables: map::tables().filter(|table| table.store == store).map(PrivacyTable::of).collect(),
        };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            stores: [map::Store::Main, map::Store::Keystore].map(store).into(),
            collections: collections.iter().map(PrivacyDocument::of).collect(),
            handed_over: vec![PrivacyDocument::of(&submissions::kept())],
            accounts: accounts::kept().iter().map(PrivacyDocument::of).collect(),
        }
    }
}

impl PrivacyTable {
    fn of(table: &StoredTable) -> Self {
        let column = |column: &map::StoredColumn| {
            let Keeping { retention, export, erasure } = column.keeping(table);
            PrivacyColumn {
                name: column.name,
                holds: column.holds.as_str(),
                purpose: column.purpose,
                retention: retention.as_str(),
                retention_days: retention.days(),
                export: export.as_str(),
                erasure: erasure.as_str(),
            }
        };
        Self { name: table.name, row: table.row, columns: table.columns.iter().map(column).collect() }
    }
}

impl PrivacyDocument {
    fn of(document: &StoredDocument) -> Self {
        let field = |field: &map::StoredField| {
            let Keeping { retention, export, erasure } = field.keeping;
            PrivacyField {
                path: field.path.clone(),
                purpose: field.purpose.clone(),
                retention: retention.as_str(),
                retention_days: retention.days(),
                export: export.as_str(),
                erasure: erasure.as_str(),
            }
        };
        Self { name: document.name, purpose: document.purpose, fields: document.fields.iter().map(field).collect() }
    }
}
