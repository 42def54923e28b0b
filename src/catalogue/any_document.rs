//! A document of whatever kind, so that the engine can handle it without naming the kind.
//! Holds always: what is stored, what readers get and what curators get are written from the same members.

use std::any::Any;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::document::{Document, Guard, Header, Link, References, Source};
use super::item::{Curated, CuratedItem};
use super::kind::{Kind, OnDay, Part, Place};
use super::media::{Beside, MediaFile, ShownMedium};
use super::rules;
use crate::database::Id;
use crate::http::problem::Fault;

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
    fn full(&self, place: &Place, around: &ShownWith<'_>) -> serde_json::Result<Box<RawValue>>;
    /// What a list shows of it.
    fn summary(&self, place: &Place, guards: &[Guard]) -> serde_json::Result<Box<RawValue>>;
    fn parts(&self, place: &Place) -> serde_json::Result<Vec<Part>>;
    /// [`Kind::file`]
    fn file(&self) -> Option<&MediaFile>;
    /// [`Kind::beside`]
    fn beside(&self) -> Option<Beside>;
}

/// What is shown with an item and is no part of its document: other items, as the reader may see them.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShownWith<'a> {
    pub links: &'a [Link],
    pub guards: &'a [Guard],
    pub media: &'a [ShownMedium],
}

#[derive(Serialize)]
struct Full<'a, K> {
    #[serde(flatten)]
    place: &'a Place,
    #[serde(flatten)]
    header: &'a Header,
    guards: &'a [Guard],
    sources: &'a [Source],
    links: &'a [Link],
    media: &'a [ShownMedium],
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

    fn full(&self, place: &Place, around: &ShownWith<'_>) -> serde_json::Result<Box<RawValue>> {
        let ShownWith { links, guards, media } = *around;
        let sources = &self.references.sources;
        to_raw_value(&Full { place, header: &self.header, guards, sources, links, media, own: &self.own })
    }

    fn summary(&self, place: &Place, guards: &[Guard]) -> serde_json::Result<Box<RawValue>> {
        to_raw_value(&Short { place, header: &self.header, guards, brief: self.own.brief() })
    }

    fn parts(&self, place: &Place) -> serde_json::Result<Vec<Part>> {
        self.own.parts(place, &self.header)
    }

    fn file(&self) -> Option<&MediaFile> {
        self.own.file()
    }

    fn beside(&self) -> Option<Beside> {
        self.own.beside()
    }
}
