//! The keys that sign bundles: Ed25519, one for each key of the ring, so that apps verify without any secret of ours.
//! Holds always: a signature of any key that the ring ever had can be verified; no private half leaves this file.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use thiserror::Error;

use super::shapes::{BundleKey, BundleKeys};
use crate::privacy::KeyRing;

pub(super) const ISSUER: &str = "urn:mend";
/// A type of our own, so that no other JWS passes for a manifest (RFC 8725, 3.11).
const TYPE: &str = "mend-bundle+jws";

/// A manifest could not be signed.
#[derive(Debug, Error)]
#[error("a bundle could not be signed")]
pub(super) struct Unsigned;

/// The manifest as a compact JWS (RFC 7515, RFC 8037), signed with the ring's active key.
pub(super) fn signed(ring: &KeyRing, manifest: &impl Serialize) -> Result<String, Unsigned> {
    let (kid, seed) = ring.bundle_seeds().into_iter().next().ok_or(Unsigned)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_rejected| Unsigned)?;
    let private = pair.to_pkcs8v1().map_err(|_unspecified| Unsigned)?;
    let header = Header { typ: Some(TYPE.to_owned()), kid: Some(kid.to_string()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, manifest, &EncodingKey::from_ed_der(private.as_ref())).map_err(|_cause| Unsigned)
}

/// The public halves as a JWK set (RFC 7517), the one that signs first.
pub(super) fn public(ring: &KeyRing) -> Result<BundleKeys, Unsigned> {
    let public = |(kid, seed): (i32, zeroize::Zeroizing<[u8; 32]>)| {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_rejected| Unsigned)?;
        Ok(BundleKey {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            usage: "sig",
            kid: kid.to_string(),
            x: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
        })
    };
    Ok(BundleKeys { keys: ring.bundle_seeds().into_iter().map(public).collect::<Result<_, _>>()? })
}
