//! Signed links that show one state of one item to whoever has them, for a while.
//! Holds always: a link opens exactly the revision that it was made for, reads only, and ends at its time; nothing is stored of it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use crate::database::{Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// How long a link opens when nobody says.
pub const USUAL_LIFE: Duration = Duration::from_hours(24);
/// What a token says: item, revision, end.
const SAID: usize = 32;

/// What a preview should show, and how long.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
pub struct PreviewInput {
    /// Which state; left out, the latest.
    #[schema(minimum = 1, example = 3)]
    pub revision: Option<i64>,
    /// How long the link opens; left out, a day.
    #[schema(minimum = 60, maximum = 2_592_000, example = 86_400)]
    pub expires_in_seconds: Option<u32>,
}

/// A link to one state of an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewLink {
    /// The link itself. Whoever has it reads this one state until it ends.
    #[schema(max_length = 4096, example = "https://mend.example.org/v1/previews/AZgKXH4bekSdPlsMbx0uPw")]
    pub url: String,
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    pub expires_at: Timestamp,
}

/// One state of an item as readers would see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    /// Whether readers see this state now.
    pub is_published: bool,
    pub expires_at: Timestamp,
    /// The item, as a read of its kind answers it.
    pub item: Value,
}

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub item: Id,
    pub revision: i64,
    pub expires_at: Timestamp,
}

/// Signs tokens and reads them again. Clones share the key ring.
#[derive(Clone)]
pub struct Previews(Arc<KeyRing>);

impl Previews {
    #[must_use]
    pub fn new(ring: Arc<KeyRing>) -> Self {
        Self(ring)
    }

    /// The token that shows this.
    #[must_use]
    pub fn write(&self, shown: &Shown) -> String {
        let said = said(shown);
        URL_SAFE_NO_PAD.encode([said.as_slice(), &self.signature(&said)].concat())
    }

    /// What a token shows at this moment; nothing when it is none of ours, or its time is over.
    #[must_use]
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Shown> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (said, signature) = bytes.split_first_chunk::<SAID>()?;
        if !bool::from(self.signature(said).as_slice().ct_eq(signature)) {
            return None;
        }
        let (item, rest) = said.split_first_chunk::<16>()?;
        let (revision, end) = rest.split_first_chunk::<8>()?;
        let expires_at = Timestamp::from_micros(i64::from_be_bytes(end.try_into().ok()?));
        let shown = Shown { item: Id::from_bytes(*item), revision: i64::from_be_bytes(*revision), expires_at };
        (now < expires_at).then_some(shown)
    }

    fn signature(&self, said: &[u8]) -> [u8; 32] {
        self.0.digest(Purpose::Preview, &[said])
    }
}

fn said(shown: &Shown) -> Vec<u8> {
    let (revision, end) = (shown.revision.to_be_bytes(), shown.expires_at.as_micros().to_be_bytes());
    [shown.item.as_bytes().as_slice(), &revision, &end].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown() -> Shown {
        Shown { item: Id::from_bytes([7; 16]), revision: 3, expires_at: Timestamp::from_micros(1_000) }
    }

    #[test]
    fn a_token_opens_until_its_end_and_nowhere_else() {
        let previews = Previews::new(KeyRing::generate());
        let token = previews.write(&shown());
        assert_eq!(previews.read(&token, Timestamp::from_micros(999)), Some(shown()));
        assert_eq!(previews.read(&token, Timestamp::from_micros(1_000)), None);
        let others = Previews::new(KeyRing::generate());
        assert_eq!(others.read(&token, Timestamp::from_micros(0)), None);
        assert_eq!(previews.read("", Timestamp::from_micros(0)), None);
    }

    proptest! {
        #[test]
        fn a_changed_token_opens_nothing(at in any::<prop::sample::Index>(), other in "[A-Za-z0-9_-]") {
            let previews = Previews::new(KeyRing::generate());
            let token = previews.write(&shown());
            let at = at.index(token.len());
            let mut changed = token.clone();
            changed.replace_range(at..=at, &other);
            let opens = previews.read(&changed, Timestamp::from_micros(0)).is_some();
            prop_assert_eq!(opens, changed == token);
        }
    }
}
