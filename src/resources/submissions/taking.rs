//! What is taken in: the rules for what somebody hands over, and the row that it becomes.
//! Holds always: nothing is taken without consent to the terms that hold now, and no more than the operator lets one person wait
//! with.

use super::rows::{self, Content, Row};
use super::shapes::SubmissionInput;
use super::words::SubmissionStatus;
use super::{Submissions, terms};
use crate::auth::Caller;
use crate::catalogue::{Sight, markdown};
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::problem::{Fault, Problem};
use crate::resources::curated::stories::{StoryForm, address_fault, holds_address};

impl Submissions {
    /// A row for what was sent, once it keeps every rule.
    pub(super) fn row(&self, caller: &Caller, sight: &Sight, sent: SubmissionInput) -> Result<Row, Problem> {
        let faults = self.faults(sight, &sent)?;
        if !faults.is_empty() {
            return Err(Problem::new(Code::InvalidContent).faults(faults));
        }
        let now = self.database.clock().now();
        let content = Content {
            form: sent.form,
            title: sent.title,
            text: sent.text,
            pen_name: sent.pen_name,
            language: sent.language.unwrap_or_else(|| "en".to_owned()),
            about_item_id: sent.about_item_id,
        };
        new_row(caller.account, sent.consent.edition, now).holding(&self.ring, &content)
    }

    fn faults(&self, sight: &Sight, sent: &SubmissionInput) -> Result<Vec<Fault>, Problem> {
        let snapshot = self.catalogue.snapshot();
        // Where nobody can read the terms, nobody can agree to them.
        let edition = terms::edition(&snapshot).ok_or_else(|| Problem::new(Code::SubmissionsClosed))?;
        let mut faults = Vec::new();
        let consent = &sent.consent;
        if consent.edition != edition {
            let detail = "Not the edition that holds now: read the disclaimer about `submissions` again.";
            faults.push(Fault::at("/consent/edition", "other_edition", detail));
        }
        for (pointer, agreed) in [
            ("/consent/curators_may_read", consent.curators_may_read),
            ("/consent/may_be_published", consent.may_be_published),
        ] {
            if !agreed {
                faults.push(Fault::at(pointer, "not_agreed", "Nothing is taken without this consent."));
            }
        }
        markdown::check("/text", sent.text.as_str(), &mut faults);
        let title = sent.title.as_ref().map(AsRef::as_ref);
        let pen_name = sent.pen_name.as_ref().map(AsRef::as_ref);
        for (pointer, text) in [("/title", title), ("/text", Some(sent.text.as_str())), ("/pen_name", pen_name)] {
            if text.is_some_and(holds_address) {
                faults.push(address_fault(pointer));
            }
        }
        let is_told_of = |id: Id| {
            let found = snapshot.entry(sight.view, id).filter(|(_, entry)| sight.opens(entry));
            found.is_some_and(|(kind, _)| self.catalogue.kinds().named(kind).is_some_and(|kind| kind.is_found))
        };
        match sent.about_item_id {
            None if sent.form != StoryForm::Story => {
                faults.push(Fault::at("/about_item_id", "missing_member", "A comment and a review speak of an item."));
            }
            Some(id) if !is_told_of(id) => {
                faults.push(Fault::at("/about_item_id", "unknown_reference", "There is nothing with this id."));
            }
            _ => {}
        }
        Ok(faults)
    }

    pub(super) fn add(&self, connection: &mut Connection, row: &Row) -> Result<(), Problem> {
        rows::wait_for_the_same_person(connection, row.account_id)?;
        let most = self.settings.waiting_per_person;
        if rows::waiting_count(connection, row.account_id)? >= most {
            let detail =
                format!("At most {most} may wait at a time: take one back, or wait until curators have decided.");
            return Err(Problem::new(Code::TooManyWaiting).detail(detail));
        }
        Ok(rows::insert(connection, row)?)
    }
}

fn new_row(account_id: Id, consent_edition: i32, now: Timestamp) -> Row {
    Row {
        id: Id::new(),
        account_id,
        status: SubmissionStatus::Waiting.as_str().to_owned(),
        version: 1,
        consent_edition,
        content_sealed: None,
        reason: None,
        note_sealed: None,
        item_id: None,
        decided_by: None,
        created_at: now,
        updated_at: now,
        ended_at: None,
    }
}
