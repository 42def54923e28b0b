//! Settings from every layer, and what a mistake is answered with.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).unwrap()
}

fn load(flags: &Flags, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_settings(&Settings::gather(flags, &environment(variables))?)
}

/// What is said about these variables.
fn complaint(variables: &[(&str, &str)]) -> String {
    load(&Flags::default(), variables).unwrap_err().to_string()
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mend.toml");
    std::fs::write(&path, text).unwrap();
    (directory, path)
}

fn complaint_about_file(text: &str) -> String {
    let (_directory, path) = file(text);
    load(&Flags { file: Some(path), ..Flags::default() }, &[]).unwrap_err().to_string()
}

#[test]
fn the_defaults_suit_one_machine() {
    let config = load(&Flags::default(), &[]).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.url.expose(), "sqlite:data/mend.db");
    assert_eq!(config.keys.keystore_url.expose(), "sqlite:data/keystore.db");
    assert_eq!(config.keys.ring_file, PathBuf::from("data/keyring.json"));
    assert_eq!(config.auth.argon2_memory_kib, 46 * 1024);
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(config.server.workers >= 1);
    assert!(config.metrics.listen.is_none());
}

#[test]
fn what_tests_start_from_is_valid() {
    let config = Config::for_tests(std::path::Path::new("/somewhere"));
    assert_eq!(config.database.url.expose(), "sqlite:/somewhere/mend.db");
    assert_eq!((config.server.listen.port(), config.server.workers), (0, 1));
}

#[test]
fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
    let (_directory, path) = file("[server]\nlisten = \"127.0.0.1:1\"\nworkers = 2\nshutdown_seconds = 3\n");
    let flags = Flags { file: Some(path), ..Flags::default() }.with("server.listen", "127.0.0.1:3");
    let config = load(&flags, &[("MEND_LISTEN", "127.0.0.1:2"), ("MEND_SERVER_WORKERS", "7")]).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.workers, 7);
    assert_eq!(config.server.shutdown_seconds, 3);
}

#[test]
fn the_file_can_be_named_by_a_variable_and_an_empty_variable_is_none() {
    let (_directory, path) = file("[server]\nworkers = 2\n");
    let variables = [("MEND_CONFIG", path.to_str().unwrap()), ("MEND_SERVER_WORKERS", "")];
    assert_eq!(load(&Flags::default(), &variables).unwrap().server.workers, 2);
}

#[test]
fn a_mistyped_variable_is_refused_and_the_nearest_named() {
    let refused = Environment::of([("MEND_LISTN".to_owned(), "x".to_owned())]).unwrap_err().to_string();
    assert_eq!(refused, "MEND_LISTN is not a setting of mend; did you mean MEND_LISTEN?");
    let refused = Environment::of([("MEND_DATABSE_URL_FILE".to_owned(), "x".to_owned())]).unwrap_err().to_string();
    assert!(refused.ends_with("did you mean MEND_DATABASE_URL_FILE?"), "{refused}");
}

#[test]
fn a_mistyped_entry_of_the_file_is_refused_and_the_nearest_named() {
    let refused = complaint_about_file("[server]\nlisten_on = \"127.0.0.1:1\"\n");
    assert!(refused.contains("server.listen_on in "), "{refused}");
    assert!(refused.ends_with("did you mean server.listen?"), "{refused}");
    assert!(complaint_about_file("[server.listen]\nport = 1\n").contains("server.listen.port"));
}

#[test]
fn the_file_is_typed() {
    assert!(complaint_about_file("[server]\nworkers = \"2\"\n").ends_with("must be a whole number without quotes"));
    assert!(complaint_about_file("data_dir = 7\n").ends_with("must be a text in quotes"));
    assert!(complaint_about_file("[server]\ncors_origins = \"x\"\n").ends_with("must be an array of texts"));
    let broken = complaint_about_file("[database]\nurl = \"postgres://mend:hunter2@db/mend\n");
    assert!(broken.contains("line 2") && !broken.contains("hunter2"), "{broken}");
}

#[test]
fn a_complaint_names_the_variable_and_what_was_expected() {
    assert_eq!(
        complaint(&[("MEND_SERVER_WORKERS", "four")]),
        "MEND_SERVER_WORKERS must be a whole number from 0 to 1024"
    );
    assert_eq!(complaint(&[("MEND_CATALOGUE_PUBLIC", "yes")]), "MEND_CATALOGUE_PUBLIC must be true or false");
    assert_eq!(complaint(&[("MEND_LOG_FORMAT", "xml")]), "MEND_LOG_FORMAT must be json or text");
    assert!(complaint(&[("MEND_LISTEN", "8080")]).starts_with("MEND_LISTEN must be an address and port"));
    assert!(complaint(&[("MEND_PUBLIC_URL", "mend.example.org")]).starts_with("MEND_PUBLIC_URL must be an address"));
    assert!(complaint(&[("MEND_AUTH_ARGON2_MEMORY_KIB", "1024")]).contains("19456"), "the floor cannot be lowered");
    let cors = complaint(&[("MEND_SERVER_CORS_ORIGINS", "https://app.example.org/")]);
    assert!(cors.starts_with("MEND_SERVER_CORS_ORIGINS must be origins"), "{cors}");
}

#[test]
fn a_secret_can_come_from_a_file_but_not_twice() {
    let (_directory, path) = file("postgres://mend:hunter2@localhost/mend\n");
    let from_file = ("MEND_DATABASE_URL_FILE", path.to_str().unwrap());
    let config = load(&Flags::default(), &[from_file]).unwrap();
    assert_eq!(config.database.url.expose(), "postgres://mend:hunter2@localhost/mend");
    let twice = complaint(&[from_file, ("MEND_DATABASE_URL", "sqlite:x")]);
    assert_eq!(twice, "MEND_DATABASE_URL and MEND_DATABASE_URL_FILE are both set; keep one of them");
    let missing = complaint(&[("MEND_DATABASE_URL_FILE", "/nowhere/url")]);
    assert!(missing.starts_with("MEND_DATABASE_URL_FILE names /nowhere/url, which cannot be read"), "{missing}");
    assert!(complaint(&[("MEND_KEYS_RING", "{}"), ("MEND_KEYS_RING_FILE", "ring.json")]).contains("are both set"));
}

#[test]
fn networks_and_addresses_are_both_trusted_proxies() {
    let config = load(&Flags::default(), &[("MEND_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
    let texts: Vec<_> = config.server.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["10.0.0.0/8", "::1/128"]);
}

#[test]
fn what_is_printed_hides_secrets_and_can_be_read_again() {
    let variables =
        [("MEND_DATABASE_URL", "postgres://mend:hunter2@localhost/mend"), ("MEND_LISTEN", "127.0.0.1:9090")];
    let settings = Settings::gather(&Flags::default(), &environment(&variables)).unwrap();
    let printed = settings.to_toml();
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(printed.contains("# url is set and hidden, from MEND_DATABASE_URL"), "{printed}");
    assert!(printed.contains("listen = \"127.0.0.1:9090\"  # MEND_LISTEN"), "{printed}");
    assert!(!format!("{settings:?}{:?}", Config::from_settings(&settings).unwrap()).contains("hunter2"));

    let (_directory, path) = file(&printed);
    let again = load(&Flags { file: Some(path), ..Flags::default() }, &[]).unwrap();
    assert_eq!(again.server.listen.port(), 9090);
}

#[test]
fn the_table_has_each_name_once_and_structure_decides_it() {
    let mut variables = BTreeMap::new();
    for field in FIELDS {
        assert!(field.about.ends_with('.'), "{}", field.path);
        assert!(variables.insert(field.variable, field.path).is_none(), "{} twice", field.variable);
        let by_structure = format!("MEND_{}", field.path.replace('.', "_").to_uppercase());
        let shortened = ["MEND_LISTEN", "MEND_PUBLIC_URL", "MEND_LOG"].contains(&field.variable);
        assert!(shortened || field.variable == by_structure, "{}", field.variable);
        assert!(markdown_table().contains(&format!("`{}`", field.variable)));
    }
}
