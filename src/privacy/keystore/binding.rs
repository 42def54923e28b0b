//! Which keystore belongs to which database: an id recorded in both.
//! Holds always: a database that was set up with one keystore refuses every other, because with an empty one a new key would be
//! made for each owner while the text under the old keys stands unreadable.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Keystore, KeystoreError, rows};
use crate::database::ids::sql_types;
use crate::database::schema::keystore::keystore_facts;
use crate::database::{Bytes, Connection, Failure, Id, Timestamp};
use crate::privacy::facts;

/// The fact's name in the main database and in the keystore.
const KEYSTORE: &str = "keystore";

impl Keystore {
    /// Ties this keystore to the main database on first use; afterwards refuses every other. Run it inside a transaction that writes.
    ///
    /// # Errors
    /// The two do not belong together, or one of them failed.
    pub fn bind(&self, conn: &mut Connection, now: Timestamp) -> Result<(), KeystoreError> {
        let expected = facts::read(conn, KEYSTORE)?;
        let (own, is_empty) = self.look(|keystore| Ok((read(keystore)?, rows::is_empty(keystore)?)))?;
        match (expected, own) {
            (Some(expected), Some(own)) if expected == own => Ok(()),
            (Some(_), Some(_)) => Err(KeystoreError::AnotherDatabase),
            (Some(_), None) => Err(KeystoreError::Fresh),
            // Set up for a database that never got to record it holds no key yet; one with keys belongs to somebody.
            (None, Some(_)) if !is_empty => Err(KeystoreError::AnotherDatabase),
            (None, _) => {
                let own = self.change(|keystore| keep(keystore, Id::new()))?;
                // Another node may have recorded its own keystore in this moment.
                if facts::keep(conn, KEYSTORE, &own, now)? == own { Ok(()) } else { Err(KeystoreError::Fresh) }
            }
        }
    }
}

/// The id of the keystore that this main database was set up with, if it was.
///
/// # Errors
/// The database failed.
pub fn expected_id(main: &mut Connection) -> Result<Option<Id>, Failure> {
    facts::read(main, KEYSTORE)?.map(|id| as_id(&id)).transpose()
}

/// The id of a keystore, if it was ever bound to a database.
///
/// # Errors
/// The keystore failed.
pub fn own_id(keystore: &mut Connection) -> Result<Option<Id>, Failure> {
    read(keystore)?.map(|id| as_id(&id)).transpose()
}

/// Gives a new keystore the id of the one that it is a copy of.
///
/// # Errors
/// It has another id already, or it failed.
pub fn take_id(keystore: &mut Connection, id: Id) -> Result<(), Failure> {
    if keep(keystore, id)? == id.as_bytes() {
        Ok(())
    } else {
        Err(Failure::Broken("the new keystore has an id already".to_owned()))
    }
}

impl Keystore {
    /// Refuses like [`Keystore::bind`], and changes nothing.
    ///
    /// # Errors
    /// The two do not belong together, or one of them failed.
    pub fn belongs_to(&self, main: &mut Connection) -> Result<(), KeystoreError> {
        match (facts::read(main, KEYSTORE)?, self.look(read)?) {
            (Some(expected), Some(own)) if expected == own => Ok(()),
            _ => Err(KeystoreError::AnotherDatabase),
        }
    }
}

fn as_id(bytes: &[u8]) -> Result<Id, Failure> {
    let bytes = bytes.try_into().map_err(|_wrong| Failure::Broken("a keystore's id is not an id".to_owned()))?;
    Ok(Id::from_bytes(bytes))
}

fn read(conn: &mut Connection) -> Result<Option<Vec<u8>>, Failure> {
    let id: Option<Bytes> =
        keystore_facts::table.find(KEYSTORE).select(keystore_facts::value).first(conn).optional()?;
    Ok(id.map(|Bytes(id)| id))
}

/// Gives the keystore the id unless it has one. Returns the one it has now.
fn keep(conn: &mut Connection, id: Id) -> Result<Vec<u8>, Failure> {
    diesel::sql_query("INSERT INTO keystore_facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind::<Text, _>(KEYSTORE)
        .bind::<sql_types::Bytes, _>(Bytes(id.as_bytes().to_vec()))
        .execute(conn)?;
    read(conn)?.ok_or_else(|| Failure::Broken("the keystore's id is not there after it was recorded".to_owned()))
}
