//! The OpenAPI document: pieces for operations that are written by hand, and the pass that completes every operation.
//! Holds always: what the web layer does for every operation (problems, headers, limits) is documented here, once.

mod answers;
mod examples;
mod headers;
mod inline;
mod limits;
mod members;
mod operation;
mod parts;
mod problem;
mod prune;
mod schemas;
#[cfg(test)]
mod tests;

use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

pub use members::{Member, members};
pub use parts::{
    accept_language, bearer, idempotency_key, if_match, if_none_match, json_answer, json_body, language_header,
    link_header, path_parameter, problem, query_parameter,
};

/// Completes a document whose operations say only what is special about them: adds every status that the layers can
/// answer, the headers of answers, missing examples, the schema of problems and the security scheme; writes out bounded
/// texts in place and leaves out what nothing refers to.
pub fn finish(document: &mut OpenApi) {
    let mut components = document.components.take().unwrap_or_default();
    problem::add_schemas(&mut components);
    headers::add(&mut components);
    answers::add(&mut components);
    components.security_schemes.insert("bearer".into(), security_scheme().into());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation::complete(method, path, operation);
            examples::complete(operation, &components);
        }
    }
    document.components = Some(components);
    inline::texts(document);
    limits::complete(document);
    prune::unused(document);
}

/// Every operation of a path with its method in lower case.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn security_scheme() -> SecurityScheme {
    let about = "The access token that signing in answers, checked as RFC8725 asks. Roles named beside it are what the \
                 account has to be.";
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(about));
    SecurityScheme::Http(bearer.build())
}
