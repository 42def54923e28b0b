//! The OpenAPI document of the whole service, made from the same registrations that serve it.
//! Holds always: making it needs no database and gives the same bytes every time.

use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::info::{InfoBuilder, LicenseBuilder};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{OpenApi, Server, ServerBuilder};

use crate::http::layers::known_paths::{KnownPaths, Listed};
use crate::http::mount::{Described, Mount};
use crate::{http, operations, routes};

const ABOUT: &str = "\
A backend for adults who repair a strained relationship with their mother, keep the peace with her, or leave.

- **Errors** are problems (RFC 9457) with a stable `code`, a `request_id`, and one entry a fault. They never repeat what was sent.
- **Lists** come in pages: follow `next_cursor`, or the `Link` header, until it is null. A page may be short or empty.
- **Filters** are named parameters; a repeated one means *or*; an unknown one is refused.
- **Changes** name the version that they change (`If-Match`); a stale one is refused with the current ETag.
- **Creating** can be repeated safely with the same `Idempotency-Key` within 24 hours.
- **Texts** cannot hold NUL or lone surrogates. Instants are RFC 3339 in UTC; a day is a date in the writer's zone.
- Words of a vocabulary (`x-extensible-enum`) may grow: treat one that is new to you as unknown, not as an error.
- `HEAD` works wherever `GET` does.";

/// Tags beside those of the resources: name and what stands under it.
const TAGS: [(&str, &str); 10] = [
    ("accounts", "Registering, signing in, one's own account and sessions."),
    ("trash", "What was deleted and can still be restored."),
    ("guidance", "What may help now: the tip of the day, and the next few things with their reasons."),
    ("submissions", "Handing over a story, a comment or a review to be published, and taking it back."),
    ("offline", "The catalogue to take along, and the keys that verify it."),
    ("steps", "The steps of published programs."),
    ("search", "Finding published items of every kind."),
    ("curation", "Writing, checking and publishing the catalogue; for curators."),
    ("privacy", "What is stored of whom, and for how long."),
    ("operations", "Whether the service runs, which version, and this document."),
];

/// Everything that is served and documented.
pub(super) fn mount(mount: &mut Mount<'_>) {
    routes::mount(mount);
    operations::routes(mount);
}

/// The paths of all that.
pub(super) fn known_paths() -> KnownPaths {
    let mut listed = Listed::default();
    mount(&mut Mount::Listed(&mut listed));
    KnownPaths::of(listed)
}

/// The finished document.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut described = Described::default();
    mount(&mut Mount::Described(&mut described));
    let mut document = described.into_document();
    document.info = InfoBuilder::new()
        .title("Mend")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build()))
        .build();
    document.servers = Some(vec![server()]);
    document.tags = Some(tags());
    http::openapi::finish(&mut document);
    document
}

/// The document is served by the service that it describes.
fn server() -> Server {
    ServerBuilder::new()
        .url("/")
        .description(Some("The service that serves this document, be it in production, staging or on a local machine."))
        .extensions(Some(ExtensionsBuilder::new().add("x-internal", false).build()))
        .build()
}

fn tags() -> Vec<Tag> {
    let own = routes::collections().into_iter().map(|collection| tag(collection.name, collection.about));
    let kinds = routes::kinds();
    let curated = kinds.all().map(|kind| tag(kind.name, kind.about));
    TAGS.into_iter().map(|(name, about)| tag(name, about)).chain(own).chain(curated).collect()
}

fn tag(name: &str, about: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(about)).build()
}
