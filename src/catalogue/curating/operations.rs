//! The curating operations in the document.
//! Holds always: what the handlers do for one kind stands here for all of them.

use serde_json::{Value, json};
use utoipa::ToSchema as _;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Parameter, PathItem, Paths, PathsBuilder};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};

use super::listing::MAX_OFFSET;
use super::past_operations;
use crate::catalogue::item::{Curated, CuratedItem};
use crate::catalogue::kind::Kind;
use crate::catalogue::operations::{cursor, example, id, limit, linked, locale};
use crate::catalogue::reading::example_place;
use crate::catalogue::schema::{ForCurators, Input};
use crate::catalogue::vocabulary::ItemStatus;
use crate::database::Id;
use crate::http::openapi::{
    bearer, idempotency_key, if_match, if_none_match, json_answer, json_body, path_parameter, problem, query_parameter,
};

pub(super) const JSON: &[&str] = &["application/json"];
const PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

/// What the operations of one kind say differently from those of another.
pub(super) struct Told {
    /// Plural and singular as they stand in the operations' names.
    pub many: String,
    pub one: String,
    pub about: &'static str,
    /// The names of the schemas: what curators send, what they are answered, what all schemas of the kind begin with.
    pub input: String,
    pub answered: String,
    pub schema: String,
    pub id: Id,
    pub title: String,
    /// The example as a curator sends it, and as it is answered.
    pub sent: Value,
    pub curated: Value,
}

impl Told {
    fn of<K: Kind>() -> Self {
        let document = K::example();
        Self {
            many: K::NAME.replace('-', "_"),
            one: K::SINGULAR.replace('-', "_"),
            about: K::ABOUT,
            input: Input::<K>::name().into_owned(),
            answered: ForCurators::<K>::name().into_owned(),
            schema: K::name().into_owned(),
            id: example_place(K::SINGULAR).id,
            title: document.header.title.clone(),
            sent: example(&document),
            curated: example(&CuratedItem { envelope: &envelope(K::SINGULAR), document: &document }),
        }
    }
}

/// Every curating operation of `K`, by path.
pub(super) fn paths<K: Kind>() -> Paths {
    all(K::NAME, &Told::of::<K>())
}

fn all(name: &str, kind: &Told) -> Paths {
    let base = format!("/v1/admin/{name}");
    let one = format!("{base}/{{id}}");
    [
        (base.clone(), HttpMethod::Get, list(kind)),
        (base.clone(), HttpMethod::Post, create(kind)),
        (one.clone(), HttpMethod::Get, get(kind)),
        (one.clone(), HttpMethod::Put, replace(kind)),
        (one.clone(), HttpMethod::Patch, update(kind)),
        (one.clone(), HttpMethod::Delete, delete(kind)),
        (format!("{one}/transitions"), HttpMethod::Post, transition(kind)),
    ]
    .into_iter()
    .chain(past_operations::all(&one, kind))
    .fold(PathsBuilder::new(), |paths, (path, method, operation)| paths.path(path, PathItem::new(method, operation)))
    .build()
}

fn list(kind: &Told) -> Operation {
    let words = ItemStatus::ALL.iter().map(|status| status.as_str()).collect::<Vec<_>>();
    let status = ArrayBuilder::new().items(crate::http::vocabulary::open_string(&words)).max_items(Some(8));
    let offset = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(MAX_OFFSET));
    let overdue = ObjectBuilder::new().schema_type(Type::Boolean);
    let about = "Whatever their status, newest first. Pages by cursor or by offset.";
    let page = json!({"items": [summary_example(&kind.curated)], "next_cursor": null, "total": 1});
    operation(&format!("list_curated_{}", kind.many), "List items whatever their status", about)
        .parameter(limit())
        .parameter(cursor())
        .parameter(query_parameter("offset", "How many items to skip; not with a cursor.", offset, json!(0)))
        .parameter(query_parameter("status", "Only these; repeat it for more.", status, json!(["draft"])))
        .parameter(locale())
        .parameter(query_parameter("overdue", "Only those whose next review is overdue.", overdue, json!(true)))
        .response("200", linked(json_answer("One page and how many fit in all.", "CuratedPage", page)))
        .build()
}

fn create(kind: &Told) -> Operation {
    let about = "Makes a draft, which may be incomplete. Repeating it with the same Idempotency-Key, or with the same `id` \
                 and content, has one effect.";
    let answer = |about: &str| json_answer(about, &kind.answered, kind.curated.clone());
    operation(&format!("create_{}", kind.one), "Write a new item", about)
        .parameter(idempotency_key())
        .request_body(Some(json_body("The item.", &kind.input, &kind.sent, JSON)))
        .response("200", answer("The same item was created before."))
        .response("201", answer("A new draft."))
        .response("409", problem("The id or the slug belongs to another item."))
        .build()
}

fn get(kind: &Told) -> Operation {
    operation(&format!("get_curated_{}", kind.one), "Read an item's latest state", kind.about)
        .parameter(item_id(kind))
        .parameter(if_none_match())
        .response("200", json_answer("The latest state.", &kind.answered, kind.curated.clone()))
        .build()
}

fn replace(kind: &Told) -> Operation {
    let about = "Saves a new revision; readers go on seeing the published one. Absent or null clears a member. The version it \
                 replaces comes in If-Match or as `version`.";
    operation(&format!("replace_{}", kind.one), "Rewrite an item", about)
        .parameter(item_id(kind))
        .parameter(if_match(false))
        .request_body(Some(json_body("The whole item.", &kind.input, &kind.sent, JSON)))
        .response("200", json_answer("The item as it is now.", &kind.answered, kind.curated.clone()))
        .response("409", problem("The slug is taken, or permanent since the item was published."))
        .response("428", problem("Neither If-Match nor `version` was sent."))
        .build()
}

fn update(kind: &Told) -> Operation {
    let about =
        "A JSON merge patch (RFC 7396): null clears a member. With `update_mask`, only the named members count.";
    let mask = ObjectBuilder::new().schema_type(Type::String).max_length(Some(1024));
    let body = json_body("What changes.", &format!("{}Patch", kind.schema), &json!({"title": kind.title}), PATCH);
    operation(&format!("update_{}", kind.one), "Change members of an item", about)
        .parameter(item_id(kind))
        .parameter(if_match(true))
        .parameter(query_parameter(
            "update_mask",
            "Members to take from the patch, separated by commas.",
            mask,
            json!("title"),
        ))
        .request_body(Some(body))
        .response("200", json_answer("The item as it is now.", &kind.answered, kind.curated.clone()))
        .response("409", problem("The slug is taken, or permanent since the item was published."))
        .build()
}

fn delete(kind: &Told) -> Operation {
    let about = "Removes a draft for good. What was published once is archived instead.";
    operation(&format!("delete_{}", kind.one), "Delete a draft that was never published", about)
        .parameter(item_id(kind))
        .parameter(if_match(true))
        .response("204", ResponseBuilder::new().description("Gone."))
        .response("409", problem("The item was published before."))
        .build()
}

fn transition(kind: &Told) -> Operation {
    let about = "From `draft` to `in_review`, `approved` and `published` or `scheduled`. Who wrote a revision does not approve it, \
                 unless the operator lets one person do everything. `published` shows the latest revision to readers, everywhere \
                 within two seconds; `archived` takes the item back from them. Nothing is approved without source, stance, \
                 evidence grade, guard, and an answer to whom it is wrong for. An edit makes a draft beside what readers see.";
    let wish = json!({"to": "approved", "note": "Read twice; the guard is clear now."});
    operation(&format!("transition_{}", kind.one), "Move an item between its states", about)
        .parameter(item_id(kind))
        .parameter(if_match(true))
        .request_body(Some(json_body("Where it should go.", "Transition", &wish, JSON)))
        .response("200", json_answer("The item as it is now.", &kind.answered, kind.curated.clone()))
        .response("409", problem("There is no such way from here, or its author would approve it."))
        .build()
}

pub(super) fn operation(name: &str, summary: &str, about: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(name))
        .summary(Some(summary))
        .description(Some(about))
        .tag("curation")
        .security(bearer(&["curator"]))
}

pub(super) fn item_id(kind: &Told) -> Parameter {
    path_parameter("id", "The item's id.", id(), json!(kind.id))
}

fn envelope(kind: &'static str) -> Curated {
    let place = example_place(kind);
    Curated {
        id: place.id,
        version: 2,
        status: ItemStatus::Published,
        latest_revision: 1,
        published_revision: Some(1),
        first_published_at: Some(place.published_at),
        published_at: Some(place.published_at),
        publish_at: None,
        unpublish_at: None,
        is_review_overdue: false,
        source_changed: None,
        created_at: place.published_at,
        updated_at: place.published_at,
        created_by: None,
        revised_by: None,
        change_note: None,
    }
}

fn summary_example(whole: &Value) -> Value {
    let mut summary = json!({
        "review_status": whole.pointer("/review/status"),
        "review_next_due_on": whole.pointer("/review/next_due_on"),
    });
    let members = [
        "id",
        "version",
        "slug",
        "locale",
        "title",
        "stance",
        "is_review_overdue",
        "source_changed",
        "status",
        "latest_revision",
        "published_revision",
        "publish_at",
        "unpublish_at",
        "created_at",
        "updated_at",
    ];
    if let Some(shown) = summary.as_object_mut() {
        shown.extend(members.iter().map(|name| ((*name).to_owned(), whole.get(name).cloned().unwrap_or_default())));
    }
    summary
}
