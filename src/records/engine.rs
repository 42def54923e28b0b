//! The engine's parts in one place, and the list of collections it carries.
//! Holds always: a node holds no state here that another node needs.

use std::sync::Arc;

use crate::auth::{Auth, Caller};
use crate::catalogue::{Catalogue, View};
use crate::config;
use crate::database::Database;
use crate::http::idempotency::Idempotency;
use crate::http::mount::Mount;
use crate::http::openapi::{Member, members};
use crate::http::page::CursorSealer;
use crate::http::problem::Problem;
use crate::privacy::Keystore;
use crate::privacy::map::{StoredDocument, StoredField, keeping};

use super::collection::{Collection, Surroundings};
use super::pin::Pin;
use super::row::Row;
use super::sight::{Shapes, Sights};
use super::tally::Says;
use super::{document, routes, sight, tally};

/// The private engine of this node; cheap to clone, shared by all handlers as `web::Data`.
#[derive(Clone)]
pub struct Records(Arc<Parts>, Sights);

/// What the engine works with.
pub struct Parts {
    pub database: Database,
    pub keystore: Keystore,
    pub catalogue: Catalogue,
    pub auth: Auth,
    pub cursors: CursorSealer,
    pub idempotency: Idempotency,
    pub limits: config::Limits,
    pub collections: Vec<Registered>,
}

impl Records {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts), Sights::default())
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0
    }

    pub(super) fn sights(&self) -> &Sights {
        &self.1
    }

    /// What a record of `caller` may look at while it is written, what it is pinned to included.
    pub(super) async fn around<'a>(
        &'a self,
        caller: &'a Caller,
        pin: Option<Pin>,
    ) -> Result<Surroundings<'a>, Problem> {
        let pinned = match pin {
            Some(pin) => self.pinned(caller, pin).await?,
            None => None,
        };
        Ok(Surroundings { caller, catalogue: &self.0.catalogue, now: self.0.database.clock().now(), pinned })
    }

    /// The catalogue view of `caller`.
    pub(super) fn view(caller: &Caller) -> View {
        View::of(caller.no_outreach)
    }

    /// The declaration of the collection with this stored name.
    pub(super) fn registered(&self, name: &str) -> Option<&Registered> {
        self.0.collections.iter().find(|collection| collection.name == name)
    }
}

/// A collection without its type: what the engine and the privacy map need when only the stored name is known.
#[derive(Clone, Copy)]
pub struct Registered {
    /// [`Collection::NAME`].
    pub name: &'static str,
    /// [`Collection::ABOUT`].
    pub about: &'static str,
    /// [`Collection::PURPOSE`].
    pub purpose: &'static str,
    /// Adds the collection's routes and operations.
    pub mount: fn(&mut Mount<'_>),
    /// What of a record is kept, for what and for how long: its privacy declaration.
    pub stored: fn() -> StoredDocument,
    /// Whether a row withholds outreach content from its owner; none when the collection has no say in it.
    pub(super) withholds: Option<Withholds>,
    /// What the collection keeps away from its owner; none when it has no say in it.
    pub(super) shapes: Option<Shapes>,
    /// What a row says of an item; none when the collection says nothing.
    pub(super) says: Option<Says>,
}

/// Opens a row and asks the record inside.
pub(super) type Withholds = fn(&Keystore, &Row) -> Result<bool, Problem>;

/// Registers a collection: its routes, its operations and its privacy declaration in one act.
#[must_use]
pub fn register<C: Collection>() -> Registered {
    Registered {
        name: C::NAME,
        about: C::ABOUT,
        purpose: C::PURPOSE,
        mount: |config| {
            config.service(routes::Routes::<C>::new());
        },
        stored: stored::<C>,
        withholds: C::GUARDS_OUTREACH.then_some(withholds::<C>),
        shapes: C::SHAPES_SIGHT.then_some(sight::shapes::<C>),
        says: C::SIGNALS.then_some(tally::says::<C>),
    }
}

fn stored<C: Collection>() -> StoredDocument {
    let field = |member: Member| StoredField {
        keeping: keeping(&member.path, C::KEEPING, C::EXCEPTIONS),
        path: member.path,
        purpose: member.about,
    };
    StoredDocument { name: C::NAME, purpose: C::PURPOSE, fields: members::<C>().into_iter().map(field).collect() }
}

fn withholds<C: Collection>(keystore: &Keystore, row: &Row) -> Result<bool, Problem> {
    match document::open::<C>(keystore, row)? {
        Some(opened) => Ok(opened.record::<C>()?.withholds_outreach()),
        None => Ok(false),
    }
}
