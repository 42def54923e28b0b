//! Where the key ring and the keystore are.

use std::path::{Path, PathBuf};

use super::{ConfigError, Secret, Settings};

#[derive(Debug, Clone)]
pub struct Keys {
    /// `MEND_KEYS_RING_FILE`: the key ring, made on first start; `keyring.json` in the data directory unless set.
    pub ring_file: PathBuf,
    /// `MEND_KEYS_RING`: the key ring itself as JSON, for platforms that hand secrets over as variables. Never written.
    pub ring: Option<Secret>,
    /// `MEND_KEYS_KEYSTORE_URL`: the database of wrapped data keys; `keystore.db` in the data directory unless set.
    pub keystore_url: Secret,
}

impl Keys {
    pub(super) fn read(settings: &Settings, data_dir: &Path) -> Result<Self, ConfigError> {
        if settings.is_given("keys.ring") && settings.is_given("keys.ring_file") {
            return Err(ConfigError::Both {
                one: settings.place("keys.ring"),
                other: settings.place("keys.ring_file"),
            });
        }
        Ok(Self {
            ring_file: settings.text("keys.ring_file").map_or_else(|| data_dir.join("keyring.json"), PathBuf::from),
            ring: settings.secret("keys.ring"),
            keystore_url: settings
                .secret("keys.keystore_url")
                .unwrap_or_else(|| Secret::new(format!("sqlite:{}", data_dir.join("keystore.db").display()))),
        })
    }
}
