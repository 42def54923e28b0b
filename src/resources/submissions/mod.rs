//! Submissions: what somebody hands over to curators, who may publish it as a story, a comment or a review.
//! Holds always: closed unless the operator opens it; curators read the words and never whose they are; nothing is public
//! before the item that was made of it is published like any other; its writer takes it back at any time, and then no
//! revision says it any more.
//!
//! A submission is no private record: those are read by nobody but their owner. This was handed over, with an explicit
//! consent to a named edition of the terms, and is sealed with the key ring, as e-mail addresses are, since no curator could
//! read what is sealed with its writer's own key.
//!
//! | | who asks | what becomes of it |
//! |---|---|---|
//! | `waiting` | | curators read it |
//! | `accepted` | a curator | a draft of kind `stories`, which goes the way of every draft |
//! | `declined` | a curator | the writer reads why; forgotten after 30 days |
//! | `withdrawn` | the writer | words and item are erased at once; forgotten after 30 days |

mod curators;
mod deciding;
mod kept;
mod own;
mod removal;
mod rows;
mod shapes;
mod taking;
mod terms;
pub mod words;

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::config;
use crate::database::Database;
use crate::http::code::Code;
use crate::http::idempotency::Idempotency;
use crate::http::mount::Mount;
use crate::http::page::CursorSealer;
use crate::http::problem::Problem;
use crate::privacy::KeyRing;

pub use kept::kept;
pub use removal::{erase_all, sweep};

/// What the operations work with. Clones share everything.
#[derive(Clone)]
pub struct Submissions {
    pub database: Database,
    pub ring: Arc<KeyRing>,
    pub catalogue: Catalogue,
    pub cursors: CursorSealer,
    pub idempotency: Idempotency,
    pub settings: config::Submissions,
}

/// Adds the operations.
pub fn routes(mount: &mut Mount<'_>) {
    mount
        .service(own::list_submissions)
        .service(own::create_submission)
        .service(own::get_submission)
        .service(own::withdraw_submission)
        .service(curators::list_submissions_to_decide)
        .service(curators::get_submission_to_decide)
        .service(curators::accept_submission)
        .service(curators::decline_submission);
}

impl Submissions {
    /// Refuses while the operator has not opened it.
    fn check_open(&self) -> Result<(), Problem> {
        if self.settings.open { Ok(()) } else { Err(Problem::new(Code::SubmissionsClosed)) }
    }
}

/// The problem behind stored words that do not open or do not read, which nothing that was stored here can be.
fn unreadable(cause: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%cause, "a submission cannot be read");
    Problem::new(Code::Internal)
}
