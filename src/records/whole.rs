//! Records for the service's own answers to their owner: all of a collection, and one that the service keeps for them.
//! Holds always: like every read and write here, for the owner alone and under all their limits.

use crate::auth::Caller;
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

use super::collection::Collection;
use super::document;
use super::engine::Records;
use super::row::{self, Row};
use super::write::{Draft, Halt, settle};

/// A live record with what stands around it.
#[derive(Clone)]
pub struct Kept<C> {
    pub id: Id,
    pub version: i64,
    pub updated_at: Timestamp,
    pub record: C,
}

impl Records {
    /// All live records of the caller in a collection, the latest changed first.
    ///
    /// # Errors
    /// Database failures.
    pub async fn all<C: Collection>(&self, caller: &Caller) -> Result<Vec<Kept<C>>, Problem> {
        let (keystore, owner) = (self.parts().keystore.clone(), caller.account);
        let read = move |conn: &mut Connection| {
            let mut found = Vec::new();
            for row in row::kept(conn, owner, C::NAME)?.iter().filter(|row| row.is_live()) {
                if let Some(opened) = document::open::<C>(&keystore, row)? {
                    let record = opened.record()?;
                    found.push(Kept { id: row.id, version: row.version, updated_at: row.updated_at, record });
                }
            }
            found.sort_by_key(|kept| std::cmp::Reverse((kept.updated_at, kept.id)));
            Ok::<_, Problem>(found)
        };
        self.parts().database.read(read).await
    }

    /// Keeps a record under an id that follows from what it says, so that two devices at once keep one. Answers what is
    /// kept under the id then: this one, the one that was faster, or nothing when the owner deleted it.
    ///
    /// # Errors
    /// What the collection refuses, a full quota, database failures.
    pub async fn keep<C: Collection>(&self, caller: &Caller, id: Id, mut record: C) -> Result<Option<C>, Problem> {
        let pin = C::PIN.map(|pin| pin(&record));
        settle(&mut record, None, &self.around(caller, pin).await?)?;
        let fields = document::fields(&record)?;
        let key = self.parts().keystore.owner_key(caller.account).await?;
        let sealed = document::seal::<C>(&key, caller.account, id, &fields);
        let draft = Draft { id, record: record.clone(), fields, sealed, data_key: key.id };
        let (engine, asker) = (self.clone(), caller.clone());
        let written = self.parts().database.write(move |conn| engine.insert::<C>(conn, &asker, draft, None)).await;
        match written {
            Ok(_) => {
                self.after_commit::<C>(caller);
                Ok(Some(record))
            }
            Err(Halt::Exists(row)) => self.standing::<C>(&row),
            Err(Halt::Answered(_)) => Ok(None),
            Err(Halt::Refused(problem)) => Err(problem),
        }
    }

    fn standing<C: Collection>(&self, row: &Row) -> Result<Option<C>, Problem> {
        if row.collection != C::NAME || !row.is_live() {
            return Ok(None);
        }
        document::open::<C>(&self.parts().keystore, row)?.map(|opened| opened.record()).transpose()
    }
}
