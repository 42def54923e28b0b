//! Metrics in Prometheus's format, on a listener of their own.
//! Holds always: labels are routes, methods, statuses and names of tasks: nothing that a person sent.

use std::net::SocketAddr;
use std::sync::OnceLock;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds; from what memory answers to what the time limit ends.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];
/// Writes of one commit.
const WRITES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

static EXPORTER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Why metrics cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    #[error("cannot set up metrics: {0}")]
    Recorder(#[from] BuildError),
    #[error("cannot listen for metrics on {address}: {cause}")]
    Listen { address: SocketAddr, cause: std::io::Error },
}

/// Starts collecting, once a process: nodes that run in one process share their metrics.
///
/// # Errors
/// When something else in the process collects already.
pub fn collect() -> Result<(), MetricsError> {
    if EXPORTER.get().is_some() {
        return Ok(());
    }
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_writes".into()), &WRITES)?;
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if EXPORTER.set(handle).is_ok() {
        metrics::set_global_recorder(recorder).map_err(BuildError::from)?;
    }
    describe();
    Ok(())
}

/// Lets go of what collecting holds back. Call it now and then.
pub fn upkeep() {
    if let Some(exporter) = EXPORTER.get() {
        exporter.run_upkeep();
    }
}

/// Serves `/metrics` and nothing else.
///
/// # Errors
/// When the address cannot be had.
pub fn serve(address: SocketAddr) -> Result<(Server, SocketAddr), MetricsError> {
    let server = HttpServer::new(|| App::new().route("/metrics", web::get().to(metrics_text)))
        .workers(1)
        .disable_signals()
        .bind(address)
        .map_err(|cause| MetricsError::Listen { address, cause })?;
    let address = server.addrs().first().copied().unwrap_or(address);
    Ok((server.run(), address))
}

async fn metrics_text() -> HttpResponse {
    let text = EXPORTER.get().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

/// What is told, by kind.
enum Told {
    Counter,
    Gauge,
    Histogram,
}

/// Every metric and what it says.
#[rustfmt::skip]
const ALL: &[(&str, Told, &str)] = &[
    ("mend_build_info", Told::Gauge, "1; which version runs on which database."),
    ("mend_http_request_duration_seconds", Told::Histogram, "Time from a request's head to its answer's."),
    ("mend_http_requests_in_flight", Told::Gauge, "Requests that are worked on."),
    ("mend_http_requests_refused_total", Told::Counter, "Requests refused: too many in flight, or too many of one caller."),
    ("mend_database_queued_writes", Told::Gauge, "Writes that wait for SQLite's writer."),
    ("mend_database_writer_wait_seconds", Told::Histogram, "How long the first write of a batch waited for SQLite's writer."),
    ("mend_database_batch_writes", Told::Histogram, "Writes that SQLite's writer committed together."),
    ("mend_database_commit_duration_seconds", Told::Histogram, "Time of one durable commit."),
    ("mend_database_gate_wait_seconds", Told::Histogram, "How long those waited for a connection who had to."),
    ("mend_database_bytes", Told::Gauge, "Size of the main database."),
    ("mend_database_log_bytes", Told::Gauge, "Size of SQLite's write-ahead log."),
    ("mend_disk_free_bytes", Told::Gauge, "Room left where the data directory is."),
    ("mend_password_hash_wait_seconds", Told::Histogram, "How long those waited for a password hash who had to."),
    ("mend_session_memory_total", Told::Counter, "Sessions looked for in memory, by whether they were there."),
    ("mend_catalogue_checked_timestamp_seconds", Told::Gauge, "When this node last saw that its catalogue is the current one."),
    ("mend_swept_rows_total", Told::Counter, "Rows swept out after their time was over."),
    ("mend_sweep_failures_total", Told::Counter, "Sweeps that failed and are tried again."),
    ("mend_sweep_last_success_timestamp_seconds", Told::Gauge, "When a kind of rows was last swept to its end, by any node; 0 for never."),
    ("mend_sweeper_clock_believed", Told::Gauge, "1 while this node's clock may decide that something has expired."),
    ("mend_task_restarts_total", Told::Counter, "Background tasks that panicked or ended, and were started again."),
    ("mend_process_resident_bytes", Told::Gauge, "Memory of the process."),
    ("mend_process_open_files", Told::Gauge, "Open files and connections of the process."),
    ("mend_process_open_files_limit", Told::Gauge, "How many of them it may have."),
];

/// The names of all metrics.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, ..)| *name)
}

fn describe() {
    for (name, told, about) in ALL {
        match told {
            Told::Counter => metrics::describe_counter!(*name, *about),
            Told::Gauge => metrics::describe_gauge!(*name, *about),
            Told::Histogram => metrics::describe_histogram!(*name, *about),
        }
    }
}
