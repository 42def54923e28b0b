//! A world: a database, one node or two, a clock that moves only when told, and the people who sign up.
//! Holds always: two worlds share nothing but the engine's process, so stories run side by side.

use std::time::{Duration, Instant};

use mend::auth::Role;
use mend::config::Config;
use mend::database::{Clock, DataDirectory, Timestamp};
use serde_json::json;

use super::ground::Ground;
use super::{Actor, Engine, Node};

/// A service running for one story.
pub struct World {
    /// Every node's clock. It stands still until a story moves it on.
    pub clock: Clock,
    nodes: Vec<Node>,
    pub ground: Ground,
}

impl World {
    /// One node on a fresh copy of the prepared database, starter content included.
    pub fn start(engine: Engine) -> Self {
        Self::with(engine, |_| {})
    }

    /// One node whose configuration `change` has seen.
    pub fn with(engine: Engine, change: impl Fn(&mut Config)) -> Self {
        Self::on(Ground::prepared(engine), 1, change)
    }

    /// Two nodes on one database. SQLite carries one node: there both names mean the same.
    pub fn two_nodes(engine: Engine) -> Self {
        let ground = Ground::prepared(engine);
        let nodes = if ground.engine == Engine::Postgres { 2 } else { 1 };
        Self::on(ground, nodes, |_| {})
    }

    /// So many nodes on a ground.
    pub fn on(ground: Ground, nodes: usize, change: impl Fn(&mut Config)) -> Self {
        let clock = Clock::manual(beginning());
        let start = |number| {
            let mut config = ground.config(number);
            // The clock stands still, so a minute's allowance is a whole story's.
            config.limits.requests_per_minute = 100_000;
            // One curator takes a draft to its readers in one step; stories about two persons switch this on again.
            config.catalogue.two_person = false;
            change(&mut config);
            Node::start(config, clock.clone())
        };
        Self { nodes: (0..nodes).map(start).collect(), clock, ground }
    }

    /// The node of that number; the last one where there are fewer.
    pub fn node(&self, number: usize) -> &Node {
        &self.nodes[number.min(self.nodes.len() - 1)]
    }

    /// Stops every node and starts one again on the same ground.
    pub fn restart(&mut self) {
        self.nodes.clear();
        let config = self.ground.config(0);
        // A node's last threads end a little after it.
        eventually("the folder to be free", || DataDirectory::lock(&config.data_dir).ok());
        self.nodes.push(Node::start(config, self.clock.clone()));
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Actor {
        Actor::nobody(&self.node(0).base)
    }

    /// A person who registered and signed in: `<name>@example.org`.
    #[track_caller]
    pub fn sign_up(&self, name: &str) -> Actor {
        self.registers(Actor::somebody(&self.node(0).base, name), name)
    }

    /// A person with an address and a password of the story's choice.
    #[track_caller]
    pub fn sign_up_with(&self, name: &str, email: &str, password: &str) -> Actor {
        let mut actor = Actor::somebody(&self.node(0).base, name);
        (actor.email, actor.password) = (email.to_owned(), password.to_owned());
        self.registers(actor, name)
    }

    #[track_caller]
    fn registers(&self, actor: Actor, name: &str) -> Actor {
        let registration = json!({"email": actor.email, "password": actor.password, "name": name});
        self.anonymous().post("/v1/auth/register", &registration).expect(202);
        actor.signs_in();
        actor
    }

    /// A curator, made the way `mend accounts create` makes one, signed in.
    #[track_caller]
    pub fn curator(&self, name: &str) -> Actor {
        self.staff(name, Role::Curator)
    }

    /// An administrator, made the way `mend accounts create` makes one, signed in.
    #[track_caller]
    pub fn admin(&self, name: &str) -> Actor {
        self.staff(name, Role::Admin)
    }

    #[track_caller]
    fn staff(&self, name: &str, role: Role) -> Actor {
        let actor = Actor::somebody(&self.node(0).base, name);
        self.node(0).create_account(&actor.email, &actor.password, role);
        actor.signs_in();
        actor
    }
}

/// The instant at which every world's clock starts: 2026-11-02T09:00:00Z.
pub fn beginning() -> Timestamp {
    Timestamp::from_micros(1_793_610_000_000_000)
}

/// Waits until `met` gives a value, looking again every few milliseconds; fails after ten seconds.
#[track_caller]
pub fn eventually<T>(what: &str, mut met: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now();
    loop {
        if let Some(value) = met() {
            return value;
        }
        assert!(patience.elapsed() < Duration::from_secs(10), "waited ten seconds for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
