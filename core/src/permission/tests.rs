//! Verb × role × relation, cell by cell, against the page that people read.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::attendance::{Phase, Placement, Preview, TrashDoor};
use crate::id::{AttendanceId, ChannelId, ContactId, IdentityId};
use crate::setup::Membership;
use crate::time::Timestamp;

const SALES: DepartmentId = DepartmentId::from_raw(1);
const SUPPORT: DepartmentId = DepartmentId::from_raw(2);
const ME: AttendantId = AttendantId::from_raw(10);
const COLLEAGUE: AttendantId = AttendantId::from_raw(11);

fn setup() -> Setup {
    let mut setup = Setup::default();
    for role in Role::standard() {
        setup.roles.insert(role.name.clone(), role);
    }
    setup
}

fn attendant(role: &str) -> Attendant {
    Attendant {
        id: ME,
        name: "Ana".to_owned(),
        login: "ana".to_owned(),
        role: role.to_owned(),
        departments: vec![Membership { department_id: SALES, supervises: role == SUPERVISOR }],
        available: true,
        archived: false,
    }
}

fn attendance(department_id: DepartmentId, assignee_id: Option<AttendantId>, in_trash: bool) -> Attendance {
    let at = Timestamp::from_millis(0);
    Attendance {
        id: AttendanceId::from_raw(1),
        version: 1,
        channel_id: ChannelId::from_raw(1),
        contact_id: ContactId::from_raw(1),
        identity_id: IdentityId::from_raw(1),
        department_id,
        assignee_id,
        assigned_at: None,
        phase: Phase::Created,
        placement: if in_trash {
            Placement::Trash { door: TrashDoor::Trash, by: None, at }
        } else {
            Placement::Central
        },
        status_id: None,
        type_id: None,
        tags: BTreeSet::new(),
        attributes: BTreeMap::new(),
        previous_id: None,
        created_at: at,
        last_activity_at: at,
        last_inbound_at: None,
        finished_at: None,
        inbound: 0,
        snooze: None,
        entries: 0,
        newest_message_at: None,
        out_of_order: false,
        preview: Preview::default(),
    }
}

/// The relations of the page, by the words that it uses.
fn relations() -> [(&'static str, Attendance); 6] {
    [
        ("own", attendance(SALES, Some(ME), false)),
        ("own, other department", attendance(SUPPORT, Some(ME), false)),
        ("nobody's, own department", attendance(SALES, None, false)),
        ("a colleague's, own department", attendance(SALES, Some(COLLEAGUE), false)),
        ("other department", attendance(SUPPORT, None, false)),
        ("a colleague's, own department, in the trash", attendance(SALES, Some(COLLEAGUE), true)),
    ]
}

fn may(setup: &Setup, attendant: &Attendant, attendance: &Attendance, permission: Permission) -> bool {
    let relation = relation(setup, attendant, attendance);
    setup.holds(attendant, permission) && reaches(relation, permission)
}

#[test]
fn the_page_of_permissions_is_up_to_date() {
    let setup = setup();
    let mut page = String::from(
        "# Permissions\n\nWhat each of the standard roles may do to an attendance, by how the attendant stands to it. `see` is the \
         visibility predicate; what is not seen does not exist for them. Roles are data: an account may change them. A test \
         keeps this page true: it prints the page when it is not.\n",
    );
    for role in [ATTENDANT, SUPERVISOR, ADMIN] {
        let attendant = attendant(role);
        page.push_str(&format!("\n## {role}\n\n| relation | see | may |\n|---|---|---|\n"));
        for (name, attendance) in relations() {
            let seen = if sees(&sight(&setup, &attendant), &attendance) { "yes" } else { "no" };
            let verbs: Vec<_> = Permission::ALL
                .into_iter()
                .filter(|permission| *permission != Permission::ViewAll)
                .filter(|permission| may(&setup, &attendant, &attendance, *permission))
                .map(Permission::word)
                .collect();
            page.push_str(&format!("| {name} | {seen} | {} |\n", verbs.join(", ")));
        }
    }
    assert!(page == include_str!("../../docs/permissions.md"), "core/docs/permissions.md should be:\n\n{page}");
}

#[test]
fn nothing_reaches_what_is_not_seen() {
    let setup = setup();
    for role in [ATTENDANT, SUPERVISOR, ADMIN] {
        let attendant = attendant(role);
        for (name, attendance) in relations() {
            let seen = sees(&sight(&setup, &attendant), &attendance);
            for permission in Permission::ALL {
                let may = may(&setup, &attendant, &attendance, permission);
                assert!(seen || !may, "{role}, {name}, {permission:?}");
            }
        }
    }
}

#[test]
fn an_account_may_let_attendants_look_at_their_department_but_not_touch_it() {
    let mut setup = setup();
    setup.account.attendants_see_department = true;
    let attendant = attendant(ATTENDANT);
    let theirs = attendance(SALES, Some(COLLEAGUE), false);
    assert!(sees(&sight(&setup, &attendant), &theirs));
    assert!(!may(&setup, &attendant, &theirs, Permission::Send));
    assert!(!sees(&sight(&setup, &attendant), &attendance(SUPPORT, Some(COLLEAGUE), false)));
}
