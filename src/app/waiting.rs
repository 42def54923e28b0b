//! A node whose databases do not answer yet: it waits for them, and answers the help directory from the binary meanwhile.
//! Holds always: where the databases answer at once, nothing of this is built; the socket that listens is opened once and
//! closed by nobody, so that going over to the whole service refuses and resets no connection.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use actix_web::App;
use actix_web::HttpRequest;
use actix_web::dev::Server;
use actix_web::rt::System;
use actix_web::web::{self, Data};
use tokio::sync::oneshot;

use super::document;
use super::server;
use super::start_error::StartError;
use crate::catalogue::alone;
use crate::config::Config;
use crate::database::{Clock, Crowd, OpenError, Target};
use crate::http::Code;
use crate::http::layers::Layers;
use crate::http::layers::draining::Draining;
use crate::http::mount::Mount;
use crate::http::problem::{Answer, Problem};
use crate::{operations, routes};

/// Until a server that was told to take no more connections takes none: it does not say when.
const LETTING_GO: Duration = Duration::from_millis(200);
/// So long it goes on answering those that it took all the same, on a machine with too much to do: stopped at once, it would
/// forget the connections that it had accepted and not begun with.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// When those come back who are told that the service is still starting.
const RETRY_SECONDS: u64 = 5;

/// What answers while the databases do not. The two channels carry nothing: their ends are dropped.
pub(super) struct Waiting {
    listener: TcpListener,
    end: oneshot::Sender<()>,
    has_let_go: oneshot::Receiver<()>,
}

impl Waiting {
    /// Waits until both databases answer, for as long as is configured: a PostgreSQL that is restarting or failing over when a
    /// node starts is worth it. Nothing where they answer at once. Blocks.
    ///
    /// # Errors
    /// They do not answer in time, or refuse; or the address cannot be listened on.
    pub(super) fn for_databases(config: &Config, clock: &Clock) -> Result<Option<Self>, StartError> {
        let patience = Duration::from_secs(config.database.start_seconds);
        let mut waiting = None;
        for url in [&config.database.url, &config.keys.keystore_url] {
            let target = Target::parse(url.expose(), config.database.allow_insecure_postgres)?;
            match target.wait(Duration::ZERO) {
                Err(OpenError::Unreachable(_)) if !patience.is_zero() => {
                    if waiting.is_none() {
                        waiting = Some(Self::begin(config, clock)?);
                    }
                    target.wait(patience)?;
                }
                answer => answer?,
            }
        }
        Ok(waiting)
    }

    /// Opens the socket and serves on a thread of its own.
    fn begin(config: &Config, clock: &Clock) -> Result<Self, StartError> {
        let (told, opened) = oneshot::channel();
        let ((end, ended), (let_go, has_let_go)) = (oneshot::channel(), oneshot::channel());
        let (config, clock) = (config.clone(), clock.clone());
        let work = async move {
            match open(&config, &clock) {
                Ok((server, listener)) => {
                    drop(told.send(Ok(listener)));
                    serve(server, ended, let_go).await;
                }
                Err(error) => drop(told.send(Err(error))),
            }
        };
        let thread = thread::Builder::new().name("mend-waiting".into());
        thread.spawn(|| System::new().block_on(work)).map_err(StartError::Thread)?;
        let listener = opened.blocking_recv().map_err(|_gone| StartError::Ended)??;
        Ok(Self { listener, end, has_let_go })
    }

    /// Takes no more connections and gives the socket away. Those that wait in its queue are the next server's; those that
    /// were taken are still answered, and closed with that. Blocks for a moment.
    pub(super) fn end(self) -> TcpListener {
        let Self { listener, end, has_let_go } = self;
        drop(end);
        drop(has_let_go.blocking_recv());
        listener
    }
}

/// Serves until the other end of `ended` is dropped.
async fn serve(server: Server, ended: oneshot::Receiver<()>, let_go: oneshot::Sender<()>) {
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    drop(ended.await);
    handle.pause().await;
    tokio::time::sleep(LETTING_GO).await;
    drop(let_go);
    tokio::time::sleep(LAST_ANSWERS).await;
    handle.stop(true).await;
    if let Ok(Err(cause)) = serving.await {
        tracing::error!(%cause, "the server that answered meanwhile ended");
    }
}

/// A server on a socket of which it has one handle, and the next server the other.
fn open(config: &Config, clock: &Clock) -> Result<(Server, TcpListener), StartError> {
    let listener = server::listen(config.server.listen)?;
    let address = listener.local_addr().unwrap_or(config.server.listen);
    let own = listener.try_clone().map_err(|cause| StartError::Listen { address, cause })?;
    let server = help_server(config, clock, own)?;
    tracing::warn!(%address, "listening, but until the databases answer only the help directory is served");
    Ok((server, listener))
}

/// The help directory, as far as the operator has not left out the starter catalogue, and that the node lives.
fn help_server(config: &Config, clock: &Clock, listener: TcpListener) -> Result<Server, StartError> {
    let kinds = routes::kinds();
    let snapshot = if config.catalogue.starter { Some(alone::snapshot(&kinds, clock.now())?) } else { None };
    let snapshot = snapshot.map(Data::new);
    // An answer that closes its connection leaves nobody behind who would ask here again.
    let closing = Draining::default();
    closing.begin();
    let layers = Layers::new(config, document::known_paths(), closing, Crowd::default());
    let application = move || {
        let mut app =
            App::new().configure(|app| operations::life(&mut Mount::Served(app))).default_service(web::to(not_yet));
        if let Some(snapshot) = &snapshot {
            app = app.app_data(snapshot.clone());
            for kind in kinds.all() {
                app = app.configure(kind.mount_alone);
            }
        }
        layers.around(app.configure(|app| layers.install(app)))
    };
    server::within_limits(config, listener, application)
}

/// Whatever needs a database.
async fn not_yet(_request: HttpRequest) -> Answer {
    let starting = Problem::new(Code::Unavailable).detail("The service is starting: its databases do not answer yet.");
    Err(starting.retry_after(RETRY_SECONDS))
}
