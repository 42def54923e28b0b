//! The workloads, and the files from which wrk's script takes its requests.
//! Holds always: the same script, people and ids drive the service and the floor.

use std::fmt::Write as _;
use std::path::Path;

use clap::ValueEnum;

/// What one request of a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Workload {
    /// One published tip, signed in
    #[value(name = "W1")]
    Tip,
    /// The same, not signed in, the catalogue being public
    #[value(name = "W1p")]
    TipInPublic,
    /// 20 tips of one situation, signed in
    #[value(name = "W2")]
    Tips,
    /// The same, not signed in, the catalogue being public
    #[value(name = "W2p")]
    TipsInPublic,
    /// One own entry
    #[value(name = "W3")]
    Entry,
    /// The newest 20 own entries
    #[value(name = "W4")]
    Entries,
    /// 35 % W4, 35 % W3, 10 % each of W1, W2 and W5
    #[value(name = "W6")]
    Session,
    /// A new entry of 1 KB, durable when answered
    #[value(name = "W5")]
    Create,
}

impl Workload {
    pub fn name(self) -> String {
        self.to_possible_value().expect("every workload has a name").get_name().to_owned()
    }
}

/// Somebody signed in: their token and the ids of their entries.
#[derive(Debug, Clone)]
pub struct Person {
    pub token: String,
    pub entries: Vec<String>,
}

/// Writes what `requests.lua` reads: a line a person, a line with the tips, a line with the situations.
pub fn write_script_data(folder: &Path, people: &[Person], tips: &[String]) {
    let mut lines = String::new();
    for person in people {
        writeln!(lines, "person {} {}", person.token, person.entries.join(" ")).expect("a string takes all");
    }
    writeln!(lines, "tips {}", tips.join(" ")).expect("a string takes all");
    writeln!(lines, "situations {}", SITUATIONS.join(" ")).expect("a string takes all");
    std::fs::write(folder.join("people.txt"), lines).expect("the scratch folder takes files");
    std::fs::write(folder.join("entry.json"), entry_body()).expect("the scratch folder takes files");
    std::fs::write(folder.join("requests.lua"), include_str!("requests.lua")).expect("the scratch folder takes files");
}

/// The twenty facets over which the tips are spread.
pub const SITUATIONS: [&str; 20] = [
    "controlling",
    "guilt_trips",
    "best_friend_mother",
    "sacrifice",
    "new_partner",
    "favourite_sibling",
    "unlived_life",
    "codependency",
    "ambition",
    "independence",
    "not_understood",
    "boundary_crossed",
    "not_protected",
    "wont_admit",
    "criticism",
    "role_reversal",
    "no_mother",
    "mental_illness",
    "no_interest",
    "far_away",
];

/// 1 KB of prose with letters outside of ASCII and line breaks.
pub fn prose(bytes: usize) -> String {
    const LINE: &str = "Später am Abend hat sie noch einmal angerufen; ich ließ es läuten, trank Tee und schrieb.\n";
    let mut text = LINE.repeat(bytes / LINE.len() + 1);
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.truncate(end);
    text.trim_end().to_owned()
}

/// The body of W5.
pub fn entry_body() -> String {
    serde_json::json!({"text": prose(1024), "day": "2026-05-10", "time_zone": "Europe/Berlin"}).to_string()
}
