//! The kinds that this service knows, so that the engine can handle any of them without naming one.
//! Holds always: a kind is registered by one line of `routes.rs`, which also mounts its routes.

use std::any::Any;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::document::{Document, Guard, Header, Link, References};
use super::exchange::shape::Shape;
use super::item::{Curated, CuratedItem, READ_ONLY};
use super::kind::{Kind, OnDay, Part, Place};
use super::rules;
use super::schema::Input;
use crate::database::Id;
use crate::http::input::{self, Strict};
use crate::http::mount::Mount;
use crate::http::problem::{Fault, Problem};

/// A document of some kind.
pub trait AnyDocument: Any + Send + Sync {
    fn header(&self) -> &Header;
    fn header_mut(&mut self) -> &mut Header;
    fn references(&self) -> &References;
    /// The document as it is stored: two are equal exactly when this is.
    fn text(&self) -> serde_json::Result<String>;
    /// The document as members of an object.
    fn value(&self) -> serde_json::Result<Value>;
    /// What curators read: the document behind its envelope.
    fn for_curators(&self, envelope: &Curated) -> serde_json::Result<Vec<u8>>;
    /// [`Kind::settle`]
    fn settle(&mut self, item: Id);
    /// [`rules::faults`]
    fn faults(&self) -> Vec<Fault>;
    /// [`rules::publishing_faults`]
    fn publishing_faults(&self) -> Vec<Fault>;
    /// The document as people see it who must not be pushed, where its own members differ for them.
    fn without_outreach(&self) -> Option<Box<dyn AnyDocument>>;
    /// [`Kind::rank`]
    fn rank(&self) -> u8;
    /// [`Kind::filtered_by`]
    fn filtered_by(&self) -> Vec<(&'static str, String)>;
    /// The document as it is on that day.
    fn on_day(&self, today: NaiveDate) -> OnDay<Box<dyn AnyDocument>>;
    /// What a read of the item answers.
    fn full(&self, place: &Place, links: &[Link], guards: &[Guard]) -> serde_json::Result<Box<RawValue>>;
    /// What a list shows of it.
    fn summary(&self, place: &Place, guards: &[Guard]) -> serde_json::Result<Box<RawValue>>;
    fn parts(&self, place: &Place) -> serde_json::Result<Vec<Part>>;
}

#[derive(Serialize)]
struct Full<'a, K> {
    #[serde(flatten)]
    place: &'a Place,
    #[serde(flatten)]
    header: &'a Header,
    guards: &'a [Guard],
    sources: &'a [super::document::Source],
    links: &'a [Link],
    #[serde(flatten)]
    own: &'a K,
}

#[derive(Serialize)]
struct Short<'a, B> {
    #[serde(flatten)]
    place: &'a Place,
    #[serde(flatten)]
    header: &'a Header,
    guards: &'a [Guard],
    #[serde(flatten)]
    brief: B,
}

impl<K: Kind> AnyDocument for Document<K> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn header_mut(&mut self) -> &mut Header {
        &mut self.header
    }

    fn references(&self) -> &References {
        &self.references
    }

    fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn value(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }

    fn for_curators(&self, envelope: &Curated) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&CuratedItem { envelope, document: self })
    }

    fn settle(&mut self, item: Id) {
        self.own.settle(item);
    }

    fn faults(&self) -> Vec<Fault> {
        rules::faults(self)
    }

    fn publishing_faults(&self) -> Vec<Fault> {
        rules::publishing_faults(self)
    }

    fn without_outreach(&self) -> Option<Box<dyn AnyDocument>> {
        let own = self.own.without_outreach()?;
        Some(Box::new(Self { own, header: self.header.clone(), references: self.references.clone() }))
    }

    fn rank(&self) -> u8 {
        self.own.rank()
    }

    fn filtered_by(&self) -> Vec<(&'static str, String)> {
        self.own.filtered_by(&self.references)
    }

    fn on_day(&self, today: NaiveDate) -> OnDay<Box<dyn AnyDocument>> {
        match self.own.on_day(today) {
            OnDay::Unchanged => OnDay::Unchanged,
            OnDay::Changed(own) => {
                let (header, references) = (self.header.clone(), self.references.clone());
                OnDay::Changed(Box::new(Self { header, references, own }))
            }
            OnDay::Over => OnDay::Over,
        }
    }

    fn full(&self, place: &Place, links: &[Link], guards: &[Guard]) -> serde_json::Result<Box<RawValue>> {
        let sources = &self.references.sources;
        to_raw_value(&Full { place, header: &self.header, guards, sources, links, own: &self.own })
    }

    fn summary(&self, place: &Place, guards: &[Guard]) -> serde_json::Result<Box<RawValue>> {
        to_raw_value(&Short { place, header: &self.header, guards, brief: self.own.brief() })
    }

    fn parts(&self, place: &Place) -> serde_json::Result<Vec<Part>> {
        self.own.parts(place, &self.header)
    }
}

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
}
