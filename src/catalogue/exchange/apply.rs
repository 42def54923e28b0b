//! A curator's import in the database: each item created, changed or found the same, in one transaction.
//! Holds always: a state that the import does not name is never written over; who imports is the author of each revision.

use super::meeting::Meeting;
use super::report::{Address, Done, ImportOutcome};
use super::shape::Shapes;
use crate::catalogue::checking::Item;
use crate::catalogue::curating::unwritable;
use crate::catalogue::files::Finding;
use crate::catalogue::item::Transition;
use crate::catalogue::kinds::Kinds;
use crate::catalogue::rules::fault;
use crate::catalogue::store::{self, ItemRow, NewRevision};
use crate::catalogue::vocabulary::ItemStatus;
use crate::catalogue::workflow::audit::{self, Act};
use crate::catalogue::workflow::{self, Mover};
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

/// What an import says when its author says nothing.
const NOTE: &str = "Imported.";

/// An import at work.
pub(super) struct Work<'a> {
    pub(super) kinds: &'a Kinds,
    /// Who imports.
    pub(super) curator: Id,
    /// Whether the items are published at once, which one person may only do where one person may do everything.
    pub(super) publish: bool,
    pub(super) now: Timestamp,
}

impl Work<'_> {
    /// Does it: what became of each item, in order, and what is wrong with the others. With anything wrong, the caller undoes it.
    pub(super) fn run(
        &self,
        connection: &mut Connection,
        items: &[Item],
    ) -> Result<(Vec<Done>, Vec<Finding>), Problem> {
        if self.publish {
            store::raise_version(connection, self.now)?;
        }
        let (mut done, mut findings, mut shapes) = (Vec::new(), Vec::new(), Shapes::default());
        for item in items {
            match self.save(connection, &mut shapes, item)? {
                Ok((outcome, id)) => done.push(Done { address: address(item), outcome, id }),
                Err(finding) => findings.push(finding),
            }
        }
        if self.publish && findings.is_empty() {
            // Only now, when every item is there to which another may link; what others show before those that show it.
            for is_shown_beside in [true, false] {
                for (item, done) in items.iter().zip(&mut done) {
                    if self.kinds.named(item.kind).is_some_and(|kind| kind.is_shown_beside == is_shown_beside) {
                        self.show(connection, item, done, &mut findings)?;
                    }
                }
            }
        }
        Ok((done, findings))
    }

    fn save(
        &self,
        connection: &mut Connection,
        shapes: &mut Shapes,
        item: &Item,
    ) -> Result<Result<(ImportOutcome, Id), Finding>, Problem> {
        let Some(before) = store::at(connection, item.kind, &item.locale, &item.slug)? else {
            return Ok(Ok((ImportOutcome::Created, self.create(connection, item)?)));
        };
        let stored = store::document(connection, before.id, before.latest_revision)?.unwrap_or_default();
        let Meeting { is_same, knows_it, document } = Meeting::of(self.kinds, shapes, item, &stored, before.id);
        if is_same {
            return Ok(Ok((ImportOutcome::Unchanged, before.id)));
        }
        if !knows_it {
            let (code, detail) = match item.base {
                None => ("needs_base", "The item is there and says something else: export it, and keep its `base`."),
                Some(_) => ("version_mismatch", "Somebody has changed the item since it was exported."),
            };
            return Ok(Err(item.origin.finding(fault("/base", code, detail))));
        }
        if self.change(connection, item, &before, document)? {
            Ok(Ok((ImportOutcome::Changed, before.id)))
        } else {
            Err(workflow::overtaken(connection, &before))
        }
    }

    /// A new draft. It gets the id that its address has everywhere, unless that is taken.
    fn create(&self, connection: &mut Connection, item: &Item) -> Result<Id, Problem> {
        let id = if store::is_taken(connection, item.id)? { Id::new() } else { item.id };
        let kind = self.kinds.named(item.kind).ok_or_else(Problem::not_found)?;
        let document = kind.settled(&item.document, id).map_err(unwritable)?;
        let row = ItemRow::draft(id, item.kind, &item.slug, &item.locale, self.now, Some(self.curator));
        let row = row.saying(&item.header);
        store::insert(connection, &row, &self.revision(item, &row, document))?;
        audit::note(connection, &self.act(item, &row, None), &[ItemStatus::Draft])?;
        Ok(id)
    }

    /// The next revision, a draft beside what readers see. False when somebody was faster.
    fn change(
        &self,
        connection: &mut Connection,
        item: &Item,
        before: &ItemRow,
        document: String,
    ) -> Result<bool, Problem> {
        let row = ItemRow {
            status: ItemStatus::Draft.as_str().to_owned(),
            version: before.version + 1,
            latest_revision: before.latest_revision + 1,
            publish_at: None,
            unpublish_at: before.unpublish_at.filter(|_| before.published_revision.is_some()),
            updated_at: self.now,
            ..before.clone()
        };
        let row = row.saying(&item.header);
        if !store::save(connection, &row, &self.revision(item, &row, document))? {
            return Ok(false);
        }
        let from = before.state();
        if from != ItemStatus::Draft {
            audit::note(connection, &self.act(item, &row, Some(from)), &[ItemStatus::Draft])?;
        }
        Ok(true)
    }

    /// Publishes an item that is not, by the ways and rules of everybody.
    fn show(
        &self,
        connection: &mut Connection,
        item: &Item,
        done: &mut Done,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Problem> {
        let row = store::find(connection, item.kind, done.id)?.ok_or_else(Problem::not_found)?;
        if row.published_revision == Some(row.latest_revision) {
            return Ok(());
        }
        let mover = Mover { account: Some(self.curator), two_person: false };
        let wish = Transition { note: Some(NOTE.to_owned()), ..Transition::to(ItemStatus::Published) };
        match workflow::perform(connection, self.kinds, mover, &row, &wish, self.now) {
            Ok(_) if done.outcome == ImportOutcome::Unchanged => done.outcome = ImportOutcome::Changed,
            Ok(_) => {}
            Err(problem) if problem.fault_list().is_empty() => return Err(problem),
            Err(problem) => {
                findings.extend(problem.fault_list().iter().cloned().map(|fault| item.origin.finding(fault)));
            }
        }
        Ok(())
    }

    fn revision(&self, item: &Item, row: &ItemRow, document: String) -> NewRevision {
        NewRevision {
            item_id: row.id,
            number: row.latest_revision,
            saved_at: self.now,
            author: Some(self.curator),
            note: item.note.clone(),
            document,
        }
    }

    fn act<'a>(&self, item: &'a Item, row: &ItemRow, from: Option<ItemStatus>) -> Act<'a> {
        let note = Some(item.note.as_deref().unwrap_or(NOTE));
        Act { item: row.id, revision: row.latest_revision, at: self.now, actor: Some(self.curator), from, note }
    }
}

fn address(item: &Item) -> Address {
    (item.singular, item.locale.clone(), item.slug.clone())
}
