//! The web server: the application, its listener and the thread on which both live.
//! Holds always: every worker has the same application; one connection too many waits, it does not break another.

use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::rt::System;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer};
use tokio::net::TcpSocket;

use super::chores;
use super::document;
use super::house::House;
use super::running::{Ended, Running};
use super::start_error::StartError;
use crate::config::{Config, Limits};
use crate::http::layers::{Application, Layers};
use crate::http::mount::Mount;
use crate::operations::documentation::{self, Document};
use crate::operations::health::Readiness;
use crate::operations::metrics;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 4096;
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a connection may take to close after the last answer.
const DISCONNECT: Duration = Duration::from_secs(5);

/// How long a client may leave an answer unread before its connection is given up.
const UNREAD_MILLISECONDS: u32 = 30_000;

/// What the thread tells once it serves.
struct Started {
    servers: Vec<actix_web::dev::ServerHandle>,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
}

/// Serves on a thread of its own, on this socket where one listens already; returns when it does.
pub(super) fn start(
    house: House,
    beside: fn(&mut ServiceConfig),
    listener: Option<TcpListener>,
) -> Result<Running, StartError> {
    let (told, started) = mpsc::channel();
    let (ended, end) = Ended::new();
    let inside = house.clone();
    let serving = move || {
        System::new().block_on(serve(inside, beside, listener, &told));
        drop(ended);
    };
    let thread = thread::Builder::new().name("mend-web".into()).spawn(serving).map_err(StartError::Thread)?;
    let Started { servers, address, metrics_address } = started.recv().map_err(|_gone| StartError::Ended)??;
    Ok(Running::new(house, address, metrics_address, servers, thread, end))
}

async fn serve(
    house: House,
    beside: fn(&mut ServiceConfig),
    listener: Option<TcpListener>,
    told: &mpsc::Sender<Result<Started, StartError>>,
) {
    let running = match prepare(house.clone(), beside, listener) {
        Ok((started, servers)) => {
            let heard = told.send(Ok(started));
            drop(heard);
            servers
        }
        Err(error) => {
            let heard = told.send(Err(error));
            drop(heard);
            return;
        }
    };
    for outcome in futures_util::future::join_all(running).await {
        if let Err(cause) = outcome {
            tracing::error!(%cause, "a server ended");
        }
    }
    house.database.shutdown().await;
}

/// Binds the listeners that are missing and starts the servers and the background tasks.
fn prepare(
    mut house: House,
    beside: fn(&mut ServiceConfig),
    listener: Option<TcpListener>,
) -> Result<(Started, Vec<Server>), StartError> {
    let listener = listener.map_or_else(|| listen(house.config.server.listen), Ok)?;
    let address = listener.local_addr().unwrap_or(house.config.server.listen);
    house.config.server.public_url.get_or_insert_with(|| format!("http://{address}"));
    let (paths, draining, crowd) = (document::known_paths(), house.draining.clone(), house.database.crowd());
    let layers = Layers::new(&house.config, paths, draining, crowd);
    chores::begin(&house, &layers);
    let text = Document::of(|| document::openapi().to_pretty_json());
    let api = web_server(&house, layers, Data::new(text), beside, listener)?;
    let mut servers = vec![api];
    let mut metrics_address = None;
    if let Some(address) = house.config.metrics.listen {
        let (server, address) = metrics::serve(address)?;
        servers.push(server);
        metrics_address = Some(address);
    }
    let handles = servers.iter().map(Server::handle).collect();
    Ok((Started { servers: handles, address, metrics_address }, servers))
}

fn web_server(
    house: &House,
    layers: Layers,
    document: Data<Document>,
    beside: fn(&mut ServiceConfig),
    listener: TcpListener,
) -> Result<Server, StartError> {
    let shared = house.clone();
    let application = move || {
        let app = App::new().configure(|app| document::mount(&mut Mount::Served(app)));
        let app = app.configure(documentation::pages).configure(beside).app_data(document.clone());
        let app = app.configure(|app| layers.install(app)).configure(|app| install(&shared, app));
        layers.around(app)
    };
    within_limits(&house.config, listener, application)
}

/// A server of `application` on `listener`, as wide and as patient as the configuration says.
pub(super) fn within_limits<T: Application + 'static>(
    config: &Config,
    listener: TcpListener,
    application: impl Fn() -> App<T> + Clone + Send + 'static,
) -> Result<Server, StartError> {
    let Limits { connections, header_seconds, .. } = config.limits;
    let (workers, address) = (config.server.workers, config.server.listen);
    let server = HttpServer::new(application)
        .workers(workers)
        .max_connections(connections.div_ceil(workers))
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(Duration::from_secs(header_seconds))
        .client_disconnect_timeout(DISCONNECT)
        .shutdown_timeout(config.server.shutdown_seconds)
        .disable_signals()
        .listen(listener)
        .map_err(|cause| StartError::Listen { address, cause })?;
    Ok(server.run())
}

/// Lets handlers find the opened parts.
fn install(house: &House, app: &mut ServiceConfig) {
    let (database, keystore, draining) = (house.database.clone(), house.keystore.clone(), house.draining.clone());
    app.app_data(Data::new(Readiness { database, keystore, draining }));
    app.app_data(house.manifest.clone());
    app.app_data(house.bundler.clone());
    app.app_data(Data::new(house.auth.clone()));
    app.app_data(Data::new(house.catalogue.clone()));
    app.app_data(Data::new(house.records.clone()));
    app.app_data(Data::new(house.submissions.clone()));
}

/// A listener with a longer queue than the standard library's. Its connections take over how long an answer may lie there
/// unread: the framework itself would wait for ever.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        rustix::net::sockopt::set_tcp_user_timeout(&socket, UNREAD_MILLISECONDS)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    open().map_err(|cause| StartError::Listen { address, cause })
}
