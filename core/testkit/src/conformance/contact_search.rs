//! Search: contacts by everything that names them. Every answer is the same whatever the index has seen.

use guiche_core::attendance::{Attendance, Placement, TrashDoor};
use guiche_core::contact::{Contact, Identity};
use guiche_core::error::Error;
use guiche_core::id::ContactId;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::search::{phone_words, words};
use guiche_core::store::{Row, Store};

use super::search::{put, whatever_is_indexed};
use super::{NONE, read, refused, talks, world, write};
use crate::sample::{self, BRUNO, CARLA};

fn contacts_by(store: &dyn Store, text: &str) -> Vec<i64> {
    contacts_with(store, &words(text))
}

fn contacts_with(store: &dyn Store, words: &[String]) -> Vec<i64> {
    read(store, |s| s.contacts_with(words)).into_iter().map(ContactId::raw).collect()
}

fn people(store: &dyn Store) {
    let some = |text: &str| Some(text.to_owned());
    let named = Contact { recipient_name: some("José da Padaria"), ..sample::contact(9) };
    let profiled =
        Contact { profile_name: some("Zé 🙂 do Pão"), email: some("ze.pao@example.com"), ..sample::contact(3) };
    let numbered = Identity { wa_id: some("5511987654321"), ..sample::identity(9) };
    let public = Identity { username: some("@Ze_Pao"), wa_id: None, ..sample::identity(3) };
    let second = Identity { wa_id: some("552133334444"), contact_id: ContactId::from_raw(3), ..sample::identity(30) };
    let nobody = Contact { profile_name: None, ..sample::contact(7) };
    put(
        store,
        [
            Row::Contact(named),
            Row::Contact(profiled),
            Row::Contact(nobody),
            Row::Identity(numbered),
            Row::Identity(public),
            Row::Identity(second),
        ],
    );
}

/// By both names, e-mail, public names and numbers of all identities; all words, the last by its beginning, wherever
/// they stand; ascending.
pub fn contacts_are_found_by_everything_that_names_them(store: &dyn Store) {
    people(store);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "jose"), [9]);
        assert_eq!(contacts_by(store, "PADARIA José"), [9]);
        assert_eq!(contacts_by(store, "pad"), [9]);
        assert_eq!(contacts_by(store, "contact"), [9], "the name that staff gave does not hide the profile's");
        assert_eq!(contacts_by(store, "ze"), [3]);
        assert_eq!(contacts_by(store, "pão"), [3]);
        assert_eq!(contacts_by(store, "do d"), [3]);
        assert_eq!(contacts_by(store, "example.com ze"), [3]);
        assert_eq!(contacts_by(store, "ze_pao"), [3]);
        assert_eq!(contacts_by(store, "d"), [3, 9]);
        assert_eq!(contacts_by(store, "ze 4444"), [3]);
        assert_eq!(contacts_by(store, "jose ze"), NONE);
        assert_eq!(contacts_by(store, "jos padaria"), NONE);
        assert_eq!(contacts_by(store, ""), NONE, "of no words, nothing has any");
    });
}

/// By every form in which a number is written, and by the beginning of each.
pub fn contacts_are_found_by_every_form_of_their_numbers(store: &dyn Store) {
    people(store);
    whatever_is_indexed(store, || {
        for (contact, number) in [(9, "5511987654321"), (3, "552133334444")] {
            for form in phone_words(number) {
                assert_eq!(contacts_with(store, &[form]), [contact]);
            }
        }
        for form in ["98765", "5511 98", "11987", "4321"] {
            assert_eq!(contacts_with(store, &[form.replace(' ', "")]), [9], "{form}");
        }
        assert_eq!(contacts_by(store, "7777"), NONE);
    });
}

/// A contact is found by what it is called now, and an identity counts for the contact whose it is now.
pub fn a_changed_contact_or_identity_is_found_by_its_new_words_only(store: &dyn Store) {
    people(store);
    super::search::index_all(store);
    let some = |text: &str| Some(text.to_owned());
    put(store, [Row::Contact(Contact { version: 2, recipient_name: some("Dona Ana"), ..sample::contact(9) })]);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "jose"), NONE);
        assert_eq!(contacts_by(store, "ana"), [9]);
        assert_eq!(contacts_by(store, "ana 4321"), [9], "its number stays");
    });
    put(store, [Row::Identity(Identity { version: 2, wa_id: some("5521911112222"), ..sample::identity(9) })]);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "4321"), NONE);
        assert_eq!(contacts_by(store, "ana 2222"), [9]);
    });
    // Its number goes to another contact.
    let moved =
        Identity { version: 3, contact_id: ContactId::from_raw(3), username: some("nova"), ..sample::identity(9) };
    put(store, [Row::Identity(Identity { wa_id: some("5521911112222"), ..moved.clone() })]);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "2222"), [3]);
        assert_eq!(contacts_by(store, "ze nova"), [3]);
        assert_eq!(contacts_by(store, "ana"), [9]);
    });
    // A contact that was made one with another keeps its words: who asks decides what that means.
    let merged = Contact { version: 3, merged_into: Some(ContactId::from_raw(3)), ..sample::contact(9) };
    put(store, [Row::Contact(merged)]);
    whatever_is_indexed(store, || assert_eq!(contacts_by(store, "contact"), [9]));
}

/// Of those that have the words: whoever a sight shows an attendance of, in the Central or the trash, and whoever was merged into
/// another; newest made first, and no more than are asked for.
pub fn contacts_are_found_by_who_sees_them(store: &dyn Store) {
    talks(store);
    let trashed = Attendance {
        placement: Placement::Trash { door: TrashDoor::Trash, by: None, at: sample::NOON },
        assignee_id: Some(BRUNO),
        ..sample::attendance(7, 7)
    };
    let merged = Contact { merged_into: Some(ContactId::from_raw(1)), ..sample::contact(5) };
    put(store, [7, 8].map(sample::contact).map(Row::Contact));
    put(store, [Row::Contact(merged), Row::Attendance(trashed)]);
    let desk = |attendant_id, whole: &[_], trash| {
        Sight::Desk(DeskSight { attendant_id, whole: whole.to_vec(), unassigned: Vec::new(), trash })
    };
    let seen = |sight: &Sight, limit| -> Vec<i64> {
        let found = read(store, |s| s.contacts_seen_with(&words("contact"), sight, limit));
        found.into_iter().map(ContactId::raw).collect()
    };
    let department = sample::attendance(1, 1).department_id;
    whatever_is_indexed(store, || {
        assert_eq!(seen(&Sight::Everything, 10), [7, 5, 3, 2, 1]);
        assert_eq!(seen(&Sight::Everything, 2), [7, 5]);
        assert_eq!(seen(&desk(BRUNO, &[], false), 10), [7, 5], "one's own is seen in the trash too");
        assert_eq!(seen(&desk(CARLA, &[department], false), 10), [5, 3, 2, 1]);
        assert_eq!(seen(&desk(CARLA, &[department], true), 10), [7, 5, 3, 2, 1]);
        assert_eq!(seen(&desk(CARLA, &[], true), 10), [5]);
    });
}

/// A contact may come after its identity in one change set, and what failed is not found.
pub fn contacts_of_what_failed_are_not_found(store: &dyn Store) {
    world(store);
    let named = Contact { recipient_name: Some("Nona".to_owned()), ..sample::contact(9) };
    let numbered = Identity { wa_id: Some("5511987654321".to_owned()), ..sample::identity(9) };
    let renamed = Contact { version: 2, recipient_name: Some("Primeira".to_owned()), ..sample::contact(1) };
    let rows = vec![Row::Identity(numbered), Row::Contact(named), Row::Contact(renamed)];
    let changes = sample::changes(rows, vec![sample::event()]);
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&changes)?;
        assert_eq!(unit.contacts_with(&words("nona 4321"))?, [ContactId::from_raw(9)]);
        assert_eq!(unit.contacts_with(&words("prim"))?, [ContactId::from_raw(1)]);
        Err(Error::Closed)
    });
    failed.expect_err("the work fails");
    let nobody = || {
        assert_eq!(contacts_by(store, "nona"), NONE);
        assert_eq!(contacts_by(store, "4321"), NONE);
        assert_eq!(contacts_by(store, "primeira"), NONE);
        assert_eq!(contacts_by(store, "contact"), [1, 2, 3, 4]);
    };
    whatever_is_indexed(store, nobody);
    let mut rows = changes.rows.clone();
    rows.push(Row::Contact(sample::contact(2)));
    refused(store, rows);
    whatever_is_indexed(store, nobody);
    put(store, changes.rows);
    whatever_is_indexed(store, || assert_eq!(contacts_by(store, "nona 4321"), [9]));
}

/// Names may be anything people write.
pub fn hostile_names_are_only_names(store: &dyn Store) {
    let names =
        ["OR", "a AND b", "\"x\" *", "'; DROP TABLE contact; --", "100%", "_", "naïve Ünïcode", "NOT NEAR(x y)"];
    put(
        store,
        (1..)
            .zip(names)
            .map(|(id, name)| Row::Contact(Contact { profile_name: Some(name.to_owned()), ..sample::contact(id) })),
    );
    whatever_is_indexed(store, || {
        for (id, name) in (1..).zip(names) {
            assert_eq!(contacts_by(store, name).contains(&id), !words(name).is_empty(), "{name}");
        }
        assert_eq!(contacts_by(store, "or"), [1]);
        assert_eq!(contacts_by(store, "x"), [3, 8]);
        assert_eq!(contacts_by(store, "UNICODE"), [7]);
        assert_eq!(contacts_by(store, "naive uni"), [7]);
        assert_eq!(contacts_by(store, "a OR b"), NONE);
    });
}
