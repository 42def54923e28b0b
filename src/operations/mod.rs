//! Running the service: health, version, documentation, metrics, the log, background tasks, backup and restore.
//! Holds always: nothing here needs a caller, and nothing here knows private text.

pub mod backup;
pub mod doctor;
pub mod documentation;
pub mod health;
pub mod log;
pub mod machine;
pub mod manifest;
pub mod metrics;
pub mod supervisor;
pub mod sweeper;

use utoipa_actix_web::service_config::ServiceConfig;

/// What is about the service itself.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(health::get_livez);
    config.service(health::get_readyz);
    config.service(health::get_version);
    config.service(documentation::get_openapi);
    config.service(manifest::get_privacy_manifest);
}
