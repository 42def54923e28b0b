//! `mend openapi`: prints the OpenAPI document. Needs no configuration and no database.

use super::{Outcome, say};

pub(super) fn run() -> Outcome {
    say(&crate::app::openapi().to_pretty_json()?)
}
