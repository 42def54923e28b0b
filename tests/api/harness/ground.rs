//! What a world stands on: its databases, its keystore, its key ring and a folder for each node.
//! Holds always: a ground belongs to one world; it is copied from one that a real start prepared, so that a story does
//! not wait for migrations and starter content.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use mend::config::{Config, Secret};
use mend::database::{Clock, Purpose, Target, partitions};

use super::postgres::{SERVER, Server};
use super::{Engine, Node, scratch, world};

/// Databases and folders that are gone when this is dropped.
pub struct Ground {
    /// SQLite where PostgreSQL was asked for and is missing.
    pub engine: Engine,
    pub folder: PathBuf,
    databases: Option<Databases>,
}

/// The two databases of a world on PostgreSQL.
struct Databases {
    server: &'static Server,
    main: String,
    keystore: String,
}

static PREPARED_SQLITE: LazyLock<Ground> = LazyLock::new(|| Ground::prepare(Engine::Sqlite));
static PREPARED_POSTGRES: LazyLock<Ground> = LazyLock::new(|| Ground::prepare(Engine::Postgres));

impl Ground {
    /// Nothing there yet: the first start makes everything.
    pub fn bare(engine: Engine) -> Self {
        // Whoever asks for the server starts it.
        let server = if engine == Engine::Postgres { SERVER.as_ref() } else { None };
        let databases = server.map(|server| Databases::create(server, None));
        let engine = if databases.is_some() { Engine::Postgres } else { Engine::Sqlite };
        Self { engine, folder: scratch::folder("world"), databases }
    }

    /// A copy of what one start made of a bare ground.
    pub fn prepared(engine: Engine) -> Self {
        let postgres = engine == Engine::Postgres && SERVER.is_some();
        let template: &Self = if postgres { &PREPARED_POSTGRES } else { &PREPARED_SQLITE };
        let folder = scratch::folder("world");
        copy_folder(&template.folder, &folder);
        let databases = template.databases.as_ref().map(|template| Databases::create(template.server, Some(template)));
        Self { engine: template.engine, folder, databases }
    }

    fn prepare(engine: Engine) -> Self {
        let ground = Self::bare(engine);
        drop(Node::start(ground.config(0), Clock::manual(world::beginning())));
        ground.divide();
        if let Some(databases) = &ground.databases {
            databases.close();
        }
        ground
    }

    /// Divides the big tables on PostgreSQL where the test run asks for it: `TEST_PARTITIONS=16 cargo test --test api`.
    #[expect(clippy::disallowed_methods, reason = "which shape of the database is tested is the test run's affair")]
    fn divide(&self) {
        let asked = std::env::var("TEST_PARTITIONS").ok().filter(|count| !count.is_empty());
        let (Some(count), Some(databases)) = (asked, &self.databases) else { return };
        let count = count.parse().expect("TEST_PARTITIONS is a number");
        let target = Target::parse(&databases.server.url(&databases.main), false).expect("a URL on loopback");
        let mut connection = target.connect(Purpose::Write).expect("a connection");
        let divided = partitions::divide(&mut connection, count).expect("tables that can be divided");
        assert_eq!(divided, partitions::DIVIDED);
    }

    /// The configuration of the node with that number. Nodes share databases and key ring; on SQLite there is one node.
    pub fn config(&self, node: usize) -> Config {
        let mut config = Config::for_tests(&self.folder.join(format!("node-{node}")));
        config.keys.ring_file = self.folder.join("keyring.json");
        if let Some(databases) = &self.databases {
            config.database.url = Secret::new(databases.server.url(&databases.main));
            config.keys.keystore_url = Secret::new(databases.server.url(&databases.keystore));
        }
        config
    }

    /// Every folder in which the databases keep files, write-ahead logs included.
    pub fn stores(&self) -> Vec<PathBuf> {
        let server = self.databases.as_ref().map(|databases| databases.server.data.clone());
        [self.folder.clone()].into_iter().chain(server).collect()
    }

    /// Lets nobody into the databases any more, as if their server were gone.
    pub fn shut(&self) {
        if let Some(databases) = &self.databases {
            databases.close();
        }
    }

    /// Lets PostgreSQL write everything that it still holds in memory.
    pub fn checkpoint(&self) {
        if let Some(databases) = &self.databases {
            databases.server.run("CHECKPOINT");
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(databases) = &self.databases {
            for name in [&databases.main, &databases.keystore] {
                databases.server.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        }
        fs::remove_dir_all(&self.folder).ok();
    }
}

impl Databases {
    fn create(server: &'static Server, template: Option<&Self>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let new = Self { server, main: format!("mend_{number}"), keystore: format!("mend_{number}_keystore") };
        let empty = "template0";
        let (main, keystore) = template.map_or((empty, empty), |from| (from.main.as_str(), from.keystore.as_str()));
        server.run(&format!("CREATE DATABASE {} TEMPLATE {main}", new.main));
        server.run(&format!("CREATE DATABASE {} TEMPLATE {keystore}", new.keystore));
        new
    }

    /// Ends every connection and lets nobody in again: a database that is copied must be at rest.
    fn close(&self) {
        for name in [&self.main, &self.keystore] {
            self.server.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
            self.server
                .run(&format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"));
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder for one test");
    for entry in fs::read_dir(from).expect("the prepared folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy of a prepared file");
        }
    }
}
