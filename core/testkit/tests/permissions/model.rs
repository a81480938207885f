//! Who holds what, sees what and reaches what: the page `core/docs/permissions.md` read as people read it, and the
//! rulings behind it (DESIGN 18.14), written apart from the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use guiche_core::permission::Permission;

use super::world::{Caller, Relation};

const PAGE: &str = include_str!("../../../docs/permissions.md");

/// What the page says of a role and a relation.
struct Cell {
    sees: bool,
    may: BTreeSet<String>,
}

/// By role and the page's words for the relation.
static CELLS: LazyLock<BTreeMap<(String, String), Cell>> = LazyLock::new(|| {
    let (mut cells, mut role) = (BTreeMap::new(), String::new());
    for line in PAGE.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            role = name.to_owned();
        }
        let columns: Vec<_> = line.split('|').map(str::trim).collect();
        if let ["", relation, sees @ ("yes" | "no"), may, ""] = columns[..] {
            let may = may.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect();
            cells.insert((role.clone(), relation.to_owned()), Cell { sees: sees == "yes", may });
        }
    }
    cells
});

fn cell(role: &str, relation: &str) -> &'static Cell {
    CELLS.get(&(role.to_owned(), relation.to_owned())).unwrap()
}

/// The role on the page, for those that stand there.
fn on_page(caller: Caller) -> Option<&'static str> {
    match caller {
        Caller::Attendant | Caller::Onlooker => Some("attendant"),
        Caller::Supervisor => Some("supervisor"),
        Caller::Admin => Some("admin"),
        Caller::Deputy | Caller::Clerk | Caller::Nothing => None,
    }
}

/// Whether the role has the permission: of what is one's own, everything that the role holds may be done.
pub(crate) fn holds(caller: Caller, permission: Permission) -> bool {
    match (caller, permission, on_page(caller)) {
        (Caller::Admin, _, _) => true,
        (_, Permission::ViewAll, _) => false,
        (_, _, Some(role)) => cell(role, "own").may.contains(permission.word()),
        (Caller::Clerk, permission, _) => permission == Permission::ManageContacts,
        (caller, _, None) => caller == Caller::Deputy,
    }
}

/// Whether the attendance exists for them.
pub(crate) fn sees(caller: Caller, relation: Relation) -> bool {
    if relation == Relation::Unknown {
        return false;
    }
    if caller == Caller::Admin || relation.mine() {
        return true;
    }
    if relation.elsewhere() || (relation.in_trash() && !holds(caller, Permission::ViewTrash)) {
        return false;
    }
    relation.nobodys() || matches!(caller, Caller::Supervisor | Caller::Onlooker)
}

/// Whether they stand close enough to what they see to use a permission that they hold.
pub(crate) fn reaches(caller: Caller, relation: Relation, permission: Permission) -> bool {
    if caller == Caller::Admin || relation.mine() || (caller == Caller::Supervisor && !relation.elsewhere()) {
        return true;
    }
    match permission {
        Permission::ReadNotes => true,
        Permission::Claim | Permission::Note => relation.nobodys(),
        _ => false,
    }
}

#[test]
fn the_model_is_the_page() {
    let relations = [
        ("own", Relation::Own),
        ("own, other department", Relation::OwnElsewhere),
        ("nobody's, own department", Relation::Nobodys),
        ("a colleague's, own department", Relation::Colleagues),
        ("other department", Relation::Elsewhere),
        ("a colleague's, own department, in the trash", Relation::ColleaguesInTrash),
    ];
    assert_eq!(CELLS.len(), 3 * relations.len(), "every row of the page is compared");
    for caller in [Caller::Attendant, Caller::Supervisor, Caller::Admin] {
        for (words, relation) in relations {
            let cell = cell(on_page(caller).unwrap(), words);
            assert_eq!(sees(caller, relation), cell.sees, "{caller:?} {words}");
            let may = Permission::ALL.into_iter().filter(|permission| {
                let to_others = *permission != Permission::ViewAll;
                to_others
                    && sees(caller, relation)
                    && holds(caller, *permission)
                    && reaches(caller, relation, *permission)
            });
            let may: BTreeSet<_> = may.map(|permission| permission.word().to_owned()).collect();
            assert_eq!(may, cell.may, "{caller:?} {words}");
        }
    }
}
