//! The privacy map of accounts: who somebody is, how they sign in, what happened to their account's security.

use super::Holds::{Identifier, KeyedHash, Number, Sealed, Time, TokenHash, Word};
use super::{Erasure, Retention, Store, StoredTable, column};

pub(super) const TABLES: &[StoredTable] = &[ACCOUNTS, SESSIONS, SECURITY_EVENTS, ATTEMPT_COUNTERS];

const ACCOUNTS: StoredTable = StoredTable {
    store: Store::Main,
    name: "accounts",
    row: "a person's account",
    retention: Retention::Account,
    erasure: Erasure::Deleted,
    columns: &[
        column("id", Identifier, "stands for the person wherever something is theirs").exported(),
        column(
            "email_lookup",
            KeyedHash,
            "finds the account of an address at sign-in without storing the address readably",
        ),
        column("email_sealed", Sealed, "the address to sign in with and to write to").exported(),
        column("password_sealed", Sealed, "proves that it is the person who signs in (argon2id)"),
        column("name_sealed", Sealed, "what the person wants to be called").exported(),
        column("role", Word, "what the person may do: user, curator or admin").exported(),
        column("status", Word, "whether the account may be used").exported(),
        column("no_outreach", Number, "keeps content that pushes towards contact away; says nothing of why").exported(),
        column("version", Number, "notices an edit that would overwrite another"),
        column("created_at", Time, "when the account was made").exported(),
        column("updated_at", Time, "when the account last changed").exported(),
        column("password_changed_at", Time, "shows the person when the password was last changed").exported(),
        column(
            "sight_version",
            Number,
            "tells every node that what the person hid or said of themselves changed; says nothing of what",
        ),
        column("outreach_opened", Number, "keeps open what the person opened by their own act; says nothing of why")
            .exported(),
    ],
};

const SESSIONS: StoredTable = StoredTable {
    store: Store::Main,
    name: "sessions",
    row: "one sign-in on one device",
    retention: Retention::Account,
    erasure: Erasure::Deleted,
    columns: &[
        column("id", Identifier, "tells the person's sessions apart, so that one of them can be ended").exported(),
        column("account_id", Identifier, "whose session it is"),
        column("created_at", Time, "when the person signed in").exported(),
        column("authenticated_at", Time, "how long ago the person last proved who they are, for sensitive steps")
            .exported(),
        column("amr", Word, "how they proved it, for sensitive steps").exported(),
        column("label_sealed", Sealed, "the name that the person gave the device").exported(),
        column("last_used_at", Time, "ends sessions that nobody uses").exported(),
        column("expires_at", Time, "ends sessions that nobody uses").exported(),
        column("absolute_expires_at", Time, "ends every session at last").exported(),
        column("generation", Number, "notices a stolen refresh token that is used again"),
        column("refresh_hash", TokenHash, "knows the refresh token again without storing it"),
        column("rotated_at", Time, "lets a lost answer be fetched once more"),
        column("revoked_at", Time, "ended sessions stay ended").exported(),
    ],
};

const SECURITY_EVENTS: StoredTable = StoredTable {
    store: Store::Main,
    name: "security_events",
    row: "something that happened to an account's security",
    retention: Retention::Account,
    erasure: Erasure::Deleted,
    columns: &[
        column("id", Identifier, "tells events apart").exported(),
        column("account_id", Identifier, "whose account it happened to"),
        column("session_id", Identifier, "in which session it happened").exported(),
        column("happened_at", Time, "when it happened").exported(),
        column("kind", Word, "what happened, such as a refused sign-in or a changed password").exported(),
    ],
};

const ATTEMPT_COUNTERS: StoredTable = StoredTable {
    store: Store::Main,
    name: "attempt_counters",
    row: "how often somebody lately tried to sign in to one account, from one device or from one address",
    retention: Retention::Days(1),
    erasure: Erasure::Deleted,
    columns: &[
        column("bucket", KeyedHash, "what is counted; neither account nor address can be read from it"),
        column("attempts", Number, "slows down guessing of passwords"),
        column("window_started_at", Time, "forgets old attempts"),
        column("blocked_until", Time, "when the next attempt is allowed"),
    ],
};
