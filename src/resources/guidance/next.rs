//! What may help now, and why.
//! Holds always: whatever is offered stands in the caller's sight, fits the relationship, and names its reasons in words
//! that programs read; a program that was left is treated like one that was completed.

use std::collections::HashSet;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ranking::{Reason, ReasonCode, Wish, weight};
use super::shuffled;
use crate::auth::{As, Caller};
use crate::catalogue::card::Card;
use crate::catalogue::language::Wanted;
use crate::catalogue::shelf::Entry;
use crate::catalogue::{Catalogue, Sight, Snapshot};
use crate::database::Id;
use crate::http::code::Code;
use crate::http::problem::{Answer, Problem};
use crate::http::query;
use crate::records::{Kept, Records};
use crate::resources::private::marks::{Mark, MarkKind};
use crate::resources::private::program_runs::next::RunNext;
use crate::resources::private::program_runs::{ProgramRun, RunState};
use crate::resources::private::question_set_responses::QuestionSetResponse;
use crate::resources::private::relationships::{HarmTime, Relationship};
use crate::resources::private::self_check_responses::SelfCheckResponse;

/// The kinds that are offered; others are looked up, not done.
const KINDS: [&str; 6] = ["tips", "programs", "scripts", "question-sets", "self-checks", "affirmations"];
/// How many things are offered, and how many programs under way are looked at.
const OFFERED: usize = 5;
const RUNS: usize = 3;

#[derive(Deserialize)]
struct Options {
    relationship_id: Option<Id>,
    lang: Option<String>,
}

/// What may help now.
#[derive(Serialize, ToSchema)]
pub(super) struct NextAnswer {
    /// The relationship that was looked at; null when there is none.
    #[schema(required = true)]
    relationship_id: Option<Id>,
    /// Whether help from people comes before all of this, because harm goes on: see the help contacts.
    help_first: bool,
    /// Steps of programs under way first, then what most speaks for.
    #[schema(max_items = 8)]
    items: Vec<Suggestion>,
}

/// One thing that may help.
#[derive(Serialize, ToSchema)]
pub(super) struct Suggestion {
    item: Card,
    /// The run that the step belongs to; null for anything but a step.
    #[schema(required = true)]
    run_id: Option<Id>,
    /// Why it is offered, at least one reason.
    #[schema(min_items = 1, max_items = 9)]
    reasons: Vec<Reason>,
}

/// What may help now
///
/// A few things with the reasons for each: from the relationship (the one that changed last, unless one is named), its goal,
/// what is known of safety, and what was done before.
#[utoipa::path(
    get,
    path = "/v1/next",
    operation_id = "get_next",
    tag = "guidance",
    params(
        ("relationship_id" = Option<Id>, Query, description = "The relationship to look at.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("lang" = Option<String>, Query, description = "The language that is wanted, before `Accept-Language`.", max_length = 35, example = "en"),
    ),
    responses((status = 200, description = "What may help, and why.", body = NextAnswer)),
    security(("bearer" = [])),
)]
#[get("/v1/next")]
pub(super) async fn get_next(
    catalogue: web::Data<Catalogue>,
    records: web::Data<Records>,
    asked: As<Caller, HttpRequest>,
) -> Answer {
    let As { caller, input: request } = asked;
    let options: Options = query::parse(query::pairs(&request)?)?;
    let relationships = records.all::<Relationship>(&caller).await?;
    let chosen = match options.relationship_id {
        Some(id) => Some(relationships.iter().find(|kept| kept.id == id).ok_or_else(unknown)?),
        None => relationships.first(),
    };
    let runs = records.all::<ProgramRun>(&caller).await?;
    let marks = records.all::<Mark>(&caller).await?;
    let answered = answered(&records, &caller).await?;
    let (sight, snapshot) = (records.sight(&caller).await?, catalogue.snapshot());
    let mut items = under_way(&catalogue, &sight, &runs, &relationships, chosen.map(|kept| kept.id)).await?;
    let offer = Offer {
        account: caller.account,
        sight: &sight,
        snapshot: &snapshot,
        runs: &runs,
        marks: &marks,
        answered: &answered,
        wanted: Wanted::of(request.headers(), options.lang.as_deref()),
    };
    let today = catalogue.database().clock().now().to_utc().date_naive();
    items.extend(offer.best(&Wish::of(chosen.map(|kept| &kept.record), today), &today.to_string()));
    let goes_on = |it: &Relationship| {
        it.harm.as_ref().is_some_and(|harm| matches!(harm.when, Some(HarmTime::Now | HarmTime::Both)))
    };
    let help_first = chosen.is_some_and(|kept| goes_on(&kept.record));
    Ok(HttpResponse::Ok().json(NextAnswer { relationship_id: chosen.map(|kept| kept.id), help_first, items }))
}

/// A relationship of somebody else and one that is not there are the same.
fn unknown() -> Problem {
    Problem::new(Code::InvalidQuery).at("?relationship_id", "unknown_reference", "There is nothing with this id.")
}

/// The next steps of the programs under way, of those first that are about the relationship.
async fn under_way(
    catalogue: &Catalogue,
    sight: &Sight,
    runs: &[Kept<ProgramRun>],
    relationships: &[Kept<Relationship>],
    chosen: Option<Id>,
) -> Result<Vec<Suggestion>, Problem> {
    let mut found = Vec::new();
    let about =
        |kept: &&Kept<ProgramRun>| kept.record.relationship_id.is_none() || kept.record.relationship_id == chosen;
    for kept in runs.iter().filter(|kept| kept.record.state == RunState::Active).filter(about).take(RUNS) {
        let whom = relationships.iter().find(|it| Some(it.id) == kept.record.relationship_id);
        let next = RunNext::of(catalogue, sight, &kept.record, whom.map(|kept| &kept.record)).await?;
        if let Some(item) = next.step {
            let reasons = vec![Reason { code: ReasonCode::ContinuesRun, words: Vec::new() }];
            found.push(Suggestion { item, run_id: Some(kept.id), reasons });
        }
    }
    Ok(found)
}

/// The items that this person answered before.
async fn answered(records: &Records, caller: &Caller) -> Result<HashSet<Id>, Problem> {
    let sets = records.all::<QuestionSetResponse>(caller).await?;
    let checks = records.all::<SelfCheckResponse>(caller).await?;
    let sets = sets.iter().map(|kept| kept.record.question_set_id);
    Ok(sets.chain(checks.iter().map(|kept| kept.record.self_check_id)).collect())
}

/// What there is to offer, and to whom.
struct Offer<'a> {
    account: Id,
    sight: &'a Sight,
    snapshot: &'a Snapshot,
    runs: &'a [Kept<ProgramRun>],
    marks: &'a [Kept<Mark>],
    /// Items that were answered before.
    answered: &'a HashSet<Id>,
    wanted: Wanted,
}

impl Offer<'_> {
    /// The things that most speaks for; what was shown, answered or found helpful before steps back behind what is new.
    fn best(&self, wish: &Wish<'_>, round: &str) -> Vec<Suggestion> {
        let favourites = self.marked(|kind| kind == MarkKind::Favourite);
        let known = self.marked(|kind| matches!(kind, MarkKind::Shown | MarkKind::Helpful));
        let taken_up: HashSet<Id> = self.runs.iter().map(|kept| kept.record.program_id).collect();
        let mut fitting = Vec::new();
        for kind in KINDS {
            for entry in self.snapshot.shelf(self.sight.view, kind).entries() {
                if !entry.is_original || taken_up.contains(&entry.id) || !self.sight.lists(entry) {
                    continue;
                }
                let reasons = wish.reasons(&entry.words, favourites.contains(&entry.id));
                if !reasons.is_empty() {
                    let rank = weight(&reasons)
                        - if known.contains(&entry.id) || self.answered.contains(&entry.id) { 5 } else { 0 };
                    let place = (std::cmp::Reverse(rank), shuffled(self.account, round, entry.id));
                    fitting.push((place, kind, entry, reasons));
                }
            }
        }
        fitting.sort_by_key(|one| one.0);
        let offered = fitting.into_iter().take(OFFERED);
        offered.filter_map(|(_, kind, entry, reasons)| self.suggestion(kind, entry, reasons)).collect()
    }

    fn marked(&self, wanted: impl Fn(MarkKind) -> bool) -> HashSet<Id> {
        self.marks.iter().filter(|kept| wanted(kept.record.kind)).filter_map(|kept| kept.record.item_id).collect()
    }

    fn suggestion(&self, kind: &str, entry: &Arc<Entry>, reasons: Vec<Reason>) -> Option<Suggestion> {
        let standing = self.snapshot.shelf(self.sight.view, kind);
        let translated = standing.find_in(&entry.id.to_string(), &self.wanted, true);
        let entry = translated.filter(|entry| self.sight.lists(entry)).unwrap_or(entry);
        Some(Suggestion { item: self.sight.card(self.snapshot, entry)?, run_id: None, reasons })
    }
}
