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

use crate::http::mount::Mount;

/// What is about the service itself.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(health::get_livez);
    mount.service(health::get_readyz);
    mount.service(health::get_version);
    mount.service(documentation::get_openapi);
    mount.service(manifest::get_privacy_manifest);
}

/// That the service lives, for a node that knows nothing else of itself yet.
pub fn life(mount: &mut Mount<'_>) {
    mount.service(health::get_livez);
}
