//! Metrics in Prometheus's format, on a listener of their own.
//! Holds always: labels are routes, methods, statuses and names of tasks: nothing that a person sent.

use std::net::SocketAddr;
use std::sync::OnceLock;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds; from what memory answers to what the time limit ends.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

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
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_duration_seconds".into()), &BUCKETS)?;
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

fn describe() {
    metrics::describe_histogram!("mend_http_request_duration_seconds", "Time from a request's head to its answer's.");
    metrics::describe_counter!("mend_http_requests_refused_total", "Requests refused because too many were in flight.");
    metrics::describe_counter!(
        "mend_task_restarts_total",
        "Background tasks that panicked or ended, and were started again."
    );
}
