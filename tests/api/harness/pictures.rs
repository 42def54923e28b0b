//! Small pictures as an encoder writes them, and how they are stored.
//! Holds always: each is whole and holds nothing but a picture.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use ureq::http::Method;

use super::{Actor, Answer};

/// 3 by 2 pixels of grey: the file of the document's example.
pub const EXAMPLE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x03, 0x00, 0x00, 0x00, 0x02, 0x08, 0x00, 0x00, 0x00, 0x00, 0xb8, 0x1f, 0x39, 0xc6, 0x00, 0x00, 0x00, 0x13, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x01, 0x01, 0x08, 0x00, 0xf7, 0xff, 0x00, 0x28, 0x28, 0x28, 0x00, 0x50, 0x50, 0x50, 0x04,
    0xb8, 0x01, 0x69, 0xf6, 0xfe, 0xdd, 0x1f, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// 5 by 4 pixels, baseline.
pub fn jpeg() -> Vec<u8> {
    decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8yb\
    qmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAE\
    AAUDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/xAAYEAEBAAMAAAAAAAAAAAAAAAAABAMTMv/EABUBAQEAAAAAAAAAAAAAAAAAAA\
    ME/8QAGxEAAgEFAAAAAAAAAAAAAAAAAAIBAxESITH/2gAMAwEAAhEDEQA/ALNFg18gJ2ab9Gos2EbP/9k=",
    )
}

/// The same, progressive.
pub fn progressive() -> Vec<u8> {
    decoded(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8yb\
    qmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wgARCAAE\
    AAUDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABUBAQEAAAAAAAAAAAAAAAAAAAID/9oADAMBAAIQAxAAAAEJv//EABYQAQEBAA\
    AAAAAAAAAAAAAAAAIBEf/aAAgBAQABBQIiZ//EABcRAQADAAAAAAAAAAAAAAAAAAEAAhH/2gAIAQMBAT8BouT/xAAVEQEBAAAAAAAAAAAAAAAA\
    AAABAP/aAAgBAgEBPwFb/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAGPwJ//8QAFRABAQAAAAAAAAAAAAAAAAAAAEH/2gAIAQEAAT8hhP\
    /aAAwDAQACAAMAAAAQ8//EABYRAAMAAAAAAAAAAAAAAAAAAAARIf/aAAgBAwEBPxBDT//EABcRAAMBAAAAAAAAAAAAAAAAAAABETH/2gAIAQIB\
    AT8QZdP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/EHP/2Q==",
    )
}

/// The same without loss.
pub fn webp() -> Vec<u8> {
    decoded("UklGRiwAAABXRUJQVlA4TB8AAAAvBMAAALkyRPQ/dhHR/4BAIAlsf7QZRma0IihJAQAHAA==")
}

/// The same with loss.
pub fn lossy_webp() -> Vec<u8> {
    decoded("UklGRkQAAABXRUJQVlA4IDgAAADQAQCdASoFAAQABABoJbACdAEO9sV+AAD+rG05pHrhRfgN1ZoyCkpzf29qMzG9ekC4Yo8/a36AAA==")
}

fn decoded(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("base64 of these tests")
}

/// A file's name.
pub fn name(bytes: &[u8]) -> String {
    let nibbles = Sha256::digest(bytes).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
}

/// Sends a file under its own name.
#[track_caller]
pub fn sends(actor: &Actor, media: &str, bytes: &[u8]) -> Answer {
    let path = format!("/v1/admin/media-files/{}", name(bytes));
    actor.request(Method::PUT, &path).bytes(media, bytes).send()
}

/// Stores a file, whether or not it is there; what a medium says of it.
#[track_caller]
pub fn stored(actor: &Actor, media: &str, bytes: &[u8]) -> Value {
    let answer = sends(actor, media, bytes);
    assert!([200, 201].contains(&answer.status), "{answer}");
    answer.json()
}
