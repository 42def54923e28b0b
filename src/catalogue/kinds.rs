//! The kinds that this service knows, so that the engine can handle any of them without naming one.
//! Holds always: a kind is registered by one line of `routes.rs`, which also mounts its routes.

use serde_json::Value;

use super::any_document::AnyDocument;
use super::document::{Document, Header, References};
use super::exchange::shape::Shape;
use super::item::READ_ONLY;
use super::kind::Kind;
use super::rules;
use super::schema::Input;
use crate::database::Id;
use crate::http::input::{self, Strict};
use crate::http::mount::Mount;
use crate::http::problem::{Fault, Problem};

/// What the engine needs of a kind without knowing its type.
#[derive(Clone, Copy)]
pub struct Registered {
    /// [`Kind::NAME`]
    pub name: &'static str,
    /// [`Kind::SINGULAR`]
    pub singular: &'static str,
    /// [`Kind::ABOUT`]
    pub about: &'static str,
    /// [`Kind::PARTS`]
    pub parts: Option<&'static str>,
    /// [`Kind::PART`]
    pub part: Option<&'static str>,
    /// [`Kind::IS_FOUND`]
    pub is_found: bool,
    /// [`Kind::IS_SHOWN_BESIDE`]
    pub is_shown_beside: bool,
    open: fn(&str) -> serde_json::Result<Box<dyn AnyDocument>>,
    read: fn(Value) -> Result<Box<dyn AnyDocument>, Problem>,
    /// What exports and tables know of the kind's documents.
    pub shape: fn() -> Shape,
    /// Mounts the kind's routes and adds them to the document.
    pub mount: fn(&mut Mount<'_>),
    /// [`super::routes::mount_alone`]
    pub mount_alone: fn(&mut actix_web::web::ServiceConfig),
}

/// A stored document, and what keeps it from being published.
pub type Checked = (Box<dyn AnyDocument>, Vec<Fault>);

/// How far a document should go: which rules it is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It may be incomplete.
    Draft,
    /// It keeps every rule of publishing.
    Published,
}

/// A document from a file that keeps the rules of its stage, apart from whether its links lead somewhere.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub slug: String,
    pub locale: String,
    pub header: Header,
    pub references: References,
    /// The document as it is stored.
    pub document: String,
}

/// Registers a kind: its reads, its curation, its starter files. One line of `routes.rs`.
#[must_use]
pub fn register<K: Kind>() -> Registered {
    Registered {
        name: K::NAME,
        singular: K::SINGULAR,
        about: K::ABOUT,
        parts: K::PARTS,
        part: K::PART,
        is_found: K::IS_FOUND,
        is_shown_beside: K::IS_SHOWN_BESIDE,
        open: |text| Ok(Box::new(serde_json::from_str::<Document<K>>(text)?)),
        read: |said| {
            input::check::<Input<K>>(&said, Strict::Whole)?;
            Ok(Box::new(input::typed::<Document<K>>(said)?))
        },
        shape: Shape::of::<K>,
        mount: super::routes::mount::<K>,
        mount_alone: super::routes::mount_alone::<K>,
    }
}

impl Registered {
    /// Reads a stored document.
    pub fn open(&self, document: &str) -> serde_json::Result<Box<dyn AnyDocument>> {
        (self.open)(document)
    }

    /// Reads a stored document and holds it to the rules of publishing, apart from whether its links lead somewhere.
    pub fn check(&self, document: &str) -> serde_json::Result<Checked> {
        let document = self.open(document)?;
        let faults = document.publishing_faults();
        Ok((document, faults))
    }

    /// Reads what somebody sent and holds it to the kind's schema.
    pub fn read(&self, said: Value) -> Result<Box<dyn AnyDocument>, Problem> {
        (self.read)(said)
    }

    /// Checks what a file says of the item `id` and makes its document.
    pub fn prepare(&self, mut said: Value, id: Id, stage: Stage) -> Result<Prepared, Vec<Fault>> {
        if let Some(members) = said.as_object_mut() {
            // Null and absent mean the same; what the service knows of an item is not its content.
            members.retain(|name, member| !member.is_null() && !READ_ONLY.contains(&name.as_str()));
        }
        let mut document = self.read(said).map_err(|problem| problem.fault_list().to_vec())?;
        document.settle(id);
        let found = match stage {
            Stage::Draft => document.faults(),
            Stage::Published => document.publishing_faults(),
        };
        if !found.is_empty() {
            return Err(found);
        }
        let text = document.text().map_err(|error| vec![rules::fault("", "not_json", error.to_string())])?;
        let (header, references) = (document.header().clone(), document.references().clone());
        Ok(Prepared { slug: header.slug.clone(), locale: header.locale.clone(), header, references, document: text })
    }

    /// A stored document as the item `id` stores it today: with every member, and what the service makes of the id.
    pub fn settled(&self, document: &str, id: Id) -> serde_json::Result<String> {
        let mut document = self.open(document)?;
        document.settle(id);
        document.text()
    }
}

/// All kinds of this service.
#[derive(Clone, Default)]
pub struct Kinds(Vec<Registered>);

impl From<Vec<Registered>> for Kinds {
    fn from(kinds: Vec<Registered>) -> Self {
        Self(kinds)
    }
}

impl Kinds {
    /// Mounts the routes of every kind.
    pub fn mount(&self, mount: &mut Mount<'_>) {
        for kind in &self.0 {
            (kind.mount)(mount);
        }
    }

    /// Every kind, in the order of registration.
    pub fn all(&self) -> impl Iterator<Item = &Registered> {
        self.0.iter()
    }

    /// The kind with this [`Kind::NAME`].
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Registered> {
        self.0.iter().find(|kind| kind.name == name)
    }

    /// The kind with this [`Kind::SINGULAR`].
    #[must_use]
    pub fn singular(&self, singular: &str) -> Option<&Registered> {
        self.0.iter().find(|kind| kind.singular == singular)
    }

    /// The kind with this [`Kind::SINGULAR`], if links may lead to its items.
    #[must_use]
    pub fn linked(&self, singular: &str) -> Option<&Registered> {
        self.singular(singular).filter(|kind| kind.is_found)
    }
}
