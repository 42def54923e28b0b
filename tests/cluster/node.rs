//! A node as an operator runs it: the `mend` program, its variables, and where it says that it listens.
//! Holds always: it ends with the story that started it, whichever way that ends.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::harness::{Actor, scratch};

/// A running `mend`.
pub struct Node {
    /// `http://127.0.0.1:<port>`
    pub base: String,
    process: Child,
}

/// A `mend` that was started and may not serve yet.
pub struct Begun {
    process: Child,
    log: PathBuf,
}

/// What the nodes of one service share: databases, keystore and key ring.
pub struct Service {
    pub folder: PathBuf,
    pub database: String,
    pub keystore: String,
    /// Other variables, such as a limit.
    pub settings: Vec<(&'static str, String)>,
}

impl Service {
    pub fn new(database: &str, keystore: &str) -> Self {
        let folder = scratch::folder("service");
        Self { folder, database: database.to_owned(), keystore: keystore.to_owned(), settings: Vec::new() }
    }

    /// A command of the `mend` program on this service, from the place of node `name`.
    pub fn command(&self, name: &str, words: &[&str]) -> Command {
        // Whatever becomes of the thread that starts it, the program ends with it.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", env!("CARGO_BIN_EXE_mend")]).args(words);
        command.env_clear();
        command.env("MEND_LISTEN", "127.0.0.1:0").env("MEND_DATA_DIR", self.folder.join(name));
        command.env("MEND_KEYS_RING_FILE", self.folder.join("keyring.json"));
        command.env("MEND_DATABASE_URL", &self.database).env("MEND_KEYS_KEYSTORE_URL", &self.keystore);
        command.env("MEND_LIMITS_REQUESTS_PER_MINUTE", "1000000").env("MEND_AUTH_THROTTLE", "false");
        command.env("MEND_AUTH_ARGON2_MEMORY_KIB", "19456").env("MEND_SERVER_WORKERS", "1");
        command.env("MEND_CATALOGUE_STARTER", "false");
        command.envs(self.settings.iter().map(|(variable, value)| (variable, value)));
        command
    }

    /// Starts a node and waits until it serves.
    pub fn start(&self, name: &str) -> Node {
        self.begin(name).wait()
    }

    /// Starts a node.
    pub fn begin(&self, name: &str) -> Begun {
        let log = self.folder.join(format!("{name}.log"));
        let mut command = self.command(name, &["serve"]);
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).expect("a file for the log"));
        Begun { process: command.spawn().expect("the mend program runs"), log }
    }
}

impl Begun {
    /// Waits until it serves.
    pub fn wait(mut self) -> Node {
        let said = BufReader::new(self.process.stdout.take().expect("its output")).lines();
        let address =
            said.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("Mend listens on ")?.to_owned()));
        let base = address.unwrap_or_else(|| panic!("the node does not start:\n{}", read(&self.log)));
        Node { base, process: self.process }
    }
}

impl Node {
    /// A person who registered and signed in here.
    pub fn sign_up(&self, name: &str) -> Actor {
        let actor = Actor::somebody(&self.base, name);
        let registration = json!({"email": actor.email, "password": actor.password, "name": name});
        Actor::nobody(&self.base).post("/v1/auth/register", &registration).expect(202);
        actor.signs_in();
        actor
    }

    /// Whether it says that reads and writes can be expected to work.
    pub fn is_ready(&self) -> bool {
        Actor::nobody(&self.base).get("/readyz").status == 200
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn read(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default()
}
