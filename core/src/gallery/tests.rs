//! Whose items exist for whom, and in which order they are listed.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::list::{folders, page, place};
use super::*;
use crate::permission::{ADMIN, ATTENDANT, Role, SUPERVISOR};
use crate::setup::{Department, Membership};

const VENDAS: DepartmentId = DepartmentId::from_raw(1);
const OBRAS: DepartmentId = DepartmentId::from_raw(2);

/// Two departments: Vendas serves the development "aurora", Obras serves "sol".
fn setup() -> Setup {
    let mut setup = Setup::default();
    for role in Role::standard() {
        setup.roles.insert(role.name.clone(), role);
    }
    for (id, development) in [(VENDAS, "aurora"), (OBRAS, "sol")] {
        let department = Department {
            id,
            name: development.to_owned(),
            reopen: crate::setup::ReopenPolicy::Never,
            developments: BTreeSet::from([development.to_owned()]),
            archived: false,
        };
        setup.departments.insert(id, department);
    }
    setup
}

fn of(role: &str, supervises: bool) -> Attendant {
    Attendant {
        id: AttendantId::from_raw(7),
        name: "Ana".to_owned(),
        login: "ana".to_owned(),
        role: role.to_owned(),
        departments: vec![Membership { department_id: VENDAS, supervises }],
        available: true,
        archived: false,
    }
}

fn scopes() -> [GalleryScope; 5] {
    let department = |department_id| GalleryScope::Department { department_id };
    let development = |key: &str| GalleryScope::Development { key: key.to_owned() };
    [GalleryScope::Account, department(VENDAS), department(OBRAS), development("aurora"), development("sol")]
}

#[test]
fn whose_item_it_is_decides_who_sees_and_who_changes_it() {
    let setup = setup();
    let table = [
        // Everybody's, own department's, another's, own development's, another's.
        (Some(of(ATTENDANT, false)), [true, true, false, true, false], [false; 5]),
        (Some(of(SUPERVISOR, true)), [true, true, false, true, false], [false, true, false, true, false]),
        // A supervisor by role who only works there changes nothing.
        (Some(of(SUPERVISOR, false)), [true, true, false, true, false], [false; 5]),
        (Some(of(ADMIN, false)), [true; 5], [true; 5]),
        (None, [true; 5], [true; 5]),
    ];
    for (attendant, sees, manages) in table {
        let who = attendant.as_ref().map(|attendant| attendant.role.clone());
        for (index, scope) in scopes().iter().enumerate() {
            assert_eq!(in_scope(&setup, attendant.as_ref(), scope), sees[index], "{who:?} sees {scope:?}");
            assert_eq!(may_manage(&setup, attendant.as_ref(), scope), manages[index], "{who:?} changes {scope:?}");
        }
    }
}

#[test]
fn what_belongs_to_an_archived_department_is_out_of_its_members_sight() {
    let mut setup = setup();
    setup.departments.entry(VENDAS).and_modify(|department| department.archived = true);
    let ana = of(ATTENDANT, false);
    let seen: Vec<_> = scopes().iter().filter(|scope| in_scope(&setup, Some(&ana), scope)).cloned().collect();
    assert_eq!(seen, [GalleryScope::Account]);
}

#[test]
fn a_folder_is_names_without_empty_ones() {
    assert_eq!(folder_path(" Torre B / Plantas// ").unwrap(), "Torre B/Plantas");
    assert_eq!(folder_path(" / ").unwrap(), "");
    assert_eq!(folder_path("a\nb").unwrap_err().code(), "malformed");
    assert_eq!(folder_path(&"x".repeat(241)).unwrap_err().code(), "too_long");
}

fn item(id: i64, folder: &str, name: &str) -> GalleryItem {
    GalleryItem {
        id: GalleryItemId::from_raw(id),
        version: 1,
        gallery: GalleryKind::Files,
        scope: GalleryScope::Account,
        folder: folder.to_owned(),
        name: name.to_owned(),
        description: None,
        caption: None,
        versions: Vec::new(),
        archived: false,
        created_at: Timestamp::from_millis(0),
        created_by: None,
    }
}

#[test]
fn folders_are_counted_with_what_lies_within_and_whatever_their_accents() {
    let items = [item(1, "", "a"), item(2, "Torre B", "b"), item(3, "torre b/Plantas", "c"), item(4, "Área", "d")];
    let found = folders(&items).into_iter().map(|folder| (folder.path, folder.items, folder.all_items));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            (String::new(), 1, 4),
            ("Área".to_owned(), 1, 1),
            ("Torre B".to_owned(), 1, 2),
            ("torre b/Plantas".to_owned(), 1, 1),
        ]
    );
}

#[test]
fn an_item_is_found_by_words_of_its_name_description_and_folder() {
    let planta = GalleryItem { description: Some("Implantação geral".to_owned()), ..item(1, "Torre B", "Book 2026") };
    for (text, found) in
        [("BOOK", true), ("implantacao", true), ("torre bo", true), ("book vista", false), ("", true), ("oo", false)]
    {
        let filter = GalleryFilter { text: Some(text.to_owned()), ..GalleryFilter::default() };
        assert_eq!(filter.matches(&planta), found, "{text}");
    }
}

proptest! {
    /// 7.3.7: pages do not overlap, and together they are the whole list in its order.
    #[test]
    fn pages_are_the_list_cut_up(
        names in prop::collection::vec(("[aAbBáÁ/ ]{0,4}", "[aAáb ]{0,3}"), 0..40),
        limit in 1u32..9,
    ) {
        let items: Vec<_> = (1..).zip(&names).map(|(id, (folder, name))| item(id, folder, name)).collect();
        let mut whole = items.clone();
        whole.sort_by_key(place);
        let (mut filter, mut found) = (GalleryFilter { limit: Some(limit), ..GalleryFilter::default() }, Vec::new());
        loop {
            let one = page(items.clone(), &filter).unwrap();
            prop_assert!(one.items.len() <= limit as usize);
            found.extend(one.items);
            match one.next {
                None => break,
                next => filter.cursor = next,
            }
        }
        prop_assert_eq!(found, whole);
    }

    /// What is no cursor is refused and never panics.
    #[test]
    fn a_cursor_is_one_or_refused(text in "[0-9a-f]{0,12}") {
        let filter = GalleryFilter { cursor: Some(text), ..GalleryFilter::default() };
        prop_assert_eq!(page(Vec::new(), &filter).unwrap_err().code(), "malformed");
    }
}
