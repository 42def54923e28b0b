//! Pictures: stored whole or not at all, published with words for those who do not see them, read while they are published.

use std::time::Duration;

use diesel::prelude::*;
use mend::database::schema::media_files;

use crate::curation_items::tip;
use crate::harness::examples::Examples;
use crate::harness::*;
use crate::sweeper::{after_sweep, eager, finds};
use crate::harness::pictures::{EXAMPLE, jpeg, lossy_webp, name, progressive, sends, stored, webp};


const MEDIA: &str = "/v1/admin/media";
const DAY: Duration = Duration::from_hours(24);

fn publish(actor: &Actor, item: &Record) -> Answer {
    moves(actor, item, "published")
}

fn moves(actor: &Actor, item: &Record, to: &str) -> Answer {
    let etag = actor.get(&item.path).expect(200).etag();
    let request = actor.request(Method::POST, &format!("{}/transitions", item.path)).header("if-match", &etag);
    request.json(&json!({"to": to})).send()
}

/// A draft of a medium about this file.
#[track_caller]
fn medium(actor: &Actor, slug: &str, file: &Value, changes: &Value) -> Record {
    let body = json!({
        "slug": slug, "title": "Two cups", "file": file, "alt_text": "Two cups on a table, one of them full.",
        "credit": "The makers of these tests", "licence": "CC-BY-4.0",
    });
    actor.writes(MEDIA, &with(&body, changes))
}

fn path(bytes: &[u8]) -> String {
    format!("/v1/media-files/{}", name(bytes))
}

#[apply(on_both_databases)]
fn a_picture_is_stored_once_and_served_exactly_while_it_is_published(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha, anyone) = (world.curator("cleo"), world.sign_up("asha"), world.anonymous());
    let files = [
        ("image/png", EXAMPLE.to_vec(), (3, 2)), ("image/jpeg", jpeg(), (5, 4)), ("image/jpeg", progressive(), (5, 4)),
        ("image/webp", webp(), (5, 4)), ("image/webp", lossy_webp(), (5, 4)),
    ];
    for (number, (media, bytes, (width, height))) in files.iter().enumerate() {
        let file = sends(&cleo, media, bytes).expect(201).json();
        let facts = json!({
            "sha256": name(bytes), "content_type": media, "width": width, "height": height, "byte_length": bytes.len(),
        });
        assert_eq!(file, facts);
        assert_eq!(sends(&cleo, media, bytes).expect(200).json(), facts, "a second time changes nothing");
        assert_eq!(&cleo.get(&format!("/v1/admin/media-files/{}", name(bytes))).expect(200).bytes, bytes);
        asha.get(&path(bytes)).problem(404, "not_found");
        let item = medium(&cleo, &format!("cups-{number}"), &file, &json!({}));
        asha.get(&path(bytes)).problem(404, "not_found");
        publish(&cleo, &item).expect(200);

        let read = asha.get(&path(bytes)).expect(200);
        assert_eq!(&read.bytes, bytes);
        for (header, value) in [
            ("content-type", *media), ("cache-control", "private, max-age=31536000, immutable"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ] {
            assert_eq!(read.header(header), Some(value), "{header}");
        }
        let again = asha.request(Method::GET, &path(bytes)).header("if-none-match", &read.etag()).send();
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        anyone.get(&path(bytes)).problem(401, "not_signed_in");
        moves(&cleo, &item, "archived").expect(200);
        asha.get(&path(bytes)).problem(404, "not_found");
    }
    let open = World::with(engine, |config| config.catalogue.public = true);
    let cleo = open.curator("cleo");
    publish(&cleo, &medium(&cleo, "cups", &stored(&cleo, "image/webp", &webp()), &json!({}))).expect(200);
    let read = open.anonymous().get(&path(&webp())).expect(200);
    assert_eq!((read.bytes.clone(), read.header("cache-control")), (webp(), Some("public, max-age=86400, immutable")));
}

#[apply(on_both_databases)]
fn what_is_no_picture_or_more_than_one_is_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    let behind = |mut bytes: Vec<u8>| {
        bytes.extend_from_slice(&page);
        bytes
    };
    let cut = |bytes: &[u8]| bytes[..bytes.len() - 3].to_vec();
    // An APP1 segment with EXIF, right behind the start.
    let mut with_exif = jpeg();
    with_exif.splice(2..2, *b"\xFF\xE1\x00\x0AExif\0\0ab");
    let mut damaged = EXAMPLE.to_vec();
    damaged[45] ^= 1;
    for (media, bytes, code) in [
        ("image/png", page.clone(), "not_a_picture"), ("image/jpeg", page.clone(), "not_a_picture"),
        ("image/webp", page.clone(), "not_a_picture"), ("image/png", jpeg(), "not_a_picture"),
        ("image/jpeg", EXAMPLE.to_vec(), "not_a_picture"), ("image/webp", EXAMPLE.to_vec(), "not_a_picture"),
        ("image/png", cut(EXAMPLE), "not_a_picture"), ("image/jpeg", cut(&jpeg()), "not_a_picture"),
        ("image/jpeg", cut(&progressive()), "not_a_picture"), ("image/webp", cut(&webp()), "not_a_picture"),
        ("image/png", behind(EXAMPLE.to_vec()), "not_a_picture"), ("image/jpeg", behind(jpeg()), "not_a_picture"),
        ("image/jpeg", behind(progressive()), "not_a_picture"), ("image/webp", behind(webp()), "not_a_picture"),
        ("image/png", damaged, "not_a_picture"), ("image/jpeg", with_exif, "has_metadata"),
        ("image/png", text_in_png(), "has_metadata"), ("image/png", Vec::new(), "not_a_picture"),
    ] {
        let answer = sends(&cleo, media, &bytes);
        answer.fault(422, "", code);
        cleo.get(&format!("/v1/admin/media-files/{}", name(&bytes))).problem(404, "not_found");
    }
    for media in ["image/svg+xml", "text/html", "application/json", "image/gif"] {
        sends(&cleo, media, EXAMPLE).problem(415, "unsupported_media_type");
    }
    let large = [EXAMPLE, &vec![0; 2_097_152]].concat();
    sends(&cleo, "image/png", &large).problem(413, "body_too_large");
    let other = format!("/v1/admin/media-files/{}", name(&webp()));
    cleo.request(Method::PUT, &other).bytes("image/png", EXAMPLE).send().fault(422, "", "other_file");
    sends(&asha, "image/png", EXAMPLE).problem(403, "not_allowed");
    asha.get(&format!("/v1/admin/media-files/{}", name(EXAMPLE))).problem(403, "not_allowed");
}

/// The example with a line of text in it: an author's name, say.
fn text_in_png() -> Vec<u8> {
    // tEXt "Author\0Somebody", with its checksum.
    let text = b"\x00\x00\x00\x0ftEXtAuthor\x00Somebodys\xc5\x86\x89";
    [&EXAMPLE[..33], text, &EXAMPLE[33..]].concat()
}

#[apply(on_both_databases)]
fn nothing_is_published_without_its_words(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let file = stored(&cleo, "image/png", EXAMPLE);
    for member in ["alt_text", "credit", "licence", "file"] {
        let slug = format!("without-{}", member.replace('_', "-"));
        let item = medium(&cleo, &slug, &file, &json!({member: null}));
        publish(&cleo, &item).fault(422, &format!("/{member}"), "needed_to_publish");
    }
    let blank = medium(&cleo, "blank-words", &file, &json!({"alt_text": "   "}));
    publish(&cleo, &blank).fault(422, "/alt_text", "needed_to_publish");
    let permission = medium(&cleo, "with-permission", &file, &json!({"licence": "with_permission"}));
    publish(&cleo, &permission).fault(422, "/licence_url", "needed_to_publish");
    let unknown = medium(&cleo, "unknown-file", &with(&file, &json!({"sha256": name(&webp())})), &json!({}));
    publish(&cleo, &unknown).fault(422, "/file/sha256", "unknown_file");
    let wider = medium(&cleo, "wider", &with(&file, &json!({"width": 300})), &json!({}));
    publish(&cleo, &wider).fault(422, "/file/width", "unlike_the_file");
}

#[apply(on_both_databases)]
fn an_item_shows_its_pictures_in_the_language_of_its_words(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let file = stored(&cleo, "image/png", EXAMPLE);
    let draft = medium(&cleo, "two-cups", &file, &json!({"caption": "One chair stays empty."}));
    let tip_with = |slug: &str, changes: &Value| {
        cleo.writes("/v1/admin/tips", &with(&with(&tip(slug), &json!({"media": ["two-cups"]})), changes))
    };
    let english = tip_with("one-breath", &json!({}));
    publish(&cleo, &english).fault(422, "/media/0", "unresolved_medium");
    publish(&cleo, &draft).expect(200);
    publish(&cleo, &english).expect(200);
    let shown = |slug: &str, lang: &str| asha.reads(&format!("/v1/tips/{slug}?lang={lang}"))["media"].clone();
    let first = shown("one-breath", "en");
    let medium_id = asha.reads("/v1/media/two-cups")["id"].clone();
    assert_eq!(first, json!([{
        "id": medium_id, "slug": "two-cups", "locale": "en", "alt_text": "Two cups on a table, one of them full.",
        "caption": "One chair stays empty.", "credit": "The makers of these tests", "licence": "CC-BY-4.0",
        "licence_url": null, "url": path(EXAMPLE), "sha256": name(EXAMPLE), "content_type": "image/png", "width": 3,
        "height": 2, "byte_length": EXAMPLE.len(),
    }]));
    assert_eq!(asha.get(first[0]["url"].as_str().unwrap()).expect(200).bytes, EXAMPLE);

    // A translated tip shows the original's words until the picture is translated too, under whatever slug.
    let translated = json!({"locale": "de", "translation_of": {"slug": "one-breath", "locale": "en"}});
    publish(&cleo, &tip_with("ein-atemzug", &translated)).expect(200);
    assert_eq!(shown("one-breath", "de")[0]["locale"], "en");
    let words = json!({
        "locale": "de", "alt_text": "Zwei Tassen auf einem Tisch, eine davon voll.",
        "translation_of": {"slug": "two-cups", "locale": "en"},
    });
    let german = medium(&cleo, "zwei-tassen", &file, &words);
    publish(&cleo, &german).expect(200);
    let german = &shown("one-breath", "de")[0];
    assert_eq!(
        (&german["slug"], &german["alt_text"]),
        (&json!("zwei-tassen"), &json!("Zwei Tassen auf einem Tisch, eine davon voll."))
    );
    assert_eq!(shown("one-breath", "en"), first);

    let bundle = asha.get("/v1/bundle").expect(200).text;
    let lines = bundle.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let carried: Vec<Value> = lines.filter(|item| item["slug"] == "one-breath").collect();
    assert_eq!(carried[0]["media"], first, "its words and its address are taken along");
    // Taken back, it stands beside nothing; who sees the item sees it without.
    moves(&cleo, &draft, "archived").expect(200);
    assert_eq!(shown("one-breath", "en")[0]["locale"], "de", "the translation is still there");
}

#[apply(on_both_databases)]
fn pictures_are_looked_up_and_never_found(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let item = medium(&cleo, "two-cups", &stored(&cleo, "image/png", EXAMPLE), &json!({"title": "Zanzibar"}));
    publish(&cleo, &item).expect(200);
    assert_eq!(asha.lists("/v1/media").len(), 1);
    assert_eq!(asha.lists("/v1/search?q=zanzibar").len(), 0);
    let open = Examples::of(&cleo).curated("help-contacts", "with-a-picture");
    let at = format!("/v1/admin/help-contacts/{}", open["id"].as_str().unwrap());
    let etag = cleo.get(&at).expect(200).etag();
    cleo.patch(&at, &etag, &json!({"media": ["two-cups"]})).fault(422, "/media", "not_here");
}

#[apply(on_both_databases)]
fn they_are_exported_and_imported_as_they_were(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let file = stored(&cleo, "image/png", EXAMPLE);
    publish(&cleo, &medium(&cleo, "two-cups", &file, &json!({"caption": "One chair."}))).expect(200);
    let shows = cleo.writes("/v1/admin/tips", &with(&tip("one-breath"), &json!({"media": ["two-cups"]})));
    publish(&cleo, &shows).expect(200);
    let other = World::start(engine);
    let caro = other.curator("caro");
    for (format, media) in [("jsonl", "application/jsonl"), ("files", "application/x-tar"), ("csv", "text/csv")] {
        // A table holds one kind.
        let kinds = if format == "csv" { "&kind=media" } else { "&kind=media&kind=tips" };
        let export = format!("/v1/admin/exports?format={format}&status=published&base=false{kinds}");
        let bytes = cleo.get(&export).expect(200).bytes;
        let sent = |query: &str| {
            caro.request(Method::POST, &format!("/v1/admin/imports{query}")).bytes(media, bytes.clone()).send()
        };
        if format == "jsonl" {
            sent("?publish=true").expect(422);
            stored(&caro, "image/png", EXAMPLE);
            sent("?publish=true").expect(200);
            assert_eq!(other.sign_up("asha").reads("/v1/tips/one-breath")["media"][0]["width"], 3);
        } else {
            assert_eq!(sent("").expect(200).json()["changed_count"], 0, "{format}");
        }
        assert_eq!(caro.get(&export).expect(200).bytes, bytes, "{format}: the same bytes");
    }
}

#[apply(on_both_databases)]
fn a_file_that_nobody_speaks_of_is_forgotten(#[case] engine: Engine) {
    let world = eager(engine);
    let cleo = world.curator("cleo");
    let file = stored(&cleo, "image/png", EXAMPLE);
    medium(&cleo, "two-cups", &file, &json!({}));
    stored(&cleo, "image/webp", &webp());
    let kept = || finds(&world, |conn| media_files::table.select(media_files::sha256).load::<String>(conn));
    world.clock.advance(DAY * 29);
    after_sweep(&world, "media_files");
    assert_eq!(kept().len(), 2);
    world.clock.advance(DAY * 2);
    after_sweep(&world, "media_files");
    assert_eq!(kept(), [name(EXAMPLE)], "a draft is enough to keep it");
}
