//! The rows of accounts: found by id or by the keyed hash of the address.
//! Holds always: addresses, names and password hashes are stored sealed and opened only for their owner's own requests.

use std::fmt;

use diesel::prelude::*;
use diesel::result::Error;

use super::{Email, Refused, Role};
use crate::database::schema::accounts;
use crate::database::{Bytes, Connection, Failure, Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// What an owner sees of their account. Address and name do not print.
#[derive(Clone)]
pub struct Profile {
    pub id: Id,
    /// As its owner wrote it.
    pub email: String,
    /// The display name.
    pub name: Option<String>,
    pub role: Role,
    /// No content that pushes towards contact may reach this person.
    pub no_outreach: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// What checking a password needs.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Credentials {
    pub(super) id: Id,
    password_sealed: Bytes,
    role: String,
    status: String,
    pub(super) password_changed_at: Timestamp,
}

/// An account to be made.
pub(super) struct New<'a> {
    pub(super) email: &'a Email,
    /// The PHC string.
    pub(super) password: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) role: Role,
}

impl Credentials {
    pub(super) fn role(&self) -> Role {
        read_role(&self.role)
    }

    pub(super) fn is_active(&self) -> bool {
        self.status == ACTIVE
    }

    /// The stored PHC string.
    pub(super) fn password(&self, ring: &KeyRing) -> Result<String, Refused> {
        open(ring, Purpose::Password, self.id, &self.password_sealed)
    }

    /// Whether the hash is sealed with the key that the ring seals with now.
    pub(super) fn is_sealed_with_current_key(&self, ring: &KeyRing) -> bool {
        ring.is_current(&self.password_sealed.0)
    }
}

/// The status of an account that may be used.
pub(super) const ACTIVE: &str = "active";

/// A role that this version does not know opens nothing beyond the account's own records.
pub(super) fn read_role(text: &str) -> Role {
    text.parse().unwrap_or(Role::User)
}

/// The keyed hash by which an address is found.
pub(super) fn lookup(ring: &KeyRing, email: &Email) -> [u8; 32] {
    ring.digest(Purpose::EmailLookup, &[email.canonical().as_bytes()])
}

/// The account of an address.
pub(super) fn find_id(conn: &mut Connection, lookup: &[u8; 32]) -> Result<Option<Id>, Error> {
    let by_lookup = accounts::table.filter(accounts::email_lookup.eq(Bytes(lookup.to_vec())));
    by_lookup.select(accounts::id).first(conn).optional()
}

/// The account of an address, and its role.
pub(super) fn find_role(conn: &mut Connection, lookup: &[u8; 32]) -> Result<Option<(Id, Role)>, Error> {
    let by_lookup = accounts::table.filter(accounts::email_lookup.eq(Bytes(lookup.to_vec())));
    let found: Option<(Id, String)> = by_lookup.select((accounts::id, accounts::role)).first(conn).optional()?;
    Ok(found.map(|(id, role)| (id, read_role(&role))))
}

/// Which of these accounts there are.
///
/// # Errors
/// The query's error.
pub fn existing(conn: &mut Connection, accounts: &[Id]) -> Result<Vec<Id>, Error> {
    accounts::table.filter(accounts::id.eq_any(accounts.to_vec())).select(accounts::id).load(conn)
}

/// The credentials behind an address.
pub(super) fn credentials(conn: &mut Connection, lookup: &[u8; 32]) -> Result<Option<Credentials>, Error> {
    let by_lookup = accounts::table.filter(accounts::email_lookup.eq(Bytes(lookup.to_vec())));
    by_lookup
        .select((
            accounts::id,
            accounts::password_sealed,
            accounts::role,
            accounts::status,
            accounts::password_changed_at,
        ))
        .first(conn)
        .optional()
}

/// The credentials of an account.
pub(super) fn credentials_of(conn: &mut Connection, account: Id) -> Result<Option<Credentials>, Error> {
    accounts::table
        .find(account)
        .select((
            accounts::id,
            accounts::password_sealed,
            accounts::role,
            accounts::status,
            accounts::password_changed_at,
        ))
        .first(conn)
        .optional()
}

/// Makes an account; `UniqueViolation` when the address has one.
pub(super) fn insert(conn: &mut Connection, ring: &KeyRing, new: &New<'_>, now: Timestamp) -> Result<Id, Failure> {
    let id = Id::new();
    let sealed = |purpose, text: &str| seal(ring, purpose, id, text);
    let row = (
        accounts::id.eq(id),
        accounts::email_lookup.eq(Bytes(lookup(ring, new.email).to_vec())),
        accounts::email_sealed.eq(sealed(Purpose::Email, new.email.as_given())),
        accounts::password_sealed.eq(sealed(Purpose::Password, new.password)),
        accounts::name_sealed.eq(new.name.map(|name| sealed(Purpose::Name, name))),
        accounts::role.eq(new.role.as_str()),
        accounts::status.eq(ACTIVE),
        accounts::no_outreach.eq(0),
        accounts::version.eq(1),
        accounts::created_at.eq(now),
        accounts::updated_at.eq(now),
        accounts::password_changed_at.eq(now),
    );
    diesel::insert_into(accounts::table).values(row).execute(conn)?;
    Ok(id)
}

/// What an owner sees of their account.
///
/// # Errors
/// `NotFound` when it is gone.
pub fn profile(conn: &mut Connection, ring: &KeyRing, account: Id) -> Result<Profile, Refused> {
    type Row = (Bytes, Option<Bytes>, String, i16, i64, Timestamp, Timestamp);
    let row: Option<Row> = accounts::table
        .find(account)
        .select((
            accounts::email_sealed,
            accounts::name_sealed,
            accounts::role,
            accounts::no_outreach,
            accounts::version,
            accounts::created_at,
            accounts::updated_at,
        ))
        .first(conn)
        .optional()?;
    let (email, name, role, no_outreach, version, created_at, updated_at) = row.ok_or(Refused::NotFound)?;
    Ok(Profile {
        id: account,
        email: open(ring, Purpose::Email, account, &email)?,
        name: name.map(|name| open(ring, Purpose::Name, account, &name)).transpose()?,
        role: read_role(&role),
        no_outreach: no_outreach != 0,
        version,
        created_at,
        updated_at,
    })
}

/// Gives the account another display name, or none.
///
/// # Errors
/// The query's error.
pub fn set_name(
    conn: &mut Connection,
    ring: &KeyRing,
    account: Id,
    name: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let name = name.map(|name| seal(ring, Purpose::Name, account, name));
    let raised = (accounts::version.eq(accounts::version + 1), accounts::updated_at.eq(now));
    diesel::update(accounts::table.find(account)).set((accounts::name_sealed.eq(name), raised)).execute(conn).map(drop)
}

/// Sets the account's plain safety flag: from then on nothing that pushes towards contact reaches this person.
/// Says whether anything changed; after the commit call [`super::Auth::forget_sessions_of`].
///
/// # Errors
/// The query's error.
pub fn set_no_outreach(conn: &mut Connection, owner: Id, no_outreach: bool) -> Result<bool, Error> {
    let flag = i16::from(no_outreach);
    let changed = diesel::update(accounts::table.find(owner).filter(accounts::no_outreach.ne(flag)))
        .set((accounts::no_outreach.eq(flag), accounts::version.eq(accounts::version + 1)))
        .execute(conn)?;
    Ok(changed > 0)
}

/// Notes that records changed which shape how the owner sees the catalogue; after the commit call
/// [`super::Auth::forget_sessions_of`].
///
/// # Errors
/// The query's error.
pub fn raise_sight(conn: &mut Connection, owner: Id) -> Result<(), Error> {
    let raised = accounts::sight_version.eq(accounts::sight_version + 1);
    diesel::update(accounts::table.find(owner)).set(raised).execute(conn).map(drop)
}

/// Whether the owner opened the safety filter by their own act, and no record closed it since.
///
/// # Errors
/// The query's error.
pub fn is_outreach_opened(conn: &mut Connection, owner: Id) -> Result<bool, Error> {
    let opened: Option<i16> = accounts::table.find(owner).select(accounts::outreach_opened).first(conn).optional()?;
    Ok(opened.is_some_and(|opened| opened != 0))
}

/// Notes that the owner opened the safety filter by their own act, or that this is over.
///
/// # Errors
/// The query's error.
pub fn set_outreach_opened(conn: &mut Connection, owner: Id, opened: bool) -> Result<(), Error> {
    let opened = accounts::outreach_opened.eq(i16::from(opened));
    diesel::update(accounts::table.find(owner)).set(opened).execute(conn).map(drop)
}

/// Gives the account another role. Says whether it had another one.
pub(super) fn set_role(conn: &mut Connection, account: Id, role: Role, now: Timestamp) -> Result<bool, Error> {
    let raised = (accounts::version.eq(accounts::version + 1), accounts::updated_at.eq(now));
    let changed = diesel::update(accounts::table.find(account).filter(accounts::role.ne(role.as_str())))
        .set((accounts::role.eq(role.as_str()), raised))
        .execute(conn)?;
    Ok(changed > 0)
}

/// Stores the same password anew: with today's parameters, sealed with today's key. Does nothing when the password was
/// changed meanwhile.
pub(super) fn renew_hash(
    conn: &mut Connection,
    ring: &KeyRing,
    account: &Credentials,
    password: &str,
) -> Result<(), Error> {
    let same = accounts::table.find(account.id).filter(accounts::password_changed_at.eq(account.password_changed_at));
    let sealed = seal(ring, Purpose::Password, account.id, password);
    diesel::update(same).set(accounts::password_sealed.eq(sealed)).execute(conn).map(drop)
}

/// Stores another password. False when it was changed meanwhile: the current one that was checked is no longer current.
pub(super) fn set_password(
    conn: &mut Connection,
    ring: &KeyRing,
    account: &Credentials,
    password: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let same = accounts::table.find(account.id).filter(accounts::password_sealed.eq(account.password_sealed.clone()));
    let sealed = seal(ring, Purpose::Password, account.id, password);
    let changed = diesel::update(same)
        .set((accounts::password_sealed.eq(sealed), accounts::password_changed_at.eq(now)))
        .execute(conn)?;
    Ok(changed > 0)
}

fn seal(ring: &KeyRing, purpose: Purpose, account: Id, text: &str) -> Bytes {
    Bytes(ring.seal(purpose, &[account.as_bytes()], text.as_bytes()))
}

fn open(ring: &KeyRing, purpose: Purpose, account: Id, sealed: &Bytes) -> Result<String, Refused> {
    const UNREADABLE: Refused = Refused::Broken("an account's sealed text does not open");
    let plain = ring.open(purpose, &[account.as_bytes()], &sealed.0).map_err(|_cause| UNREADABLE)?;
    String::from_utf8(plain.to_vec()).map_err(|_cause| UNREADABLE)
}
