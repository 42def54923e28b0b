//! A 256-bit key in memory.
//! Holds always: it prints as `[secret]`, is compared in constant time, and its memory is wiped when it is dropped.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Length of every key of this service, in bytes.
pub(super) const LENGTH: usize = 32;

/// Separates the keys derived here from any other use of the same input. Changing it makes everything sealed unreadable.
const SALT: &[u8] = b"mend.derive.v1";

#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct Secret([u8; LENGTH]);

impl Secret {
    /// A fresh key from the thread's generator, which the operating system seeds.
    pub(super) fn random() -> Self {
        let mut secret = Self([0; LENGTH]);
        rand::rng().fill_bytes(&mut secret.0);
        secret
    }

    /// The key that `text` spells in base64, or nothing when it is not exactly 32 bytes.
    pub(super) fn from_base64(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).ok()?);
        Self::from_slice(&bytes)
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(self.0))
    }

    pub(super) const fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The key for one use (HKDF-SHA256): `info` names the use and must be unambiguous, so it is a frame.
    pub(super) fn derive(&self, info: &[u8]) -> Self {
        let mut derived = Self([0; LENGTH]);
        #[expect(clippy::expect_used, reason = "HKDF-SHA256 refuses more than 8,160 bytes only, and this asks for 32")]
        Hkdf::<Sha256>::new(Some(SALT), &self.0).expand(info, &mut derived.0).expect("32 bytes");
        derived
    }

    /// HMAC-SHA256 of `message` under this key.
    pub(super) fn authenticate(&self, message: &[u8]) -> [u8; LENGTH] {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length");
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// As base64: for the ring's file only, the one place where a key stands outside memory.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        Self::from_base64(&text).ok_or_else(|| de::Error::custom("a key is not 32 bytes in base64"))
    }
}
