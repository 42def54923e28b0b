//! Imports and exports in the document.
//! Holds always: the media types documented here are those that the handlers read and write.

use serde_json::{Value, json};
use utoipa::ToSchema as _;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, PathItem, Paths, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Content, ContentBuilder, KnownFormat, Ref, Required, SchemaFormat};

use crate::catalogue::exchange::Format;
use crate::catalogue::exchange::report::{ImportError, ImportOutcome, ImportReport, ImportedItem};
use crate::catalogue::operations::text;
use crate::catalogue::schema::Schemas;
use crate::catalogue::vocabulary::ItemStatus;
use crate::http::openapi::{bearer, idempotency_key, json_answer, problem, query_parameter};
use crate::http::vocabulary::open_string;

/// The longest body: what `limits.import_bytes` is unless set.
const MAX_BYTES: usize = 26_214_400;

pub(super) fn paths() -> Paths {
    PathsBuilder::new()
        .path("/v1/admin/imports", PathItem::new(HttpMethod::Post, import()))
        .path("/v1/admin/exports", PathItem::new(HttpMethod::Get, export()))
        .build()
}

pub(super) fn schemas(schemas: &mut Schemas) {
    schemas.push((ImportReport::name().into_owned(), <ImportReport as utoipa::PartialSchema>::schema()));
    <ImportReport as utoipa::ToSchema>::schemas(schemas);
    schemas.push((ImportedItem::name().into_owned(), <ImportedItem as utoipa::PartialSchema>::schema()));
    schemas.push((ImportError::name().into_owned(), <ImportError as utoipa::PartialSchema>::schema()));
    schemas.push((ImportOutcome::name().into_owned(), <ImportOutcome as utoipa::PartialSchema>::schema()));
    for (format, _, _) in Format::ALL {
        let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_BYTES));
        let schema = schema.description(Some(about(*format)));
        let binary = Some(SchemaFormat::KnownFormat(KnownFormat::Binary));
        let schema = if *format == Format::Files { schema.format(binary) } else { schema };
        schemas.push((schema_name(*format).to_owned(), schema.into()));
    }
}

const fn schema_name(format: Format) -> &'static str {
    match format {
        Format::Files => "ContentArchive",
        Format::Jsonl => "ContentLines",
        Format::Csv => "ContentTable",
    }
}

const fn about(format: Format) -> &'static str {
    match format {
        Format::Files => {
            "A tar archive of a content folder: `<language>/<kind>/<slug>.md`, TOML front matter between two lines of `+++`, then \
             Markdown; numbered parts lie beside their item, `sources.toml` describes what several items cite."
        }
        Format::Jsonl => {
            "One item a line, as JSON: its `kind`, its members, and `base`, which names the state it was made from."
        }
        Format::Csv => {
            "One item a row (RFC 4180), all of one kind: `kind`, its members, `base`. Lists of words with `|` between them, what is \
             deeper as JSON. Text that a spreadsheet would run as a formula begins with an apostrophe."
        }
    }
}

fn example(format: Format) -> Value {
    match format {
        Format::Files => json!("en/tips/a-calm-no.md"),
        Format::Jsonl => json!("{\"kind\":\"tip\",\"slug\":\"a-calm-no\",\"locale\":\"en\",\"title\":\"A calm no\"}\n"),
        Format::Csv => json!("kind,slug,locale,title\r\ntip,a-calm-no,en,A calm no\r\n"),
    }
}

/// Every media type with its content.
fn contents() -> impl Iterator<Item = (&'static str, Content)> {
    let content = |format| {
        ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(schema_name(format))))
            .example(Some(example(format)))
            .build()
    };
    Format::ALL.iter().flat_map(move |(format, _, media)| media.iter().map(move |media| (*media, content(*format))))
}

fn operation(name: &str, summary: &str, about: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(name))
        .summary(Some(summary))
        .description(Some(about))
        .tag("curation")
        .security(bearer(&["curator"]))
}

fn switch() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

fn import() -> Operation {
    let about = "All or nothing: with one fault nothing is stored, and each fault names file, line and rule. New items become \
                 drafts; an item that is there gets a new revision when it says something else and `base` names the state that \
                 it was made from (exports have it). The caller is the author, so somebody else approves. At most 2,000 items.";
    let body = RequestBodyBuilder::new().description(Some("The content.")).required(Some(Required::True));
    let body = contents().fold(body, |body, (media, content)| body.content(media, content));
    let report = json!({
        "is_dry_run": false, "created_count": 1, "changed_count": 0, "unchanged_count": 0, "refused_count": 0,
        "items": [{"kind": "tip", "locale": "en", "slug": "a-calm-no", "outcome": "created",
                   "id": "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"}],
        "errors": [],
    });
    let publish = "Publish the items at once; only where one person may do everything.";
    operation("import_content", "Bring in content in bulk", about)
        .parameter(idempotency_key())
        .parameter(query_parameter("dry_run", "Tell what would happen, and change nothing.", switch(), json!(true)))
        .parameter(query_parameter("publish", publish, switch(), json!(false)))
        .request_body(Some(body.build()))
        .response("200", json_answer("What was done; in a dry run, what would be.", "ImportReport", report))
        .response("409", problem("An item was changed since it was exported, or its author would approve it."))
        .build()
}

fn export() -> Operation {
    let about = "In one order, the same bytes for the same content: imported into an empty catalogue and exported there it is the \
                 same, imported where it came from it changes nothing. An export is at most as large as an import may be.";
    let answer = ResponseBuilder::new().description("The content, as a file.");
    let own = contents().filter(|(media, _)| Format::ALL.iter().any(|(format, _, _)| format.media() == *media));
    let answer = own.fold(answer, |answer, (media, content)| answer.content(media, content));
    let words: Vec<&str> = Format::ALL.iter().map(|(_, word, _)| *word).collect();
    let known: Vec<&str> = ItemStatus::ALL.iter().map(|status| status.as_str()).collect();
    let several = |items| ArrayBuilder::new().items(items).max_items(Some(64));
    let status = several(open_string(&known));
    let published = "What readers see, instead of the latest state of each item.";
    let base = "Whether each item names its state, so that an import notices who was faster; true unless said.";
    operation("export_content", "Take out content in bulk", about)
        .parameter(query_parameter(
            "format",
            "How it is written; jsonl unless said.",
            open_string(&words),
            json!("jsonl"),
        ))
        .parameter(query_parameter("kind", "Only these kinds; csv takes one.", several(text(2, 40)), json!(["tips"])))
        .parameter(query_parameter("locale", "Only these languages (BCP 47).", several(text(2, 16)), json!(["en"])))
        .parameter(query_parameter("status", "Only items in these states.", status, json!(["published"])))
        .parameter(query_parameter("published", published, switch(), json!(false)))
        .parameter(query_parameter("base", base, switch(), json!(true)))
        .response("200", answer.build())
        .build()
}
