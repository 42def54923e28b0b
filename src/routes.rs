//! The whole API: one line a resource.
//! Holds always: what is not registered here is not served, and what is registered is documented by the same act.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::catalogue::{self, Kinds};
use crate::records::{self, Registered};
use crate::resources::{accounts, curated, private};

/// What a person keeps for themselves. Each line is nine operations, their documentation, storage, history and trash.
#[must_use]
pub fn collections() -> Vec<Registered> {
    vec![
        records::register::<private::relationships::Relationship>(),
        records::register::<private::journal::JournalEntry>(),
        records::register::<private::boundary_lists::BoundaryList>(),
        records::register::<private::boundaries::Boundary>(),
        records::register::<private::boundary_events::BoundaryEvent>(),
        records::register::<private::program_runs::ProgramRun>(),
    ]
}

/// What curators publish. Each line is the reads, the curation, the revisions and the starter files of a kind.
#[must_use]
pub fn kinds() -> Kinds {
    Kinds::from(vec![catalogue::register::<curated::tips::Tip>(), catalogue::register::<curated::programs::Program>()])
}

/// Everything under `/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    // What stands below a collection comes before it, for a collection answers for all that begins with its name.
    private::program_runs::routes(config);
    for collection in collections() {
        (collection.mount)(config);
    }
    records::trash::routes(config);
    accounts::routes(config);
    kinds().mount(config);
    catalogue::routes::mount_parts::<curated::steps::Steps>(config);
}
