//! Everything that is opened before the first request: stores, keys, engines.
//! Holds always: migrations come before anything reads, keys before anything seals, and the data directory is held alone.

use std::sync::Arc;

use actix_web::web::Data;

use crate::auth::Auth;
use crate::catalogue::bundle::Bundler;
use crate::catalogue::{Catalogue, Previews, import};
use crate::config::Config;
use crate::database::{Clock, DataDirectory, Database};
use crate::http::idempotency::Idempotency;
use crate::http::layers::draining::Draining;
use crate::http::page::CursorSealer;
use crate::operations::manifest::Manifest;
use crate::operations::supervisor::Supervisor;
use crate::privacy::{KeyRing, Keystore};
use crate::records::{self, Records};
use crate::resources::submissions::Submissions;
use crate::routes;

use super::StartError;

/// The opened parts of one node. Clones share everything.
#[derive(Clone)]
pub struct House {
    pub config: Config,
    pub database: Database,
    pub ring: Arc<KeyRing>,
    pub keystore: Keystore,
    pub auth: Auth,
    pub catalogue: Catalogue,
    pub bundler: Data<Bundler>,
    pub records: Records,
    pub submissions: Submissions,
    pub idempotency: Idempotency,
    pub cursors: CursorSealer,
    pub draining: Draining,
    /// What is stored, as it is published.
    pub manifest: Data<Manifest>,
    /// The node's background tasks.
    pub supervisor: Supervisor,
    /// Held as long as any clone lives.
    _directory: Arc<DataDirectory>,
}

impl House {
    /// Opens, migrates and loads, once the databases answer. Blocks.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn open(config: Config, clock: Clock, directory: DataDirectory) -> Result<Self, StartError> {
        let database = Database::open(&config.database, clock.clone())?;
        log_applied("database", &database.migrate()?);
        let (ring, keystore) = open_keys(&config, &database)?;
        let auth = Auth::new(&config, database.clone(), Arc::clone(&ring))?;
        let idempotency = Idempotency::new(Arc::clone(&ring), clock.clone());
        let cursors = CursorSealer::new(Arc::clone(&ring), clock);
        let catalogue = open_catalogue(&config, &database, &idempotency, &ring)?;
        let records = Records::new(records::Parts {
            database: database.clone(),
            keystore: keystore.clone(),
            catalogue: catalogue.clone(),
            auth: auth.clone(),
            cursors: cursors.clone(),
            idempotency: idempotency.clone(),
            limits: config.limits.clone(),
            collections: routes::collections(),
        });
        let submissions = Submissions {
            database: database.clone(),
            ring: Arc::clone(&ring),
            catalogue: catalogue.clone(),
            cursors: cursors.clone(),
            idempotency: idempotency.clone(),
            settings: config.submissions.clone(),
        };
        let bundler = Data::new(Bundler::new(Arc::clone(&ring)));
        let (draining, directory) = (Draining::default(), Arc::new(directory));
        Ok(Self {
            config,
            database,
            ring,
            keystore,
            auth,
            catalogue,
            bundler,
            records,
            submissions,
            idempotency,
            cursors,
            draining,
            manifest: manifest(),
            supervisor: Supervisor::default(),
            _directory: directory,
        })
    }
}

/// What this version stores.
fn manifest() -> Data<Manifest> {
    let documents: Vec<_> = routes::collections().iter().map(|collection| (collection.stored)()).collect();
    Data::new(Manifest::of(&documents))
}

/// The ring this database belongs to, and the keystore that belongs to both.
fn open_keys(config: &Config, database: &Database) -> Result<(Arc<KeyRing>, Keystore), StartError> {
    let (settings, now) = (config.keys.clone(), database.clock().now());
    let ring = database.write_now(move |connection| KeyRing::load_for(&settings, connection, now))?;
    let keystore = Keystore::open(config, Arc::clone(&ring), database.clock().clone())?;
    log_applied("keystore", &keystore.migrate()?);
    let bound = keystore.clone();
    database.write_now(move |connection| bound.bind(connection, now))?;
    Ok((ring, keystore))
}

fn open_catalogue(
    config: &Config,
    database: &Database,
    idempotency: &Idempotency,
    ring: &Arc<KeyRing>,
) -> Result<Catalogue, StartError> {
    let kinds = routes::kinds();
    if config.catalogue.starter {
        import::starter(database, &kinds)?;
    }
    let previews = Previews::new(Arc::clone(ring));
    Ok(Catalogue::open(database.clone(), kinds, idempotency.clone(), previews, &config.catalogue)?)
}

fn log_applied(store: &'static str, names: &[String]) {
    for name in names {
        tracing::info!(store, name, "migrated");
    }
}
