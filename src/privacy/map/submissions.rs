//! The privacy map of what a person hands over. It is no private record: curators read it, and what they publish of it is
//! read by everybody; who handed it over is told to neither.

use super::Holds::{Identifier, Number, Sealed, Time, Word};
use super::{Erasure, Retention, Store, StoredTable, column};

pub(super) const TABLES: &[StoredTable] = &[SUBMISSIONS];

const SUBMISSIONS: StoredTable = StoredTable {
    store: Store::Main,
    name: "submissions",
    row: "a story, a comment or a review that somebody handed over to curators, who may read it and publish it; taking it back, or \
        erasing the account, erases the item that was made of it too, with all its revisions",
    retention: Retention::Record,
    erasure: Erasure::Deleted,
    columns: &[
        column("id", Identifier, "names what was handed over; all that curators know of whose it is").exported(),
        column("account_id", Identifier, "whose it is: they alone see what became of it, and take it back"),
        column("status", Word, "what became of it").exported(),
        column("version", Number, "notices two curators who decide at the same time").exported(),
        column("consent_edition", Number, "which text the person agreed to when they handed it over").exported(),
        column(
            "content_sealed",
            Sealed,
            "the words themselves and the pen name, for curators to read; gone when taken back",
        )
        .exported(),
        column("reason", Word, "why it was declined").exported(),
        column("note_sealed", Sealed, "what the curator who declined it says to the person").exported(),
        column("item_id", Identifier, "the item that was made of it, to take back with it").exported(),
        column("decided_by", Identifier, "the curator who decided").erased(Erasure::Unlinked),
        column("created_at", Time, "when it was handed over").exported(),
        column("updated_at", Time, "when something last became of it").exported(),
        column("ended_at", Time, "when it was declined or taken back, to forget it 30 days later").exported(),
    ],
};
