//! Golden databases: what a released version left behind, kept in `tests/migrations/golden/<version>/<engine>/`.
//! Holds always: a set holds both stores, the key ring that opens them and a manifest of what is in them; the ring is a test's and
//! guards nothing else.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection as _;
use mend::config::{Config, Secret};
use mend::database::{Purpose, Target};
use serde_json::Value;

use super::binary::word;
use super::postgres::{SERVER, program};
use super::{Engine, scratch};

/// One engine's set of one version.
pub struct Golden {
    pub folder: PathBuf,
    pub engine: Engine,
    pub manifest: Value,
}

/// The stores of a set and of a configuration, by name.
fn stores(config: &Config) -> [(&'static str, &Secret); 2] {
    [("main", &config.database.url), ("keystore", &config.keys.keystore_url)]
}

/// The folder of all sets.
pub fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrations/golden")
}

/// Every kept set whose engine is at hand.
pub fn all() -> Vec<Golden> {
    let versions = fs::read_dir(home()).expect("the golden databases").flatten().map(|version| version.path());
    let mut found = Vec::new();
    for version in versions.filter(|path| path.is_dir()) {
        for (name, engine) in [("sqlite", Engine::Sqlite), ("postgres", Engine::Postgres)] {
            let folder = version.join(name);
            let manifest = fs::read(folder.join("manifest.json")).expect("each set has a manifest");
            let manifest = serde_json::from_slice(&manifest).expect("a manifest is JSON");
            if engine == Engine::Sqlite || SERVER.is_some() {
                found.push(Golden { folder, engine, manifest });
            }
        }
    }
    found
}

impl Golden {
    /// Puts a copy of the set in place; answers a configuration that leads to it. `name` names PostgreSQL's databases.
    pub fn unpack(&self, name: &str) -> Config {
        let folder = scratch::folder("golden");
        let mut config = Config::for_tests(&folder);
        config.limits.requests_per_minute = 100_000;
        fs::copy(self.folder.join("keyring.json"), &config.keys.ring_file).expect("the set's ring");
        private(&config.keys.ring_file);
        match self.engine {
            Engine::Sqlite => {
                for (store, url) in stores(&config) {
                    let path = url.expose().strip_prefix("sqlite:").expect("a file").to_owned();
                    fs::write(path, unzipped(&self.folder.join(format!("{store}.db.gz")))).expect("room for a copy");
                }
            }
            Engine::Postgres => {
                let server = SERVER.as_ref().expect("a server, or the set would not be listed");
                let names = ["main", "keystore"].map(|store| format!("{name}_{store}"));
                for (store, database) in ["main", "keystore"].iter().zip(&names) {
                    server.run(&format!("CREATE DATABASE {database} TEMPLATE template0"));
                    let script = folder.join(format!("{store}.sql"));
                    fs::write(&script, unzipped(&self.folder.join(format!("{store}.sql.gz"))))
                        .expect("room for a copy");
                    let url = server.url(database);
                    tool("psql", &["--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-d", &url, "-f", word(&script)]);
                }
                config.database.url = Secret::new(server.url(&names[0]));
                config.keys.keystore_url = Secret::new(server.url(&names[1]));
            }
        }
        config
    }

    /// Removes the databases of [`Golden::unpack`]; files go with the process.
    pub fn gone(&self, config: &Config) {
        if self.engine == Engine::Postgres {
            for (_, url) in stores(config) {
                let name = url.expose().rsplit('/').next().expect("a database's name");
                let server = SERVER.as_ref().expect("the server that it is on");
                server.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
            }
        }
    }

    /// Writes what a configuration leads to as a new set. Nothing runs on it.
    pub fn keep(engine: Engine, version: &str, config: &Config, manifest: &Value) {
        let name = if engine == Engine::Sqlite { "sqlite" } else { "postgres" };
        let folder = home().join(version).join(name);
        fs::create_dir_all(&folder).expect("a folder for the set");
        fs::copy(&config.keys.ring_file, folder.join("keyring.json")).expect("the ring is kept");
        let text = serde_json::to_string_pretty(manifest).expect("a manifest is JSON") + "\n";
        fs::write(folder.join("manifest.json"), text).expect("the manifest is kept");
        let scratch = scratch::folder("golden");
        for (store, url) in stores(config) {
            let copy = scratch.join(store);
            match engine {
                Engine::Sqlite => {
                    let target = Target::parse(url.expose(), false).expect("a file");
                    let mut connection = target.connect(Purpose::Keystore).expect("nobody else is there");
                    connection.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).expect("a whole copy");
                    zip(&fs::read(&copy).expect("the copy"), &folder.join(format!("{store}.db.gz")));
                }
                Engine::Postgres => {
                    let words = ["--no-owner", "--no-privileges", "--inserts", "-d", url.expose(), "-f", word(&copy)];
                    tool("pg_dump", &words);
                    let script = fs::read_to_string(&copy).expect("the dump");
                    // What only the newest `psql` understands, and what says nothing but which `pg_dump` it was.
                    let lines: Vec<_> = script
                        .lines()
                        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
                        .collect();
                    zip((lines.join("\n") + "\n").as_bytes(), &folder.join(format!("{store}.sql.gz")));
                }
            }
        }
    }
}

fn tool(name: &str, words: &[&str]) {
    let output = Command::new(program(name).expect("PostgreSQL's programs")).args(words).output().expect("it runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

fn unzipped(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("a set's file is whole");
    bytes
}

fn zip(bytes: &[u8], to: &Path) {
    let file = fs::File::create(to).expect("a file of the set");
    let mut zipped = flate2::write::GzEncoder::new(file, flate2::Compression::best());
    zipped.write_all(bytes).and_then(|()| zipped.finish()).expect("room for the set");
}

/// A checked-out file is readable by everybody, which a ring must not be.
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("one's own file");
}
