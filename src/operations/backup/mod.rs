//! Backup and restore: encrypted copies of both stores, taken beside a running service, and a start from them.
//! Holds always: a file counts as a backup only after it was read back, opened and checked; a restore never overwrites, and one
//! that was interrupted leaves nothing that starts; what was erased before the ledger was written stays erased.
//!
//! # A set
//!
//! `mend backup create` writes three files, each a sealed stream behind a [`header`] (see [`crate::privacy::stream`]):
//!
//! | file | what is in it | how long to keep it |
//! |---|---|---|
//! | `….database` | SQLite's file, as `VACUUM INTO` copies it in one read transaction, which holds up no writer | as long as you like |
//! | `….keystore` | the wrapped data keys, row by row | days: a keystore that is archived beside its data cannot forget |
//! | `….ledger` | which keys were destroyed and which records purged | as long as any of the others |
//!
//! The database is copied first and the keystore after it: a key is synced before the first row that needs it, so whatever the
//! copied rows need is in the keystore when its copy begins, and a row that is there throughout a paged reading is read. A key
//! that is destroyed in between is missing on purpose: its documents were erased. The ledger comes last, so that it knows
//! each of those. The key ring is in no backup: with it, a set would be readable to whoever finds it.
//!
//! # A restore
//!
//! It applies the newest ledger that it finds to both stores, then begins a new [`epoch`].

mod checking;
mod epoch;
mod error;
mod files;
mod header;
mod ledger;
mod lines;
mod restoring;
mod source;
mod taking;
mod verifying;

pub use error::BackupError;
pub use restoring::{Restored, Wanted, adopt, restore};
pub use taking::{Made, MadeFile, create, write_ledger};
pub use verifying::{Verified, verify};

/// Told what is being done, for people who wait; never what is in it.
pub type Progress<'a> = &'a mut dyn FnMut(&str);
