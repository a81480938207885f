//! Templates and their keys.

use guiche_core::id::TemplateId;
use guiche_core::store::{Row, Store};
use guiche_core::template::{Template, TemplateStatus};

use super::{NONE, put, read, refused, taken};
use crate::sample::{self, WABA};

fn named(id: i64, waba_id: &str, name: &str, language: &str) -> Template {
    let mut template = sample::template(id);
    template.waba_id = waba_id.to_owned();
    template.definition.name = name.to_owned();
    template.definition.language = language.to_owned();
    template
}

fn by_key(store: &dyn Store, waba_id: &str, name: &str, language: &str) -> Option<i64> {
    read(store, |s| s.template_by_key(waba_id, name, language)).map(|row| row.id.raw())
}

fn listed(store: &dyn Store, waba_id: &str) -> Vec<i64> {
    read(store, |s| s.templates(waba_id)).into_iter().map(|row| row.id.raw()).collect()
}

/// Account, name and language together are the key.
pub fn a_template_is_found_by_its_key(store: &dyn Store) {
    put(store, [Row::Template(named(1, WABA, "hello", "pt_BR"))]);
    put(store, [Row::Template(named(2, WABA, "hello", "en"))]);
    put(store, [Row::Template(named(3, "waba-2", "hello", "pt_BR"))]);
    assert_eq!(by_key(store, WABA, "hello", "pt_BR"), Some(1));
    assert_eq!(by_key(store, WABA, "hello", "en"), Some(2));
    assert_eq!(by_key(store, "waba-2", "hello", "pt_BR"), Some(3));
    assert_eq!(by_key(store, "waba-2", "hello", "en"), None);
    assert_eq!(by_key(store, WABA, "hell", "pt_BR"), None);
    assert_eq!(by_key(store, WABA, "HELLO", "pt_BR"), None);
}

/// Two rows cannot have the same key.
pub fn a_second_template_with_a_key_is_a_conflict(store: &dyn Store) {
    put(store, [Row::Template(named(1, WABA, "hello", "pt_BR"))]);
    assert_eq!(refused(store, [Row::Template(named(2, WABA, "hello", "pt_BR"))]), taken("template"));
    assert_eq!(by_key(store, WABA, "hello", "pt_BR"), Some(1));
}

/// A template that is renamed leaves its old key free.
pub fn a_template_that_changes_its_key_frees_the_old_one(store: &dyn Store) {
    put(store, [Row::Template(named(1, WABA, "hello", "pt_BR"))]);
    put(store, [Row::Template(named(1, WABA, "welcome", "pt_BR"))]);
    assert_eq!(by_key(store, WABA, "hello", "pt_BR"), None);
    assert_eq!(by_key(store, WABA, "welcome", "pt_BR"), Some(1));
    put(store, [Row::Template(named(2, WABA, "hello", "pt_BR"))]);
    assert_eq!(by_key(store, WABA, "hello", "pt_BR"), Some(2));
}

/// `version` counts changes of the form: a change of status keeps it, and no version is refused.
pub fn the_version_of_a_template_is_not_compared(store: &dyn Store) {
    let mut template = Template { version: 5, ..sample::template(1) };
    put(store, [Row::Template(template.clone())]);
    template.definition.status = TemplateStatus::Paused;
    template.reason = Some("LOW_QUALITY".to_owned());
    put(store, [Row::Template(template.clone())]);
    assert_eq!(read(store, |s| s.template(TemplateId::from_raw(1))), Some(template.clone()));
    template.version = 2;
    put(store, [Row::Template(template.clone())]);
    assert_eq!(read(store, |s| s.template(TemplateId::from_raw(1))), Some(template));
}

/// By name, then language, byte by byte; whatever their status; only the account's.
pub fn templates_of_an_account_come_by_name_then_language(store: &dyn Store) {
    let keys =
        [(1, "b", "pt_BR"), (2, "b", "en"), (3, "a", "pt_BR"), (4, "B", "pt_BR"), (5, "a_b", "pt_BR"), (6, "ab", "en")];
    for (id, name, language) in keys {
        put(store, [Row::Template(named(id, WABA, name, language))]);
    }
    put(store, [Row::Template(named(7, "waba-10", "a", "en"))]);
    let mut vanished = named(3, WABA, "a", "pt_BR");
    vanished.definition.status = TemplateStatus::Vanished;
    put(store, [Row::Template(vanished)]);
    assert_eq!(listed(store, WABA), [4, 3, 5, 6, 2, 1]);
    assert_eq!(listed(store, "waba-10"), [7]);
    assert_eq!(listed(store, "waba"), NONE);
    assert_eq!(listed(store, ""), NONE);
}
