//! What stands around each item of a view: links in both directions, and what guards it.
//! Holds always: both ends of whatever is said here are in the view.

use std::collections::HashMap;
use std::sync::Arc;

use super::document::Guard;
use super::related::{Direction, Relation};
use super::snapshot::Loaded;
use super::vocabulary::LinkMeaning;
use crate::database::Id;

/// Where links lead in a view, by kind, language and slug.
pub(super) type Targets<'a> = HashMap<(&'a str, &'a str, &'a str), (Id, &'a str)>;

/// Links and guards of a view, by item.
#[derive(Default)]
pub(super) struct Around {
    pub(super) relations: HashMap<Id, Vec<Relation>>,
    pub(super) guards: HashMap<Id, Vec<Guard>>,
}

impl Around {
    pub(super) fn of(visible: &[&Arc<Loaded>], targets: &Targets<'_>) -> Self {
        let mut around = Self::default();
        for item in visible {
            let header = item.document.header();
            for link in &item.document.references().links {
                let target = |locale| targets.get(&(link.kind.as_str(), locale, link.slug.as_str()));
                // What is not translated yet stands in its original's language.
                let original = || target(header.translation_of.as_ref()?.locale.as_str());
                let Some((other, _)) = target(header.locale.as_str()).or_else(original) else { continue };
                around.relate(item.id, link.meaning, *other);
                if link.meaning == LinkMeaning::Guards {
                    around.guards.entry(*other).or_default().push(guard(item));
                }
            }
        }
        around
    }

    fn relate(&mut self, id: Id, meaning: LinkMeaning, other: Id) {
        let (to, from) = (Direction::To, Direction::From);
        self.relations.entry(id).or_default().push(Relation { meaning, direction: to, other });
        self.relations.entry(other).or_default().push(Relation { meaning, direction: from, other: id });
    }
}

fn guard(item: &Loaded) -> Guard {
    let header = item.document.header();
    Guard {
        kind: item.singular.to_owned(),
        id: item.id,
        slug: header.slug.clone(),
        title: header.title.clone(),
        text: header.summary.clone().unwrap_or_default(),
    }
}
