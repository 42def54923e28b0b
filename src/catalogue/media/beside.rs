//! Which pictures stand beside an item: those that it names and that are published, in the best language there is.
//! Holds always: a picture that was taken back is beside nothing from then on, and its file is read by nobody.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{MediaFile, ShownMedium};
use crate::catalogue::document::{Header, References};
use crate::catalogue::snapshot::Loaded;
use crate::catalogue::vocabulary::MediaLicence;
use crate::database::Id;

/// What an item that is about a picture says of it to the items that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    pub alt_text: String,
    pub caption: Option<String>,
    pub credit: String,
    pub licence: MediaLicence,
    pub licence_url: Option<String>,
    pub file: MediaFile,
}

impl Beside {
    /// The same as other items show it.
    fn shown(self, id: Id, header: &Header) -> ShownMedium {
        let Self { alt_text, caption, credit, licence, licence_url, file } = self;
        let MediaFile { sha256, content_type, width, height, byte_length } = file;
        ShownMedium {
            id,
            slug: header.slug.clone(),
            locale: header.locale.clone(),
            alt_text,
            caption,
            credit,
            licence,
            licence_url,
            url: format!("/v1/media-files/{sha256}"),
            sha256,
            content_type,
            width,
            height,
            byte_length,
        }
    }
}

/// One published picture.
struct Picture {
    /// The slug that its original has.
    group: String,
    is_original: bool,
    shown: ShownMedium,
}

/// Every published picture.
#[derive(Default)]
pub struct Pictures {
    all: Vec<Picture>,
    /// Places in `all`, by slug, and by the slug of the original.
    named: HashMap<String, Vec<usize>>,
    files: HashSet<String>,
}

impl Pictures {
    /// The pictures among these items.
    #[must_use]
    pub fn of(loaded: &[Arc<Loaded>]) -> Self {
        let mut pictures = Self::default();
        for item in loaded {
            let Some(beside) = item.document.beside() else { continue };
            let header = item.document.header();
            let original = header.translation_of.as_ref();
            let group = original.map_or(&header.slug, |original| &original.slug).clone();
            let (place, shown) = (pictures.all.len(), beside.shown(item.id, header));
            pictures.files.insert(shown.sha256.clone());
            for name in HashSet::from([&shown.slug, &group]) {
                pictures.named.entry(name.clone()).or_default().push(place);
            }
            pictures.all.push(Picture { group, is_original: original.is_none(), shown });
        }
        pictures
    }

    /// Whether a published picture is about this file.
    #[must_use]
    pub fn show_file(&self, sha256: &str) -> bool {
        self.files.contains(sha256)
    }

    /// Those that an item names, each in the item's language, else in the one that it was translated from, else as it was
    /// first written.
    #[must_use]
    pub fn beside(&self, header: &Header, references: &References) -> Vec<ShownMedium> {
        references.media.iter().filter_map(|slug| self.best(slug, header)).cloned().collect()
    }

    fn best(&self, slug: &str, header: &Header) -> Option<&ShownMedium> {
        let named = |name: &str| self.named.get(name).into_iter().flatten().filter_map(|place| self.all.get(*place));
        // An item may name a picture by the slug of any of its languages.
        let group = &named(slug).next()?.group;
        let source = header.translation_of.as_ref().map(|original| original.locale.as_str());
        let distance = |picture: &&Picture| {
            let locale = picture.shown.locale.as_str();
            if locale == header.locale {
                0
            } else if Some(locale) == source {
                1
            } else {
                3 - i32::from(picture.is_original)
            }
        };
        named(group).min_by_key(distance).map(|picture| &picture.shown)
    }
}
