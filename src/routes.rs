//! The whole API: one line a resource.
//! Holds always: what is not registered here is not served, and what is registered is documented by the same act.

use crate::catalogue::{self, Kinds};
use crate::http::mount::Mount;
use crate::records::{self, Registered};
use crate::resources::{accounts, curated, guidance, private, submissions};

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
        records::register::<private::question_set_responses::QuestionSetResponse>(),
        records::register::<private::self_check_responses::SelfCheckResponse>(),
        records::register::<private::marks::Mark>(),
    ]
}

/// What curators publish. Each line is the reads, the curation, the revisions and the starter files of a kind.
#[must_use]
pub fn kinds() -> Kinds {
    Kinds::from(vec![
        catalogue::register::<curated::tips::Tip>(),
        catalogue::register::<curated::programs::Program>(),
        catalogue::register::<curated::scripts::Script>(),
        catalogue::register::<curated::question_sets::QuestionSet>(),
        catalogue::register::<curated::self_checks::SelfCheck>(),
        catalogue::register::<curated::situations::Situation>(),
        catalogue::register::<curated::concepts::Concept>(),
        catalogue::register::<curated::boundary_templates::BoundaryTemplate>(),
        catalogue::register::<curated::affirmations::Affirmation>(),
        catalogue::register::<curated::claims::Claim>(),
        catalogue::register::<curated::experts::Expert>(),
        catalogue::register::<curated::books::Book>(),
        catalogue::register::<curated::courses::Course>(),
        catalogue::register::<curated::practitioners::Practitioner>(),
        catalogue::register::<curated::help_contacts::HelpContact>(),
        catalogue::register::<curated::occasions::Occasion>(),
        catalogue::register::<curated::disclaimers::Disclaimer>(),
        catalogue::register::<curated::stories::Story>(),
        catalogue::register::<curated::vocabularies::VocabularyTexts>(),
        catalogue::register::<curated::media::Medium>(),
    ])
}

/// Everything under `/v1`.
pub fn mount(mount: &mut Mount<'_>) {
    // What stands below a collection comes before it, for a collection answers for all that begins with its name.
    private::program_runs::routes(mount);
    for collection in collections() {
        (collection.mount)(mount);
    }
    records::trash::routes(mount);
    accounts::routes(mount);
    catalogue::routes::mount_shared(mount);
    catalogue::signals::operations::routes(mount);
    catalogue::link_check::operations::routes(mount);
    catalogue::bundle::operations::routes(mount);
    catalogue::media::operations::routes(mount);
    guidance::routes(mount);
    submissions::routes(mount);
    kinds().mount(mount);
    catalogue::routes::mount_parts::<curated::steps::Steps>(mount);
    catalogue::search::routes(mount);
}
