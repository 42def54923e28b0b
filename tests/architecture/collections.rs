//! A private resource is its fields and its rules: nothing that the engine does is written again in it.
//! Holds always: whatever implements `Collection` is looked at, without a list to keep.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::sources::{parse, sources};

#[test]
fn a_private_collection_holds_no_sql_no_route_and_no_handler() {
    let mut collections = Vec::new();
    for source in sources("src/resources/private") {
        if implements_collection(&source.text) {
            let faults = engine_work(&source.text);
            assert!(faults.is_empty(), "{} does the engine's work: {faults:?}", source.path.display());
            collections.extend(source.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    assert!(collections.contains(&"journal".to_owned()), "journal.rs is one of {collections:?}");
}

#[test]
fn planted_engine_work_is_seen() {
    let planted = [
        "use diesel::prelude::*;",
        "use actix_web::web;",
        "fn routes() -> impl actix_web::dev::HttpServiceFactory { todo() }",
        "async fn list() {}",
        "const ALL: &str = \"SELECT id FROM records\";",
        "const PATH: &str = \"/v1/journal-entries\";",
    ];
    for text in planted {
        assert!(!engine_work(text).is_empty(), "{text}");
    }
    assert!(engine_work("/// Selects a mood from /v1/tips.\npub struct Entry { text: String }").is_empty());
}

fn implements_collection(text: &str) -> bool {
    let is_collection = |path: &syn::Path| path.segments.last().is_some_and(|last| last.ident == "Collection");
    parse(text).items.iter().any(|item| {
        matches!(item, syn::Item::Impl(item) if item.trait_.as_ref().is_some_and(|(path, _)| is_collection(path)))
    })
}

/// Words of SQL, routing and handling in a file's code; its comments may say what they like.
fn engine_work(text: &str) -> Vec<String> {
    let tokens: TokenStream = text.parse().expect("a source is made of Rust's tokens");
    let words = ["async", "diesel", "actix_web", "HttpRequest", "HttpResponse", "sql_query"];
    let phrases = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "/v1/"];
    let mut found = Vec::new();
    let mut waiting: Vec<TokenTree> = tokens.into_iter().collect();
    while let Some(token) = waiting.pop() {
        match token {
            TokenTree::Group(group) if !is_documentation(&group) => waiting.extend(group.stream()),
            TokenTree::Ident(word) if words.iter().any(|known| word == known) => found.push(word.to_string()),
            TokenTree::Literal(text) if phrases.iter().any(|phrase| text.to_string().contains(phrase)) => {
                found.push(text.to_string());
            }
            _ => {}
        }
    }
    found
}

/// A comment such as this one is the tokens `[doc = "…"]`.
fn is_documentation(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(word)) if word == "doc")
}
