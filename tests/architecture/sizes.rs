//! What a reader meets first: the head of each file, its length, the length of its functions, its name.
//! Holds always: tests and product are measured alike.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use crate::sources::{parse, sources};

#[test]
fn every_file_says_what_lives_there_and_stays_readable() {
    let mut faults = Vec::new();
    for source in sources("src").iter().chain(&sources("tests")) {
        let name = source.path.display();
        if !source.text.starts_with("//! ") {
            faults.push(format!("{name}: does not begin with //! and what lives there"));
        }
        let lines = source.text.lines().count();
        if lines > 300 {
            faults.push(format!("{name}: {lines} lines, 300 at most"));
        }
        faults.extend(long_functions(&source.text).into_iter().map(|fault| format!("{name}: {fault}")));
        let words = source.path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        let vague = ["utils", "util", "common", "helpers", "helper", "manager", "service"];
        faults.extend(
            words
                .filter(|word| vague.contains(&word.trim_end_matches(".rs")))
                .map(|word| format!("{name}: {word} says nothing")),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_planted_long_function_is_seen() {
    let body = "    step();\n".repeat(60);
    assert_eq!(long_functions(&format!("fn long() {{\n{body}}}")).len(), 1);
    assert_eq!(long_functions(&format!("impl X {{ fn long() {{\n{body}}} }}")).len(), 1);
    assert!(long_functions("fn short() {}").is_empty());
}

/// Functions of 60 lines and more, tests included.
fn long_functions(text: &str) -> Vec<String> {
    struct Functions(Vec<String>);
    impl Functions {
        fn measure(&mut self, signature: &syn::Signature, end: Span) {
            let lines = end.end().line - signature.span().start().line + 1;
            if lines >= 60 {
                self.0.push(format!("fn {} has {lines} lines, 59 at most", signature.ident));
            }
        }
    }
    impl<'ast> Visit<'ast> for Functions {
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            self.measure(&item.sig, item.block.span());
            visit::visit_item_fn(self, item);
        }
        fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
            self.measure(&item.sig, item.block.span());
            visit::visit_impl_item_fn(self, item);
        }
    }
    let mut functions = Functions(Vec::new());
    functions.visit_file(&parse(text));
    functions.0
}
