//! Taking a picture's file apart: PNG, JPEG and WebP, by their own structure and not by what somebody says they are.
//! Holds always: every byte of an accepted file belongs to the picture. Nothing stands behind its end, and nothing in it can
//! hold a place, a name or a program.
//!
//! Metadata is refused and not removed: cameras write where and when a picture was taken, and a curator should know that it was
//! there. Removing it would also make another file than the one whose hash was announced, and lose the orientation that EXIF
//! holds, so that the picture would lie on its side.

use actix_web::web::Bytes;
use img_parts::jpeg::Jpeg;
use img_parts::png::Png;
use img_parts::webp::WebP;

use super::MOST_BYTES;

/// The longest side, in pixels.
const MOST_SIDE: u32 = 8_192;
/// Most pixels: what a telephone can still show.
const MOST_PIXELS: u64 = 40_000_000;

/// The media types that are accepted.
pub(super) const MEDIA: &[&str] = &["image/png", "image/jpeg", "image/webp"];

/// Chunks that a still PNG is shown from.
const PNG: &[&[u8; 4]] =
    &[b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"];
/// Chunks that a still WebP is shown from.
const WEBP: &[&[u8; 4]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH"];

/// Width and height, in pixels.
pub(super) type Size = (i32, i32);

/// Why a file is not accepted, as a stable name and a sentence.
pub(super) type Refusal = (&'static str, String);

/// Looks at a file that is said to be of this media type.
///
/// # Errors
/// It is something else, not whole, too large, or holds more than a picture.
pub(super) fn inspect(media: &str, bytes: &Bytes) -> Result<Size, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(("too_large", format!("At most {MOST_BYTES} bytes.")));
    }
    let size = match media {
        "image/png" => png(bytes),
        "image/jpeg" => jpeg(bytes),
        "image/webp" => webp(bytes),
        _ => None.ok_or_else(|| broken(media)),
    }?;
    let (width, height) = size;
    let fits = width <= MOST_SIDE && height <= MOST_SIDE && u64::from(width) * u64::from(height) <= MOST_PIXELS;
    let sides = i32::try_from(width).ok().zip(i32::try_from(height).ok()).filter(|_| fits);
    sides.ok_or_else(|| {
        ("too_many_pixels", format!("At most {MOST_SIDE} pixels a side and {MOST_PIXELS} pixels together."))
    })
}

fn broken(what: &str) -> Refusal {
    ("not_a_picture", format!("This is not a whole {what} file, or more than one."))
}

fn more(part: &[u8]) -> Refusal {
    let part = String::from_utf8_lossy(part);
    let detail = format!(
        "The file holds `{part}`, which is not needed to show it and may say where, when and by whom it was made. Save it \
         without metadata and colour profile (sRGB), and as a still picture."
    );
    ("has_metadata", detail)
}

fn png(bytes: &Bytes) -> Result<(u32, u32), Refusal> {
    let broken = || broken("PNG");
    let picture = Png::from_bytes(bytes.clone()).map_err(|_error| broken())?;
    let kinds: Vec<[u8; 4]> = picture.chunks().iter().map(img_parts::png::PngChunk::kind).collect();
    let framed = kinds.first() == Some(b"IHDR") && kinds.last() == Some(b"IEND") && kinds.contains(b"IDAT");
    let size = picture.dimensions().filter(|_| framed).ok_or_else(broken)?;
    if let Some(kind) = kinds.iter().find(|kind| !PNG.contains(kind)) {
        return Err(more(kind));
    }
    if picture.encoder().bytes() == *bytes { Ok(size) } else { Err(broken()) }
}

fn webp(bytes: &Bytes) -> Result<(u32, u32), Refusal> {
    let broken = || broken("WebP");
    let picture = WebP::from_bytes(bytes.clone()).map_err(|_error| broken())?;
    let kinds: Vec<[u8; 4]> = picture.chunks().iter().map(img_parts::riff::RiffChunk::id).collect();
    let framed = kinds.iter().filter(|kind| [b"VP8 ", b"VP8L"].contains(kind)).count() == 1;
    let size = picture.dimensions();
    if let Some(kind) = kinds.iter().find(|kind| !WEBP.contains(kind)) {
        return Err(more(kind));
    }
    let size = size.filter(|_| framed).ok_or_else(broken)?;
    if picture.encoder().bytes() == *bytes { Ok(size) } else { Err(broken()) }
}

fn jpeg(bytes: &Bytes) -> Result<(u32, u32), Refusal> {
    let broken = || broken("JPEG");
    let picture = Jpeg::from_bytes(bytes.clone()).map_err(|_error| broken())?;
    let size = picture.dimensions().ok_or_else(broken)?;
    for segment in picture.segments() {
        let (marker, contents) = (segment.marker(), segment.contents());
        match marker {
            // Baseline and progressive frames, tables, restart interval, scan.
            0xC0..=0xC2 | 0xC4 | 0xDA | 0xDB | 0xDD => {}
            // JFIF without a small picture of its own, and Adobe's note on colours.
            0xE0 if contents.starts_with(b"JFIF\0") && contents.len() == 14 => {}
            0xEE if contents.starts_with(b"Adobe") && contents.len() == 12 => {}
            0xE0..=0xEF => return Err(more(contents.get(..4).unwrap_or(b"APP"))),
            0xFE => return Err(more(b"COM")),
            _ => return Err(broken()),
        }
    }
    let scans = picture.segments().last().filter(|last| last.has_entropy()).map(|last| last.contents().len() + 4);
    let before: usize = picture.segments().iter().rev().skip(1).map(img_parts::jpeg::JpegSegment::len).sum();
    let ends = scans.and_then(|scan| bytes.get(2 + before + scan..)).is_some_and(ends_as_a_scan);
    if ends && picture.encoder().bytes() == *bytes { Ok((size.0.into(), size.1.into())) } else { Err(broken()) }
}

/// Whether these bytes are scans, with the tables between them, and then the end of the picture and of the file.
fn ends_as_a_scan(mut rest: &[u8]) -> bool {
    loop {
        let Some(next) = rest.iter().position(|byte| *byte == 0xFF) else { return false };
        let Some((marker, after)) = rest.get(next + 1..).and_then(<[u8]>::split_first) else { return false };
        match marker {
            // A stuffed byte, a restart, a fill byte.
            0x00 | 0xD0..=0xD7 => rest = after,
            0xFF => rest = rest.get(next + 1..).unwrap_or_default(),
            0xD9 => return after.is_empty(),
            0xC4 | 0xDA | 0xDB | 0xDD => {
                let length = after.first_chunk::<2>().map(|length| usize::from(u16::from_be_bytes(*length)));
                let Some(behind) = length.and_then(|length| after.get(length.max(2)..)) else { return false };
                rest = behind;
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scan's bytes as they end, and whether they do.
    #[test]
    fn a_picture_ends_where_its_file_does() {
        for (rest, ends) in [
            (&b"\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD9"[..], true),
            (b"\x12\xFF\xC4\x00\x03\xD9\x34\xFF\xDA\x00\x02\x56\xFF\xD9", true),
            (b"\x12\xFF\xFF\xD9", true),
            (b"\x12\x34", false),
            (b"\x12\xFF", false),
            (b"\x12\xFF\xD9<script>", false),
            (b"\x12\xFF\xE1\x00\x02\xFF\xD9", false),
            (b"\x12\xFF\xC4\xFF\xFF\xD9", false),
        ] {
            assert_eq!(ends_as_a_scan(rest), ends, "{rest:x?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_whatever_it_is_called() {
        let page = Bytes::from_static(b"<!doctype html><script>alert(1)</script>");
        let drawing = Bytes::from_static(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        for media in MEDIA.iter().chain(&["image/svg+xml", "text/html"]) {
            for bytes in [&page, &drawing, &Bytes::new()] {
                assert_eq!(inspect(media, bytes).map_err(|(code, _)| code), Err("not_a_picture"), "{media}");
            }
        }
    }
}
