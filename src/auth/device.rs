//! Device tokens: proof that this device signed in to this address before, so that strangers' failures do not lock it out.
//! Holds always: a device token opens nothing; it only chooses which counter an attempt is counted in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::database::Id;
use crate::privacy::{KeyRing, Purpose};

/// A device that signed in to one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Device(Id);

impl Device {
    pub(super) fn new() -> Self {
        Self(Id::new())
    }

    pub(super) fn id(&self) -> Id {
        self.0
    }

    /// The token that the device keeps. `lookup` is the keyed hash of the address.
    pub(super) fn token(self, ring: &KeyRing, lookup: &[u8; 32]) -> String {
        URL_SAFE_NO_PAD.encode([self.0.as_bytes().as_slice(), &self.proof(ring, lookup)].concat())
    }

    /// The device behind a token, when the token was given out for this address.
    pub(super) fn of_token(text: &str, ring: &KeyRing, lookup: &[u8; 32]) -> Option<Self> {
        let bytes: [u8; 48] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (id, proof) = bytes.split_first_chunk::<16>()?;
        let device = Self(Id::from_bytes(*id));
        bool::from(device.proof(ring, lookup).ct_eq(proof)).then_some(device)
    }

    fn proof(self, ring: &KeyRing, lookup: &[u8; 32]) -> [u8; 32] {
        ring.digest(Purpose::Device, &[lookup, self.0.as_bytes()])
    }
}
