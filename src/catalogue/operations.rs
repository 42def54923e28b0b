//! The reading operations in the document: a list and a read, with every facet as a parameter.
//! Holds always: the parameters documented here are the ones that `listing.rs` reads, from the same tables.

use serde_json::{Value, json};
use utoipa::ToSchema as _;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Parameter, PathItem, Paths, PathsBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Ref, RefOr, Response};

use super::facets::{FACETS, Facet};
use super::kind::{Filter, Kind};
use super::listing::Sort;
use super::reading::{Items, Shelved, example_place};
use crate::http::openapi::{
    accept_language, bearer, if_none_match, json_answer, language_header, link_header, path_parameter, query_parameter,
};

/// What the reads of one shelf say differently from those of another; see [`Shelved`].
struct Told {
    name: &'static str,
    singular: &'static str,
    about: &'static str,
    parent: Option<&'static str>,
    has_revisions: bool,
    is_open: bool,
    filters: &'static [Filter],
    /// The name of the schema of a single read.
    full: String,
    full_example: Value,
    summary_example: Value,
}

impl Told {
    fn of<S: Shelved>() -> Self {
        Self {
            name: S::NAME,
            singular: S::SINGULAR,
            about: S::ABOUT,
            parent: S::PARENT,
            has_revisions: S::HAS_REVISIONS,
            is_open: S::OPEN,
            filters: S::FILTERS,
            full: S::Full::name().into_owned(),
            full_example: S::full_example(),
            summary_example: S::summary_example(),
        }
    }

    fn paths(self) -> Paths {
        let base = format!("/v1/{}", self.name);
        PathsBuilder::new()
            .path(base.clone(), PathItem::new(HttpMethod::Get, list(&self)))
            .path(format!("{base}/{{key}}"), PathItem::new(HttpMethod::Get, one(self)))
            .build()
    }
}

/// The list and the read of a shelf.
pub(super) fn reading_paths<S: Shelved>() -> Paths {
    Told::of::<S>().paths()
}

/// The same for a kind, with what an item is related to.
pub(super) fn item_paths<K: Kind>() -> Paths {
    let mut paths = reading_paths::<Items<K>>();
    let path = format!("/v1/{}/{{key}}/related", K::NAME);
    paths.paths.insert(path, PathItem::new(HttpMethod::Get, related(K::NAME, K::SINGULAR)));
    paths
}

fn related(name: &'static str, singular: &'static str) -> Operation {
    let about = "Links in both directions, each with what it means: what must be known first, what says the same, what \
                 says when it holds, what says the opposite, what comes next. Only what the reader may see.";
    let page = json!({"items": [], "next_cursor": null});
    OperationBuilder::new()
        .operation_id(Some(format!("list_related_of_{}", singular.replace('-', "_"))))
        .summary(Some(format!("List what a {} is related to", singular.replace('-', " "))))
        .description(Some(about))
        .tag(name)
        .security(bearer(&[]))
        .parameter(path_parameter("key", "The id or the slug.", text(1, 60), json!("say-it-while-it-is-small")))
        .parameter(if_none_match())
        .response("200", json_answer("What it is related to.", "RelatedPage", page))
        .build()
}

fn list(shelf: &Told) -> Operation {
    let many = shelf.name.replace('-', "_");
    let about = format!(
        "{} Lists show summaries. Repeating a parameter means \"or\", different parameters mean \"and\". People who must not \
         be pushed towards contact are never shown what does that.",
        shelf.about
    );
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("list_{many}")))
        .summary(Some(format!("List published {}", shelf.name.replace('-', " "))))
        .description(Some(about))
        .tag(shelf.name)
        .security(who(shelf))
        .parameter(limit())
        .parameter(cursor())
        .parameter(sort())
        .parameter(ids(shelf.singular))
        .parameter(locale())
        .parameter(lang())
        .parameter(accept_language());
    if let Some(parent) = shelf.parent {
        let about = format!("Only those of this {parent}, by id or slug.");
        let schema = ArrayBuilder::new().items(text(1, 60)).max_items(Some(20));
        operation = operation.parameter(query_parameter(parent, &about, schema, json!(["accepting-the-limits"])));
    }
    for filter in shelf.filters {
        let schema = ArrayBuilder::new().items(text(1, 40)).max_items(Some(60));
        operation =
            operation.parameter(query_parameter(filter.parameter, filter.about, schema, json!([filter.example])));
    }
    for facet in FACETS.iter() {
        operation = operation.parameter(facet_parameter(facet));
    }
    let page = json!({"items": [shelf.summary_example], "next_cursor": null});
    let answer = json_answer("One page.", &format!("{}Page", shelf.full), page);
    operation.parameter(if_none_match()).response("200", in_language(linked(answer))).build()
}

fn one(shelf: Told) -> Operation {
    let singular = shelf.singular.replace('-', "_");
    let (about, example) = match shelf.parent {
        Some(_) => ("The id.", json!(example_place(shelf.singular).id)),
        None => ("The id or the slug.", json!("say-it-while-it-is-small")),
    };
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("get_{singular}")))
        .summary(Some(format!("Read a published {}", shelf.singular.replace('-', " "))))
        .description(Some(shelf.about))
        .tag(shelf.name)
        .security(who(&shelf))
        .parameter(path_parameter("key", about, text(1, 60), example))
        .parameter(if_none_match());
    if shelf.has_revisions {
        let about = "An earlier publication, for what is pinned to it; without its links.";
        operation = operation.parameter(query_parameter("revision", about, revision_number(), json!(1)));
    }
    if shelf.parent.is_none() {
        operation = operation.parameter(lang()).parameter(accept_language());
    }
    let answer = json_answer("The whole of it.", &shelf.full, shelf.full_example);
    operation.response("200", in_language(answer)).build()
}

/// Who may read: everybody, or whoever is signed in.
fn who(shelf: &Told) -> SecurityRequirement {
    if shelf.is_open { SecurityRequirement::default() } else { bearer(&[]) }
}

fn in_language(mut response: Response) -> Response {
    response.headers.insert("Content-Language".into(), language_header());
    response
}

/// The language that the address names.
pub(super) fn lang() -> Parameter {
    let about = "In which language, before `Accept-Language` (BCP 47).";
    query_parameter("lang", about, text(2, 35), json!("en"))
}

/// A facet as a parameter.
pub(super) fn facet_parameter(facet: &Facet) -> Parameter {
    let word = crate::http::vocabulary::open_string(&facet.words);
    let schema = ArrayBuilder::new().items(word).max_items(Some(64));
    query_parameter(facet.parameter, facet.about, schema, json!([facet.words.first()]))
}

fn sort() -> Parameter {
    let words = Sort::NAMED.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")]);
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    query_parameter("sort", "The order; a minus is descending. Without it, by title.", schema, json!("-published_at"))
}

/// How many items a page may hold.
pub(super) fn limit() -> Parameter {
    let schema =
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(100)).default(Some(json!(20)));
    query_parameter("limit", "How many items the page may hold.", schema, json!(20))
}

/// Where the page starts.
pub(super) fn cursor() -> Parameter {
    query_parameter("cursor", "The `next_cursor` of the page before.", text(1, 512), json!("AQx2"))
}

/// In which languages.
pub(super) fn locale() -> Parameter {
    let schema = ArrayBuilder::new().items(text(2, 16)).max_items(Some(20));
    query_parameter("locale", "In which language (BCP 47).", schema, json!(["en"]))
}

fn ids(kind: &'static str) -> Parameter {
    let schema = ArrayBuilder::new().items(id()).max_items(Some(100));
    query_parameter("id", "Only these; repeat it for up to 100.", schema, json!([example_place(kind).id]))
}

/// A reference to the schema of ids.
pub(super) fn id() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name("Id"))
}

/// The number of a revision.
pub(super) fn revision_number() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(i64::MAX)).into()
}

/// A bounded text.
pub(super) fn text(min: usize, max: usize) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(min)).max_length(Some(max)).into()
}

/// Adds the `Link` header that a page carries while there is a next one.
pub(super) fn linked(mut response: Response) -> Response {
    response.headers.insert("Link".into(), link_header());
    response
}

/// What stands in for an example that cannot be made, which a test keeps from happening.
pub(super) fn example(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
