//! What becomes of a submission by a curator's decision, each one transaction.
//! Holds always: accepting makes a draft and nothing more; declining leaves no draft.

use diesel::QueryResult;
use serde_json::{Value, json};

use super::Submissions;
use super::rows::{self, Content, Row};
use super::shapes::{SubmissionAcceptance, SubmissionRefusal};
use super::words::{DeclineReason, SubmissionStatus};
use crate::auth::Caller;
use crate::catalogue::curating;
use crate::catalogue::store;
use crate::catalogue::vocabulary::LinkMeaning;
use crate::catalogue::workflow::audit::{self, Act};
use crate::catalogue::{Kind as _, Kinds};
use crate::database::{Connection, Id};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::resources::curated::stories::Story;

/// What the draft's first revision says of itself.
const NOTE: &str = "Made of a submission.";

/// Makes a draft of it.
pub(super) fn accept(
    engine: &Submissions,
    connection: &mut Connection,
    curator: &Caller,
    row: Row,
    called: &SubmissionAcceptance,
) -> Result<Row, Problem> {
    let content = row.content(&engine.ring)?.filter(|_| row.status() == SubmissionStatus::Waiting);
    let content = content.ok_or_else(|| decided("Only what waits is accepted."))?;
    let (kinds, now) = (engine.catalogue.kinds(), engine.database.clock().now());
    let kind = kinds.named(Story::NAME).ok_or_else(Problem::not_found)?;
    let links: Vec<Value> = link(connection, kinds, &content)?.into_iter().collect();
    let mut said = json!({
        "slug": called.slug, "locale": content.language, "title": called.title,
        "form": content.form, "body": content.text, "links": links,
    });
    if let (Some(said), Some(pen_name)) = (said.as_object_mut(), &content.pen_name) {
        said.insert("pen_name".to_owned(), json!(pen_name));
    }
    let item = curating::begin(connection, kind, curator, kind.read(said)?, NOTE, now)?;
    let row = Row { item_id: Some(item), decided_by: Some(curator.account), ..row };
    let row = row.becomes(SubmissionStatus::Accepted, now);
    rows::save(connection, &row)?;
    Ok(row)
}

/// The link to what it speaks of, where that can be linked to from an item in this language.
fn link(connection: &mut Connection, kinds: &Kinds, content: &Content) -> QueryResult<Option<Value>> {
    let Some(id) = content.about_item_id else { return Ok(None) };
    let Some(other) = store::find_any(connection, id)?.filter(|other| other.locale == content.language) else {
        return Ok(None);
    };
    let singular = kinds.named(&other.kind).map(|kind| kind.singular);
    Ok(singular.map(|kind| json!({"type": LinkMeaning::About, "kind": kind, "slug": other.slug})))
}

/// Declines it. A draft that was made of it goes, unless readers have seen it.
pub(super) fn decline(
    engine: &Submissions,
    connection: &mut Connection,
    curator: &Caller,
    row: Row,
    refusal: &SubmissionRefusal,
) -> Result<Row, Problem> {
    if !matches!(row.status(), SubmissionStatus::Waiting | SubmissionStatus::Accepted) {
        return Err(decided("Only what waits, or was accepted, is declined."));
    }
    if refusal.reason == DeclineReason::Other && refusal.note.is_none() {
        return Err(Problem::invalid("/note", "missing_member", "Another reason than these is said in words."));
    }
    if let Some(item) = row.item_id {
        drop_draft(engine, connection, curator, item)?;
    }
    let reason = Some(refusal.reason.as_str().to_owned());
    let row = Row { reason, item_id: None, decided_by: Some(curator.account), ..row };
    let row = row.noting(&engine.ring, refusal.note.as_ref());
    let row = row.becomes(SubmissionStatus::Declined, engine.database.clock().now());
    rows::save(connection, &row)?;
    Ok(row)
}

fn drop_draft(engine: &Submissions, connection: &mut Connection, curator: &Caller, item: Id) -> Result<(), Problem> {
    let Some(draft) = store::find_any(connection, item)? else { return Ok(()) };
    if draft.first_published_at.is_some() {
        return Err(decided("Readers have seen it: archive the item instead."));
    }
    if !store::delete(connection, &draft)? {
        return Err(decided("Somebody is changing its draft in this moment; try again."));
    }
    let act = Act {
        item,
        revision: draft.latest_revision,
        at: engine.database.clock().now(),
        actor: Some(curator.account),
        from: Some(draft.state()),
        note: None,
    };
    Ok(audit::note_deletion(connection, &act)?)
}

fn decided(detail: &'static str) -> Problem {
    Problem::new(Code::Conflict).detail(detail)
}
