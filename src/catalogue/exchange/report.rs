//! What an import did, or would do, item by item.
//! Holds always: it names items and rules, never what was sent.

use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::files::Finding;
use crate::database::Id;
use crate::http::problem::Fault;
use crate::http::vocabulary;

/// How many items one import over HTTP may hold.
pub const MAX_ITEMS: usize = 2_000;
/// More faults than this are not told.
const MAX_ERRORS: usize = 1_000;

vocabulary! {
    /// What an import did with an item.
    pub enum ImportOutcome {
        /// It was not there: a new draft.
        Created = "created",
        /// It says something else now, or is published now.
        Changed = "changed",
        /// It says the same already.
        Unchanged = "unchanged",
        /// It breaks a rule; then nothing of the import is stored.
        Refused = "refused",
    }
}

/// What an import did, or with `dry_run` would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether it was only tried.
    pub is_dry_run: bool,
    #[schema(minimum = 0, example = 1)]
    pub created_count: usize,
    #[schema(minimum = 0, example = 0)]
    pub changed_count: usize,
    #[schema(minimum = 0, example = 0)]
    pub unchanged_count: usize,
    #[schema(minimum = 0, example = 0)]
    pub refused_count: usize,
    /// Every item that could be read, in the order in which they came.
    #[schema(max_items = 2000)]
    pub items: Vec<ImportedItem>,
    /// What is wrong; empty when the import was done.
    #[schema(max_items = 1000)]
    pub errors: Vec<ImportError>,
}

/// One item of an import.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedItem {
    /// The item's kind, singular.
    #[schema(max_length = 40, example = "tip")]
    pub kind: &'static str,
    #[schema(max_length = 16, example = "en")]
    pub locale: String,
    #[schema(max_length = 60, example = "a-calm-no")]
    pub slug: String,
    pub outcome: ImportOutcome,
    /// Null when the item is refused.
    #[schema(required = true)]
    pub id: Option<Id>,
}

/// One thing that is wrong with what was imported.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportError {
    /// In an archive: which file.
    #[schema(required = true, max_length = 300, example = "en/tips/a-calm-no.md")]
    pub file: Option<String>,
    /// The line of the file or of the body, from 1.
    #[schema(minimum = 1, example = 7)]
    pub line: usize,
    /// Which member of the item, as a JSON pointer; empty for the whole.
    #[schema(max_length = 300, example = "/stance")]
    pub pointer: String,
    /// What is wrong, for programs; stable.
    #[schema(max_length = 64, example = "unknown_value")]
    pub code: &'static str,
    /// What is wrong, in English.
    #[schema(max_length = 4096, example = "None of the known words.")]
    pub detail: String,
}

/// An item's name everywhere: kind (singular), language and slug.
pub type Address = (&'static str, String, String);

/// An item with what became of it.
#[derive(Debug, Clone)]
pub struct Done {
    pub address: Address,
    pub outcome: ImportOutcome,
    pub id: Id,
}

impl ImportReport {
    /// The report on what was read: what is not among `done` was refused.
    #[must_use]
    pub fn of(read: Vec<Address>, done: &[Done], findings: &[Finding], is_dry_run: bool) -> Self {
        let mut items: Vec<ImportedItem> = Vec::with_capacity(read.len());
        let mut left: Vec<&Done> = done.iter().rev().collect();
        for address in read.into_iter().take(MAX_ITEMS) {
            // Both come in the same order, so that the next one done is this one or a later one.
            let this = left.pop_if(|next| next.address == address);
            let (kind, locale, slug) = address;
            let short = |text: String, most: usize| text.chars().take(most).collect();
            let (locale, slug) = (short(locale, 16), short(slug, 60));
            let outcome = this.map_or(ImportOutcome::Refused, |done| done.outcome);
            items.push(ImportedItem { kind, locale, slug, outcome, id: this.map(|done| done.id) });
        }
        let count = |wanted| items.iter().filter(|item| item.outcome == wanted).count();
        Self {
            is_dry_run,
            created_count: count(ImportOutcome::Created),
            changed_count: count(ImportOutcome::Changed),
            unchanged_count: count(ImportOutcome::Unchanged),
            refused_count: count(ImportOutcome::Refused),
            errors: findings.iter().take(MAX_ERRORS).map(ImportError::of).collect(),
            items,
        }
    }
}

impl ImportError {
    fn of(finding: &Finding) -> Self {
        let Fault { pointer, code, detail, file, line } = fault(finding);
        Self { file, line: line.unwrap_or(1), pointer, code, detail }
    }
}

/// A finding as a fault of a request: its place in the body, and never what stands there.
#[must_use]
pub fn fault(finding: &Finding) -> Fault {
    let short = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let file = (!finding.file.is_empty()).then(|| short(&finding.file, 300));
    let (pointer, detail) = (short(&finding.pointer, 300), short(&finding.detail, 4096));
    Fault { file, line: Some(finding.line), ..Fault::at(pointer, finding.rule, detail) }
}
