//! How the owner's own records shape what they are shown of the catalogue: what they hid, reported, or said of themselves.
//! Holds always: what shapes it is opened in memory only and never stored open; a write counts from the owner's next
//! request on this node, and within the second for which sessions are remembered on every other.

use std::sync::Arc;

use moka::sync::Cache;

use crate::auth::{Caller, Reader};
use crate::catalogue::{Hidden, Sight, View};
use crate::database::{Connection, Id};
use crate::http::problem::Problem;
use crate::privacy::Keystore;

use super::collection::Collection;
use super::document;
use super::engine::Records;
use super::row::{self, Row};

/// Of how many people this node remembers what they hid.
const REMEMBERED: u64 = 10_000;

/// Opens one collection's live rows and lets the records inside say what to keep away.
pub(super) type Shapes = fn(&Keystore, &[Row], &mut Hidden) -> Result<(), Problem>;

/// What people hid, by account, with the states of their records and of the catalogue that it was read from.
#[derive(Clone)]
pub(super) struct Sights(Cache<Id, (i64, i64, Arc<Hidden>)>);

impl Default for Sights {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl Records {
    /// How this reader sees the catalogue. Asks no database for people whose records never shaped it, and for others
    /// only after a change.
    ///
    /// # Errors
    /// Database failures: whoever hid something is never answered as if they had not.
    pub async fn sight_of(&self, reader: &Reader) -> Result<Sight, Problem> {
        match &reader.0 {
            None => Ok(Sight::of(View::Everything)),
            Some(caller) => self.sight(caller).await,
        }
    }

    /// The same for somebody signed in.
    ///
    /// # Errors
    /// Like [`Records::sight_of`].
    pub async fn sight(&self, caller: &Caller) -> Result<Sight, Problem> {
        let view = Self::view(caller);
        if caller.sight_version == 0 {
            return Ok(Sight::of(view));
        }
        let snapshot = self.parts().catalogue.snapshot();
        let is_current = |(version, published, _): &(i64, i64, Arc<Hidden>)| {
            *version >= caller.sight_version && *published == snapshot.version()
        };
        if let Some((_, _, hidden)) = self.sights().0.get(&caller.account).filter(is_current) {
            return Ok(Sight::without(view, &hidden));
        }
        let (engine, owner) = (self.clone(), caller.account);
        let mut hidden = self.parts().database.read(move |conn| engine.hidden(conn, owner)).await?;
        hidden.translated(&snapshot);
        let hidden = Arc::new(hidden);
        // What was read is at least as new as the version that the caller carries.
        self.sights().0.insert(owner, (caller.sight_version, snapshot.version(), Arc::clone(&hidden)));
        Ok(Sight::without(view, &hidden))
    }

    fn hidden(&self, conn: &mut Connection, owner: Id) -> Result<Hidden, Problem> {
        let mut hidden = Hidden::default();
        for collection in &self.parts().collections {
            let Some(shapes) = collection.shapes else { continue };
            let mut rows = row::kept(conn, owner, collection.name)?;
            rows.retain(Row::is_live);
            shapes(&self.parts().keystore, &rows, &mut hidden)?;
        }
        Ok(hidden)
    }
}

/// What the rows of one collection keep away.
pub(super) fn shapes<C: Collection>(keystore: &Keystore, rows: &[Row], hidden: &mut Hidden) -> Result<(), Problem> {
    let mut records = Vec::new();
    for row in rows {
        if let Some(opened) = document::open::<C>(keystore, row)? {
            records.push(opened.record::<C>()?);
        }
    }
    C::hide(&records, hidden);
    Ok(())
}
