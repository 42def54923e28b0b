//! The flags of the settings, made from the configuration's own table, so that the two cannot differ.
//! Holds always: every setting but a secret has a flag, and each works before and after the command.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, FromArgMatches};

use crate::config::{FIELDS, Flags};

/// `--config` and a flag for each setting.
#[derive(Debug)]
pub(super) struct SettingFlags(Flags);

impl SettingFlags {
    pub(super) fn into_flags(self) -> Flags {
        self.0
    }
}

impl Args for SettingFlags {
    fn augment_args(command: clap::Command) -> clap::Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .global(true)
            .help("The configuration file [variable: MEND_CONFIG]");
        FIELDS.iter().fold(command.arg(file), |command, field| match field.flag() {
            Some(flag) => command.arg(
                Arg::new(field.path)
                    .long(flag)
                    .value_name("VALUE")
                    .global(true)
                    .help_heading("Settings")
                    .help(format!("{} [variable: {}]", field.about, field.variable)),
            ),
            None => command,
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Flags { file: matches.get_one::<PathBuf>("config").cloned(), ..Flags::default() };
        for field in FIELDS.iter().filter(|field| field.flag().is_some()) {
            if let Some(value) = matches.get_one::<String>(field.path) {
                flags = flags.with(field.path, value);
            }
        }
        Ok(Self(flags))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use crate::cli::Cli;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_flag_works_before_and_after_the_command() {
        for line in [["mend", "--listen=[::1]:1", "serve"], ["mend", "serve", "--listen=[::1]:1"]] {
            let flags = Cli::try_parse_from(line).unwrap().flags.into_flags();
            assert_eq!(flags.values.get("server.listen").map(String::as_str), Some("[::1]:1"));
        }
    }

    #[test]
    fn a_secret_has_no_flag() {
        assert!(Cli::try_parse_from(["mend", "--database-url=postgres://x"]).is_err());
    }
}
