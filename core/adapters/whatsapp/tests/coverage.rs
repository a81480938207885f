//! `COVERAGE.md` is true: its tests exist, and everything that can be sent or refused is on it.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use guiche_core::content::{InteractiveKind, MediaKind};
use guiche_core::inbound::ErrorClass;
use guiche_core::template::{ButtonParameter, ButtonValue};
use guiche_whatsapp::errors::TABLE;

const PAGE: &str = include_str!("../COVERAGE.md");

/// The names of the tests in a source: of functions right below `#[test]`, with other attributes and comments between.
/// A helper of that name shows nothing, and an ignored test neither.
fn tests_in(source: &str) -> Vec<String> {
    let (mut is_test, mut is_ignored, mut found) = (false, false, Vec::new());
    for line in source.lines().map(str::trim_start) {
        if line == "#[test]" {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_ignored = true;
        } else if let Some(rest) = line.strip_prefix("fn ") {
            if is_test && !is_ignored {
                found.extend(rest.split(['(', '<']).next().map(ToOwned::to_owned));
            }
            (is_test, is_ignored) = (false, false);
        }
    }
    found
}

#[test]
fn a_helper_and_an_ignored_test_are_no_tests() {
    let source = "fn helper() {}\n#[test]\n#[cfg(unix)]\nfn real() {\n    fn inner() {}\n}\n#[test]\n#[ignore]\nfn left_out() {}";
    assert_eq!(tests_in(source), ["real"]);
}

/// The names of all tests in the sources of the crates that the page is about.
fn functions() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders =
        vec![root.join("src"), root.join("tests"), root.join("../../src"), root.join("../../testkit/tests")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(path).unwrap();
                found.extend(tests_in(&source));
            }
        }
    }
    found
}

/// The names of the project's scenarios.
fn scenarios() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ffi-tests/scenarios");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

/// Whether a name is a scenario's, such as `G-15-one-bad-element-costs-no-neighbour`.
fn is_scenario(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.matches('-').count() >= 3
}

/// Whether a name is a test's or a scenario's. A test's name has several words; the rest are words of the platform or of
/// the engine.
fn is_test(name: &str) -> bool {
    is_scenario(name) || name.matches('_').count() >= 3 || name == "nothing_is_dropped"
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The cells of the rows of a section's table, without its head.
fn rows(section: &str) -> Vec<Vec<&'static str>> {
    let begins = PAGE.find(&format!("## {section}")).unwrap_or_else(|| panic!("no section {section}"));
    let text = PAGE.get(begins + 3..).unwrap();
    let text = text.split("\n## ").next().unwrap();
    let table = text.lines().filter(|line| line.starts_with('|')).skip(2);
    table.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

#[test]
fn every_test_that_the_page_names_exists() {
    let (functions, scenarios) = (functions(), scenarios());
    let tests: BTreeSet<&str> = quoted(PAGE).filter(|name| is_test(name)).collect();
    assert!(tests.len() > 120, "{}", tests.len());
    let exists = |name: &str| if is_scenario(name) { scenarios.contains(name) } else { functions.contains(name) };
    let missing: Vec<_> = tests.into_iter().filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What looks for rows finds them: a table that lost its lines would be true of nothing.
#[test]
fn every_table_has_its_rows() {
    let sections = PAGE.lines().filter_map(|line| line.strip_prefix("## "));
    let sizes: Vec<_> = sections.map(|section| (section, rows(section).len())).collect();
    assert!(sizes.len() >= 12 && sizes.iter().all(|(_, rows)| *rows > 0), "{sizes:?}");
    let all: usize = sizes.iter().map(|(_, rows)| rows).sum();
    assert!(all > 230, "{all} rows");
}

#[test]
fn every_row_of_a_table_names_a_test_or_why_there_is_none() {
    let heads = ["| fact", "| kind", "| code", "| number"];
    for line in PAGE.lines().filter(|line| line.starts_with("| ") && !heads.iter().any(|head| line.starts_with(head))) {
        let last = line.trim_end_matches('|').trim().rsplit(" | ").next().unwrap();
        let reason = last.strip_prefix("no test: ").is_some_and(|why| why.len() > 20);
        assert!(reason || quoted(last).any(is_test), "{line}");
    }
}

/// Section 10 of the fact sheet has 38 sharp edges.
#[test]
fn every_sharp_edge_is_on_the_page_by_its_number() {
    let numbers: Vec<String> = rows("Sharp edges (10)").iter().map(|cells| cells[0].to_owned()).collect();
    let expected: Vec<String> = (1..=38).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected);
}

/// Every inbound kind (5.5), status (5.6) and field (5.7) of the fact sheet is named where it belongs.
#[test]
fn every_inbound_kind_status_and_field_is_on_the_page() {
    let sections: [(&str, &[&str]); 3] = [
        (
            "Inbound messages (5.5)",
            &[
                "text",
                "image",
                "video",
                "audio",
                "document",
                "sticker",
                "location",
                "contacts",
                "interactive",
                "button",
                "reaction",
                "order",
                "system",
                "unsupported",
                "edit",
                "revoke",
                "request_welcome",
                "context",
                "referral",
            ],
        ),
        ("Statuses (5.6)", &["sent", "delivered", "read", "played", "failed", "conversation", "pricing", "errors"]),
        (
            "Other webhook fields (5.7 to 5.10)",
            &[
                "account_*",
                "business_*",
                "phone_number_*",
                "security",
                "group_*",
                "flows",
                "user_preferences",
                "calls",
                "history",
                "smb_message_echoes",
                "standby",
            ],
        ),
    ];
    for (section, words) in sections {
        let rows = rows(section);
        let named: BTreeSet<&str> = rows.iter().flat_map(|cells| quoted(cells[0])).collect();
        let missing: Vec<_> = words.iter().filter(|word| !named.contains(**word)).collect();
        assert!(missing.is_empty(), "{section}: {missing:?}");
    }
}

#[test]
fn every_row_of_the_error_table_is_on_the_page_with_its_class() {
    let word = |class| match class {
        ErrorClass::Retry => "retry",
        ErrorClass::PairLimit => "pair_limit",
        ErrorClass::Wait => "wait",
        ErrorClass::Permanent => "permanent",
        ErrorClass::MarketingStopped => "marketing stopped",
        ErrorClass::WindowClosed => "window_closed",
        ErrorClass::TemplateStale => "template_stale",
        ErrorClass::MediaStale => "media_stale",
        ErrorClass::Configuration => "configuration",
        ErrorClass::Information => "information",
    };
    let expected: Vec<(String, String, String)> = TABLE
        .iter()
        .map(|row| {
            let codes =
                if row.first == row.last { row.first.to_string() } else { format!("{} to {}", row.first, row.last) };
            let wait = row.wait.map(|wait| format!(", {} s", wait.as_secs())).unwrap_or_default();
            let tries = row.tries.map(|tries| format!(", {tries} tries")).unwrap_or_default();
            let meanwhile = row.meanwhile.map(|(_, en)| format!("{en} Then: ")).unwrap_or_default();
            (codes, format!("{}{wait}{tries}", word(row.class)), format!("{meanwhile}{}", row.en))
        })
        .collect();
    let on_page = rows("Error table (6.2)");
    let on_page: Vec<_> =
        on_page.iter().map(|cells| (cells[0].to_owned(), cells[1].to_owned(), cells[2].to_owned())).collect();
    assert_eq!(on_page, expected);
}

#[test]
fn every_kind_that_can_be_sent_is_on_the_page() {
    use InteractiveKind as K;
    let offers = [
        K::Buttons,
        K::List,
        K::Link,
        K::RequestLocation,
        K::RequestContact,
        K::Carousel,
        K::Product,
        K::Products,
        K::Catalog,
        K::Flow,
        K::Call,
        K::RequestCallPermission,
    ];
    let files = [
        MediaKind::Image,
        MediaKind::Video,
        MediaKind::Audio,
        MediaKind::Voice,
        MediaKind::Document,
        MediaKind::Sticker,
    ];
    // A new kind does not compile here until it is in a list above.
    for kind in offers {
        match kind {
            K::Buttons | K::List | K::Link | K::RequestLocation | K::RequestContact | K::Carousel => {}
            K::Product | K::Products | K::Catalog | K::Flow | K::Call | K::RequestCallPermission => {}
        }
    }
    for kind in files {
        match kind {
            MediaKind::Image | MediaKind::Video | MediaKind::Audio => {}
            MediaKind::Voice | MediaKind::Document | MediaKind::Sticker => {}
        }
    }
    let rows = rows("Kinds that can be sent");
    let kinds: Vec<&str> = rows.iter().filter_map(|cells| quoted(cells[0]).next()).collect();
    let words = offers.map(K::word).into_iter().chain(files.map(MediaKind::word));
    for word in words.chain(["text", "location", "contacts", "reaction", "interactive", "template"]) {
        assert!(kinds.contains(&word), "{word}");
    }
}

#[test]
fn every_parameter_of_a_button_is_on_the_page() {
    let text = String::new;
    let values = [
        ButtonValue::UrlSuffix { text: text() },
        ButtonValue::Payload { payload: text() },
        ButtonValue::CouponCode { code: text() },
        ButtonValue::OneTimePassword { code: text() },
        ButtonValue::Flow { token: None, data: None },
        ButtonValue::Catalog { thumbnail_product: None },
        ButtonValue::Products { thumbnail_product: text(), sections: vec![] },
        ButtonValue::OrderDetails { order: text() },
        ButtonValue::VoiceCall { ttl_minutes: None, payload: None },
    ];
    let rows = rows("Templates (2.5 to 2.8)");
    let named: Vec<&str> =
        rows.iter().filter_map(|cells| cells[0].strip_prefix("Button `")?.split('`').next()).collect();
    assert_eq!(named.len(), values.len());
    for value in values {
        let json = serde_json::to_value(ButtonParameter { index: 0, value }).unwrap();
        let kind = json["kind"].as_str().unwrap();
        assert!(named.contains(&kind), "{kind}");
    }
}
