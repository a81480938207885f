//! Verbs on what belongs to no attendance: markers, canned replies and gallery items, of every sort.

use guiche_core::canned::{PutCannedReply, ReplyScope};
use guiche_core::error::{Error, Refusal};
use guiche_core::gallery::{AddGalleryItem, GalleryKind, GalleryPick, GalleryScope, UpdateGalleryItem};
use guiche_core::id::{CannedReplyId, GalleryItemId, MarkerId};
use guiche_core::marker::UpdateMarker;
use guiche_core::permission::Permission;
use guiche_testkit::sample::{BRUNO, SALES, SUPPORT};

use super::model::holds;
use super::told;
use super::world::{Caller, ME, Relation, Whose, World};

fn update_marker(world: &World, marker_id: MarkerId) -> Result<(), Error> {
    let command = UpdateMarker { marker_id, name: Some("outro".to_owned()), filter: None };
    world.desk.update_marker(&command).map(drop)
}

fn archive_marker(world: &World, marker_id: MarkerId) -> Result<(), Error> {
    world.desk.archive_marker(marker_id).map(drop)
}

/// Changes a reply and leaves it whose it is.
fn put_canned_reply(world: &World, id: CannedReplyId) -> Result<(), Error> {
    let whose = world.things.replies.iter().find(|(_, of)| *of == id).map(|(whose, _)| *whose);
    put(world, Some(id), whose.unwrap_or(Whose::Mine))
}

fn put(world: &World, id: Option<CannedReplyId>, whose: Whose) -> Result<(), Error> {
    let scope = match whose {
        Whose::Mine | Whose::Unknown => ReplyScope::Personal { attendant_id: ME },
        Whose::AColleagues => ReplyScope::Personal { attendant_id: BRUNO },
        Whose::MyDepartments => ReplyScope::Department { department_id: SALES },
        Whose::OtherDepartments => ReplyScope::Department { department_id: SUPPORT },
        Whose::Everybodys => ReplyScope::Account,
    };
    let (shortcut, body) = ("novo".to_owned(), "Bom dia!".to_owned());
    let command = PutCannedReply { id, scope, shortcut, body, gallery_item_id: None, archived: false };
    world.desk.put_canned_reply(&command).map(drop)
}

fn fill_canned_reply(world: &World, id: CannedReplyId) -> Result<(), Error> {
    world.desk.fill_canned_reply(world.attendance, id).map(drop)
}

fn replace_gallery_file(world: &World, item_id: GalleryItemId) -> Result<(), Error> {
    let file = world.engine.store_media(&mut &b"%PDF-1.4 other"[..], "livro.pdf").unwrap();
    world.desk.replace_gallery_file(item_id, &file, None).map(drop)
}

fn update_gallery_item(world: &World, item_id: GalleryItemId) -> Result<(), Error> {
    let (name, caption) = (Some("outro".to_owned()), None);
    let command =
        UpdateGalleryItem { item_id, scope: None, folder: None, name, description: None, caption, version: None };
    world.desk.update_gallery_item(&command).map(drop)
}

fn archive_gallery_item(world: &World, id: GalleryItemId) -> Result<(), Error> {
    world.desk.archive_gallery_item(id).map(drop)
}

fn restore_gallery_item(world: &World, id: GalleryItemId) -> Result<(), Error> {
    world.desk.restore_gallery_item(id).map(drop)
}

fn gallery_item(world: &World, id: GalleryItemId) -> Result<(), Error> {
    world.desk.gallery_item(id).map(drop)
}

fn gallery_file(world: &World, id: GalleryItemId) -> Result<(), Error> {
    world.desk.gallery_file(id, None).map(drop)
}

fn add_gallery_item(world: &World, scope: GalleryScope) -> Result<(), Error> {
    let item = AddGalleryItem {
        gallery: GalleryKind::Images,
        scope,
        folder: String::new(),
        name: "novo".to_owned(),
        description: None,
        caption: None,
        file: world.file.clone(),
    };
    world.desk.add_gallery_item(&item).map(drop)
}

/// Every verb of this file, on what everybody has or what is one's own.
pub(crate) fn answers(world: &World) -> Vec<(&'static str, Result<(), Error>)> {
    let marker = world.things.markers[0].1;
    vec![
        ("update_marker", update_marker(world, marker)),
        ("archive_marker", archive_marker(world, marker)),
        ("put_canned_reply", put(world, None, Whose::Mine)),
        ("fill_canned_reply", fill_canned_reply(world, world.reply)),
        ("add_gallery_item", add_gallery_item(world, GalleryScope::Account)),
        ("replace_gallery_file", replace_gallery_file(world, world.item)),
        ("update_gallery_item", update_gallery_item(world, world.item)),
        ("archive_gallery_item", archive_gallery_item(world, world.item)),
        ("restore_gallery_item", restore_gallery_item(world, world.item)),
        ("gallery_item", gallery_item(world, world.item)),
        ("gallery_file", gallery_file(world, world.item)),
    ]
}

/// What the rules say: `None` when it exists for nobody's eyes here, else what stands in the way of changing it.
type Rule = fn(Caller, Whose) -> Option<Option<Permission>>;

fn of_marker(caller: Caller, whose: Whose) -> Option<Option<Permission>> {
    match whose {
        Whose::Mine => Some(None),
        Whose::Everybodys => Some(lacks(caller, Permission::ManageMarkers)),
        _ => None,
    }
}

fn of_reply(caller: Caller, whose: Whose) -> Option<Option<Permission>> {
    match (caller, whose) {
        (_, Whose::Mine) => Some(None),
        (Caller::Admin, Whose::MyDepartments | Whose::OtherDepartments | Whose::Everybodys)
        | (Caller::Supervisor, Whose::MyDepartments) => Some(lacks(caller, Permission::ManageReplies)),
        (_, Whose::MyDepartments | Whose::Everybodys) => Some(Some(Permission::ManageReplies)),
        _ => None,
    }
}

fn of_item(caller: Caller, whose: Whose) -> Option<Option<Permission>> {
    let lacking = lacks(caller, Permission::ManageGalleries);
    match (caller, whose) {
        (_, Whose::Unknown) => None,
        (Caller::Admin, _) | (Caller::Supervisor, Whose::MyDepartments) => Some(lacking),
        (_, Whose::MyDepartments) => Some(Some(Permission::ManageGalleries)),
        (_, Whose::Everybodys) => Some(lacking.or(Some(Permission::ViewAll))),
        _ => None,
    }
}

fn lacks(caller: Caller, permission: Permission) -> Option<Permission> {
    (!holds(caller, permission)).then_some(permission)
}

/// Tries a verb on each sort of thing in worlds of its own. `changes` says whether it needs more than to be seen.
fn try_each<I: Copy>(
    name: &str,
    list: fn(&World) -> &Vec<(Whose, I)>,
    rule: Rule,
    changes: bool,
    then: &str,
    run: fn(&World, I) -> Result<(), Error>,
) {
    for caller in Caller::ALL {
        let sorts = list(&World::new(caller, Relation::Own)).len();
        let answer = |place: usize| {
            let world = World::new(caller, Relation::Own);
            let (whose, id) = list(&world)[place];
            (whose, run(&world, id))
        };
        let (whose, unknown) = answer(sorts - 1);
        assert_eq!(whose, Whose::Unknown);
        let unknown = told(&unknown.unwrap_err());
        assert!(unknown.starts_with("not found"), "{name}: {unknown}");
        for place in 0..sorts {
            let (whose, answer) = answer(place);
            let cell = format!("{name} by {caller:?} of {whose:?} ({place}): {answer:?}");
            match (rule(caller, whose), &answer) {
                (None, Err(error)) => assert_eq!(told(error), unknown, "{cell}"),
                (Some(Some(needed)), Err(Error::Refused(Refusal::NotPermitted { permission }))) if changes => {
                    assert_eq!(*permission, needed, "{cell}");
                }
                (Some(Some(_)), _) if changes => panic!("{cell}"),
                (Some(_), Ok(())) => assert_eq!(then, "", "{cell}"),
                (Some(_), Err(error)) => assert_eq!(error.code(), then, "{cell}"),
                (None, Ok(())) => panic!("{cell}"),
            }
        }
    }
}

#[test]
fn a_marker_is_ones_own_or_everybodys() {
    for (name, run) in [("update_marker", update_marker as fn(&_, _) -> _), ("archive_marker", archive_marker)] {
        try_each(name, |world| &world.things.markers, of_marker, true, "", run);
    }
}

#[test]
fn a_canned_reply_is_found_and_changed_by_whose_it_is() {
    try_each("put_canned_reply", |world| &world.things.replies, of_reply, true, "", put_canned_reply);
    try_each("fill_canned_reply", |world| &world.things.replies, of_reply_as_seen, false, "", fill_canned_reply);
}

/// To fill one in needs no permission.
fn of_reply_as_seen(caller: Caller, whose: Whose) -> Option<Option<Permission>> {
    of_reply(caller, whose).map(|_| None)
}

#[test]
fn a_gallery_item_is_seen_and_changed_by_its_scope() {
    type Run = fn(&World, GalleryItemId) -> Result<(), Error>;
    let looks: [(&str, Run); 2] = [("gallery_item", gallery_item), ("gallery_file", gallery_file)];
    for (name, run) in looks {
        try_each(name, |world| &world.things.items, of_item, false, "", run);
    }
    let changes: [(&str, &str, Run); 4] = [
        ("replace_gallery_file", "", replace_gallery_file),
        ("update_gallery_item", "", update_gallery_item),
        ("archive_gallery_item", "", archive_gallery_item),
        ("restore_gallery_item", "nothing_to_do", restore_gallery_item),
    ];
    for (name, then, run) in changes {
        try_each(name, |world| &world.things.items, of_item, true, then, run);
    }
}

#[test]
fn an_item_that_is_not_seen_is_not_sent_either() {
    for caller in Caller::ALL.into_iter().filter(|caller| holds(*caller, Permission::Send)) {
        let world = World::new(caller, Relation::Own);
        for (whose, item_id) in &world.things.items {
            let sent =
                world.desk.send_gallery_items(world.attendance, &[GalleryPick { item_id: *item_id, caption: None }]);
            let told = sent.as_ref().map(|_| ()).map_err(told);
            match of_item(caller, *whose) {
                Some(_) => assert_eq!(told, Ok(()), "{caller:?} {whose:?}"),
                None => assert_eq!(told, Err("not found: GalleryItem".to_owned()), "{caller:?} {whose:?}"),
            }
        }
    }
}

#[test]
fn a_thing_is_made_where_one_may_change_it() {
    for caller in Caller::ALL {
        let world = World::new(caller, Relation::Own);
        for whose in [Whose::Mine, Whose::MyDepartments, Whose::OtherDepartments, Whose::Everybodys] {
            let made = put(&world, None, whose);
            let needed = of_reply(caller, whose).unwrap_or(Some(Permission::ManageReplies));
            check(made, needed, &format!("reply, {caller:?} {whose:?}"));
        }
        let development = |key: &str| GalleryScope::Development { key: key.to_owned() };
        for (whose, scope) in [
            (Whose::MyDepartments, GalleryScope::Department { department_id: SALES }),
            (Whose::MyDepartments, development("torre-a")),
            (Whose::OtherDepartments, GalleryScope::Department { department_id: SUPPORT }),
            (Whose::OtherDepartments, development("torre-b")),
            (Whose::Everybodys, GalleryScope::Account),
        ] {
            let made = add_gallery_item(&world, scope);
            let needed = of_item(caller, whose).unwrap_or(Some(Permission::ManageGalleries));
            check(made, needed, &format!("item, {caller:?} {whose:?}"));
        }
    }
}

fn check(made: Result<(), Error>, needed: Option<Permission>, cell: &str) {
    match (made, needed) {
        (Ok(()), None) => {}
        (Err(Error::Refused(Refusal::NotPermitted { permission })), Some(needed)) => {
            assert_eq!(permission, needed, "{cell}");
        }
        (made, _) => panic!("{cell}: {made:?}, and {needed:?} is what it lacks"),
    }
}
