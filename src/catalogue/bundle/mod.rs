//! The catalogue to take along: all that somebody may be shown, in one signed file, for use without a network.
//! Holds always: what this person must not be shown is not in it; the signature covers every line, so that none can be
//! changed, added or left out unseen; two nodes that show the same sign the same.
//!
//! It is JSON Lines. The first line holds the manifest: a JWS that lists each item with the digest of its line. Every other
//! line is an item, byte for byte as a read of it answers, with its nudges, contraindications and guards, so that an app can
//! go on withholding without a network. Whoever has an older one sends the digests of its lines and gets only the others.

mod keys;
pub mod operations;
mod shapes;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use moka::sync::Cache;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::keys::Unsigned;
use super::kinds::Kinds;
use super::rendered::{Media, Rendered};
use super::sight::Sight;
use super::snapshot::Snapshot;
use super::{Catalogue, View};
use crate::database::Id;
use crate::privacy::KeyRing;

/// How many bytes of finished bundles are kept, for people who hid nothing.
const KEPT_BYTES: u64 = 16 * 1024 * 1024;

/// Makes bundles and signs them. Clones share the key ring.
#[derive(Clone)]
pub struct Bundler {
    ring: Arc<KeyRing>,
    finished: Cache<(i64, NaiveDate, View), Arc<Rendered>>,
}

/// What the manifest says.
#[derive(Serialize)]
struct Manifest<'a> {
    iss: &'static str,
    /// The catalogue's version: a higher one is newer.
    version: i64,
    /// The day (UTC) that it shows.
    day: NaiveDate,
    /// `shown`, or `hidden` when nothing that pushes towards contact is in it.
    outreach_content: &'static str,
    items: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    /// The list that it stands in, e.g. `tips`.
    list: &'static str,
    id: Id,
    locale: &'a str,
    digest: &'a str,
}

/// One item of a bundle.
struct BundleLine<'a> {
    list: &'static str,
    id: Id,
    locale: &'a str,
    digest: String,
    json: Cow<'a, [u8]>,
}

impl Bundler {
    #[must_use]
    pub fn new(ring: Arc<KeyRing>) -> Self {
        let weigh =
            |_: &(i64, NaiveDate, View), bundle: &Arc<Rendered>| u32::try_from(bundle.size()).unwrap_or(u32::MAX);
        Self { ring, finished: Cache::builder().max_capacity(KEPT_BYTES).weigher(weigh).build() }
    }

    /// All that this person may be shown.
    ///
    /// # Errors
    /// It cannot be signed, which only a broken key ring causes.
    fn whole(&self, catalogue: &Catalogue, sight: &Sight) -> Result<Arc<Rendered>, Unsigned> {
        let snapshot = catalogue.snapshot();
        let question = (snapshot.version(), snapshot.day(), sight.view);
        if sight.is_shared()
            && let Some(finished) = self.finished.get(&question)
        {
            return Ok(finished);
        }
        let bundle = Arc::new(self.without(&HashSet::new(), &snapshot, catalogue.kinds(), sight)?);
        if sight.is_shared() {
            self.finished.insert(question, Arc::clone(&bundle));
        }
        Ok(bundle)
    }

    /// The same without the lines that the person has.
    fn without(
        &self,
        had: &HashSet<String>,
        snapshot: &Snapshot,
        kinds: &Kinds,
        sight: &Sight,
    ) -> Result<Rendered, Unsigned> {
        let lines = lines(snapshot, kinds, sight);
        let manifest = Manifest {
            iss: keys::ISSUER,
            version: snapshot.version(),
            day: snapshot.day(),
            outreach_content: if sight.view == View::NoOutreach { "hidden" } else { "shown" },
            items: lines.iter().map(BundleLine::listed).collect(),
        };
        let mut file = format!("{{\"manifest\":\"{}\"}}\n", keys::signed(&self.ring, &manifest)?).into_bytes();
        for line in lines.iter().filter(|line| !had.contains(&line.digest)) {
            file.extend_from_slice(&line.json);
            file.push(b'\n');
        }
        Ok(Rendered::new(file).of(Media::JsonLines))
    }
}

impl BundleLine<'_> {
    fn listed(&self) -> Listed<'_> {
        Listed { list: self.list, id: self.id, locale: self.locale, digest: &self.digest }
    }
}

/// Kind by kind in the order of registration, and within a kind in the order of its list. Steps lie inside their programs.
fn lines<'a>(snapshot: &'a Snapshot, kinds: &Kinds, sight: &Sight) -> Vec<BundleLine<'a>> {
    let mut lines = Vec::new();
    for kind in kinds.all() {
        for entry in snapshot.shelf(sight.view, kind.name).in_order().filter(|entry| sight.lists(entry)) {
            let whole = entry.full.json();
            let json = sight.narrowed(snapshot, whole).map_or(Cow::Borrowed(whole.as_ref()), Cow::Owned);
            let digest = digest(&json);
            lines.push(BundleLine { list: kind.name, id: entry.id, locale: &entry.locale, digest, json });
        }
    }
    lines
}

/// The first 16 bytes of the line's SHA-256, without its line feed, in base64url.
fn digest(line: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(line).get(..16).unwrap_or_default())
}
