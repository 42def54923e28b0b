//! The project's source files as the rules read them.
//! Holds always: every file is found, wherever it lies below the folder.

use std::path::{Path, PathBuf};

pub struct Source {
    pub path: PathBuf,
    pub text: String,
}

impl Source {
    /// The path of the module in this file, without `crate`.
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.with_extension("");
        let words = inside.components().skip(1).map(|part| part.as_os_str().to_string_lossy().into_owned());
        words.filter(|word| word != "mod" && word != "lib").collect()
    }
}

/// Every Rust file below a folder of the project.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of this project").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
                found.push(Source { path: path.strip_prefix(root).expect("below the root").to_owned(), text });
            }
        }
    }
    found
}

pub fn parse(text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("a source does not parse: {error}"))
}
