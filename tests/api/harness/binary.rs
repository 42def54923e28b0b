//! The `mend` binary as an operator runs it: its own process, beside the node of a story.
//! Holds always: it gets the story's databases and key ring and nothing of this process's own settings.

use std::path::Path;
use std::process::{Command, Stdio};

use mend::config::Config;
use serde_json::Value;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub succeeded: bool,
    pub answer: String,
    pub told: String,
}

impl Ended {
    /// The JSON of a command that succeeded.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert!(self.succeeded, "the command failed: {}", self.told);
        serde_json::from_str(&self.answer).unwrap_or_else(|error| panic!("{error} in {}", self.answer))
    }

    /// What a command that was refused said.
    #[track_caller]
    pub fn refusal(&self) -> &str {
        assert!(!self.succeeded, "not refused: {}", self.answer);
        &self.told
    }
}

/// A command on the stores of this configuration, to be run or started.
pub fn command(config: &Config, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mend"));
    command.env_clear().args(words).stdin(Stdio::null());
    command.env("MEND_DATA_DIR", &config.data_dir).env("MEND_KEYS_RING_FILE", &config.keys.ring_file);
    command.env("MEND_DATABASE_URL", config.database.url.expose());
    command.env("MEND_KEYS_KEYSTORE_URL", config.keys.keystore_url.expose());
    command
}

/// Runs a command to its end.
pub fn run(config: &Config, words: &[&str]) -> Ended {
    let output = command(config, words).output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("commands speak UTF-8");
    Ended { succeeded: output.status.success(), answer: text(output.stdout), told: text(output.stderr) }
}

/// A path as a word of a command.
pub fn word(path: &Path) -> &str {
    path.to_str().expect("the paths of these tests are UTF-8")
}
