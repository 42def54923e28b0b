//! A node that serves: where it listens, and how it stops.
//! Holds always: a stop lets requests in flight finish; a node that is dropped takes its thread with it.

use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::House;

/// How long a node that was told to go still takes requests, so that whoever sends them learns to go elsewhere.
const DRAIN: Duration = Duration::from_secs(3);

/// A node at work. Dropping it stops it at once.
pub struct Running {
    /// Where the API listens.
    pub address: SocketAddr,
    /// Where the metrics are, when they are served.
    pub metrics_address: Option<SocketAddr>,
    /// The opened parts, for commands and tests in this process.
    pub house: House,
    servers: Vec<ServerHandle>,
    thread: Option<JoinHandle<()>>,
    end: watch::Receiver<()>,
}

/// Why a node should stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// SIGTERM: somebody replaces this node; others take over.
    Terminate,
    /// SIGINT: a person at the keyboard.
    Interrupt,
    /// The server ended by itself.
    Ended,
}

/// Told by being dropped that the server's thread is at its end.
pub(super) struct Ended(#[expect(dead_code, reason = "dropping it is the message")] watch::Sender<()>);

impl Ended {
    pub(super) fn new() -> (Self, watch::Receiver<()>) {
        let (sender, receiver) = watch::channel(());
        (Self(sender), receiver)
    }
}

impl Running {
    pub(super) fn new(
        house: House,
        address: SocketAddr,
        metrics_address: Option<SocketAddr>,
        servers: Vec<ServerHandle>,
        thread: JoinHandle<()>,
        end: watch::Receiver<()>,
    ) -> Self {
        Self { address, metrics_address, house, servers, thread: Some(thread), end }
    }

    /// Blocks until a signal comes or the server ends.
    ///
    /// # Errors
    /// When the operating system does not let the process listen for signals.
    pub fn wait(&self) -> std::io::Result<Told> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut end = self.end.clone();
        runtime.block_on(async move {
            let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
            Ok(tokio::select! {
                _ = terminate.recv() => Told::Terminate,
                _ = interrupt.recv() => Told::Interrupt,
                _ = end.changed() => Told::Ended,
            })
        })
    }

    /// Says that the node is no longer ready and goes on serving for a moment, so that load balancers turn away.
    pub fn drain(&self) {
        self.house.draining.begin();
        std::thread::sleep(DRAIN);
    }

    /// Takes no more connections, lets requests in flight finish for as long as configured, and ends.
    pub fn stop(mut self) {
        self.house.draining.begin();
        self.end(true);
    }

    fn end(&mut self, gracefully: bool) {
        for server in &self.servers {
            // The command is on its way with the call; waiting for the thread waits for its effect.
            drop(server.stop(gracefully));
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the web server's thread panicked");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(false);
    }
}
