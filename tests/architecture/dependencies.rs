//! Dependencies point one way, read from the paths that each file names.
//! Holds always: every folder and file directly below `src` has its place in the order.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::sources::{parse, sources};

/// From those who use to those who are used. A part uses parts of its own line and of lines below.
const LEVELS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["app", "routes"],
    &["resources", "operations", "outside"],
    &["records", "catalogue"],
    &["http"],
    &["auth"],
    &["database", "privacy"],
    &["config"],
];

#[test]
fn parts_use_only_what_is_below_them() {
    let faults: Vec<_> = sources("src").iter().flat_map(|source| wrong_uses(&source.module(), &source.text)).collect();
    assert!(faults.is_empty(), "dependencies point the wrong way:\n{}", faults.join("\n"));
}

#[test]
fn a_planted_wrong_use_is_seen() {
    let planted = [
        "use crate::http::Problem;",
        "use crate::{config, http::{Code, Problem}};",
        "use super::super::http;",
        "fn f() -> crate::http::Answer { todo() }",
        "fn f() { vec![crate::http::Code::NotFound]; }",
        "mod inner { use super::super::super::http; }",
        "fn f() { crate::app::Mend::start(); }",
    ];
    for text in planted {
        assert_eq!(wrong_uses(&["auth", "tokens"], text).len(), 1, "{text}");
    }
    for text in ["use crate::database::Id;", "use super::sessions;", "use std::http;", "use crate::config::Auth;"] {
        assert_eq!(wrong_uses(&["auth", "tokens"], text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(wrong_uses(&["stowaway"], "").len(), 1, "a part that has no place in the order");
}

fn level(part: &str) -> Option<usize> {
    LEVELS.iter().position(|parts| parts.contains(&part))
}

/// Each use of a part above the module's own, and a part that has no place in the order.
fn wrong_uses(module: &[impl AsRef<str>], text: &str) -> Vec<String> {
    let module: Vec<String> = module.iter().map(|word| word.as_ref().to_owned()).collect();
    let Some(part) = module.first().cloned() else { return Vec::new() };
    let Some(own) = level(&part) else { return vec![format!("{part} has no place in the order of parts")] };
    let mut uses = Uses { module: module.clone(), parts: BTreeSet::new() };
    uses.visit_file(&parse(text));
    let wrong = uses.parts.iter().filter(|used| level(used).is_some_and(|used| used < own));
    wrong.map(|used| format!("{} uses {used}", module.join("::"))).collect()
}

/// Collects the parts of this crate that a file names, in `use`, in paths and inside macros.
struct Uses {
    module: Vec<String>,
    parts: BTreeSet<String>,
}

impl Uses {
    /// Notes the part that a path leads to, when it leads to one of this crate's.
    fn note(&mut self, path: &[String]) {
        let mut place = match path.first().map(String::as_str) {
            Some("crate" | "mend") => Vec::new(),
            Some("self" | "super") => self.module.clone(),
            _ => return,
        };
        for word in path {
            match word.as_str() {
                "super" => drop(place.pop()),
                "crate" | "mend" | "self" => {}
                other => place.push(other.to_owned()),
            }
        }
        self.parts.extend(place.into_iter().next());
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |word: &syn::Ident| before.iter().cloned().chain([word.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.note(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    /// Paths inside a macro are tokens: words with `::` between them.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(word) if colons == 2 => path.push(word.to_string()),
                TokenTree::Ident(word) => {
                    self.note(&path);
                    path = vec![word.to_string()];
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
            colons = 0;
        }
        self.note(&path);
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if words.len() > 1 {
            self.note(&words);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}
