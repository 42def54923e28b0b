//! The curated engine: what curators publish and everybody signed in may read.
//! Holds always: readers see only published revisions, from a snapshot in memory, through the view their account allows.

pub mod alone;
pub mod any_document;
mod around;
pub mod bundle;
pub mod card;
pub mod checking;
pub mod curating;
pub mod cursor;
pub mod diff;
pub mod document;
pub mod exchange;
pub mod facets;
pub mod files;
mod front_matter;
pub mod history;
pub mod import;
pub mod item;
pub mod kind;
pub mod kinds;
pub mod language;
mod left_out;
pub mod line;
pub mod link_check;
pub mod listing;
mod loading;
pub mod markdown;
pub mod media;
mod operations;
pub mod previews;
pub mod reading;
pub mod related;
pub mod rendered;
pub mod routes;
pub mod rules;
pub mod schema;
pub mod search;
pub mod shelf;
mod shelving;
pub mod sight;
pub mod signals;
pub mod snapshot;
pub mod store;
pub mod taken_back;
pub mod trace;
pub mod translations;
mod twin;
pub mod vocabulary;
pub mod workflow;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{Mutex, Semaphore};

pub use document::{Document, Header};
pub use kind::{ANY, Filter, Kind, OnDay, Part, Place};
pub use kinds::{Kinds, Registered, register};
pub use line::Line;
pub use previews::Previews;
pub use sight::{Hidden, Sight};
pub use snapshot::Snapshot;

use crate::config;
use crate::database::{Connection, Database, Failure, Id};
use crate::http::idempotency::Idempotency;

/// How many typed revisions are kept in memory for what is pinned to them.
const REVISIONS_KEPT: u64 = 512;

/// The catalogue of this node: cheap to clone, shared by all handlers.
#[derive(Clone)]
pub struct Catalogue {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    kinds: Kinds,
    idempotency: Idempotency,
    previews: Previews,
    settings: config::Catalogue,
    current: RwLock<Arc<Snapshot>>,
    /// Held while a snapshot is built, so that an older one never replaces a newer one.
    building: Mutex<()>,
    /// Revisions as their kind's type. They never change, so that nothing here is ever stale.
    revisions: Cache<(Id, i64), Arc<dyn Any + Send + Sync>>,
    /// Places for questions that are looked up.
    searching: Arc<Semaphore>,
}

/// What a reader may be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Everything that is published.
    Everything,
    /// Nothing that pushes towards contact, repair, apology or forgiveness, and nothing that is wrong for people
    /// who were harmed or have ended contact.
    NoOutreach,
}

impl View {
    /// The view for an account whose plain flag says `no_outreach`.
    #[must_use]
    pub const fn of(no_outreach: bool) -> Self {
        if no_outreach { Self::NoOutreach } else { Self::Everything }
    }

    /// Whether an item or part with this header belongs into the view.
    #[must_use]
    pub fn shows(self, header: &Header) -> bool {
        self == Self::Everything || header.without_outreach()
    }
}

/// What other parts need to know of a published item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub id: Id,
    pub slug: String,
    pub title: String,
    pub revision: i64,
}

impl Catalogue {
    /// Loads what is published. Blocks; for the start, after the migrations and [`import::starter`].
    pub fn open(
        database: Database,
        kinds: Kinds,
        idempotency: Idempotency,
        previews: Previews,
        settings: &config::Catalogue,
    ) -> Result<Self, Failure> {
        let known = kinds.clone();
        let today = database.clock().now().to_utc().date_naive();
        let snapshot = database.read_now(move |connection| loading::load(connection, &known, &[], today))?;
        let revisions = Cache::new(REVISIONS_KEPT);
        let current = RwLock::new(Arc::new(snapshot));
        let (settings, building, searching) = (settings.clone(), Mutex::new(()), search::places());
        let shared =
            Shared { database, kinds, idempotency, previews, settings, current, building, revisions, searching };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What is published now. Hold it for one answer, so that the answer is of one piece.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The kinds that this service knows.
    #[must_use]
    pub fn kinds(&self) -> &Kinds {
        &self.shared.kinds
    }

    /// How the catalogue is run.
    #[must_use]
    pub fn settings(&self) -> &config::Catalogue {
        &self.shared.settings
    }

    #[must_use]
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// Links that show drafts.
    #[must_use]
    pub fn previews(&self) -> &Previews {
        &self.shared.previews
    }

    /// Where the answers to curators' creates are kept for repetition.
    #[must_use]
    pub fn idempotency(&self) -> &Idempotency {
        &self.shared.idempotency
    }

    /// The published item of `kind` (a [`Kind::NAME`], or `steps`) with this id, if `view` holds it. Reads memory only.
    #[must_use]
    pub fn published(&self, view: View, kind: &str, id: Id) -> Option<Published> {
        let snapshot = self.snapshot();
        let entry = snapshot.shelf(view, kind).by_id(id)?;
        let (slug, title) = (entry.slug.clone(), entry.title.clone());
        Some(Published { id, slug, title, revision: entry.revision })
    }

    /// Whether `view` holds this published item. Reads memory only.
    #[must_use]
    pub fn exists(&self, view: View, kind: &str, id: Id) -> bool {
        self.snapshot().shelf(view, kind).by_id(id).is_some()
    }

    /// The kind (plural, as in its path) of whatever `view` holds under this id. Reads memory only.
    #[must_use]
    pub fn kind_of(&self, view: View, id: Id) -> Option<&'static str> {
        self.snapshot().entry(view, id).map(|(kind, _)| kind)
    }

    /// The item as revision `number` said it, published or not, for what is pinned to that revision. In memory after
    /// its first read.
    pub async fn revision<K: Kind>(&self, id: Id, number: i64) -> Result<Option<Arc<Document<K>>>, Failure> {
        if let Some(known) = self.known_revision(id, number) {
            return Ok(Some(known));
        }
        let catalogue = self.clone();
        self.shared.database.read(move |connection| catalogue.revision_in(connection, id, number)).await
    }

    /// The same inside a database job.
    pub fn revision_in<K: Kind>(
        &self,
        connection: &mut Connection,
        id: Id,
        number: i64,
    ) -> Result<Option<Arc<Document<K>>>, Failure> {
        if let Some(known) = self.known_revision(id, number) {
            return Ok(Some(known));
        }
        if store::find(connection, K::NAME, id)?.is_none() {
            return Ok(None);
        }
        let found = store::typed::<K>(connection, id, number)?.map(Arc::new);
        if let Some(document) = &found {
            let kept: Arc<dyn Any + Send + Sync> = Arc::<Document<K>>::clone(document);
            self.shared.revisions.insert((id, number), kept);
        }
        Ok(found)
    }

    fn known_revision<K: Kind>(&self, id: Id, number: i64) -> Option<Arc<Document<K>>> {
        self.shared.revisions.get(&(id, number))?.downcast().ok()
    }

    /// Takes over what was published since the last look, on this node or another, and what a new day changes.
    pub async fn refresh(&self) -> Result<(), Failure> {
        let _alone = self.shared.building.lock().await;
        let (current, kinds) = (self.snapshot(), self.shared.kinds.clone());
        let today = self.shared.database.clock().now().to_utc().date_naive();
        let newer = move |connection: &mut Connection| {
            if store::version(connection)? == current.version() && current.day() == today {
                return Ok::<_, Failure>(None);
            }
            loading::load(connection, &kinds, current.loaded(), today).map(Some)
        };
        if let Some(snapshot) = self.shared.database.read(newer).await? {
            *self.shared.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        }
        Ok(())
    }

    /// Takes over at once what this node has just published; a failure is left to the next look.
    pub async fn refresh_soon(&self) {
        if let Err(failure) = self.refresh().await {
            tracing::warn!(%failure, "published, but not yet taken over by this node");
        }
    }

    /// Looks again and again for what other nodes published. Never ends; run it under the supervisor.
    pub async fn follow(self) {
        let checked = metrics::gauge!("mend_catalogue_checked_timestamp_seconds");
        loop {
            tokio::time::sleep(Duration::from_millis(self.shared.settings.poll_milliseconds)).await;
            match self.refresh().await {
                Ok(()) => checked.set(self.shared.database.clock().now().as_seconds()),
                Err(failure) => {
                    tracing::warn!(%failure, "the catalogue cannot be refreshed; what was loaded stays in use");
                }
            }
        }
    }
}
