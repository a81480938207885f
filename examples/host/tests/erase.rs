//! A person is erased from the command line, with a receipt.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Company, text};
use guiche_sandbox::SandboxConfig;

#[test]
fn a_person_is_rehearsed_held_erased_and_attested() {
    let company = Company::new(SandboxConfig::default());
    let attendance = company.start("+55 11 98765-4321", "Zulmira Quixabeira");
    company.ok(&["note", &attendance, "anotaxilo"]);
    let other = company.start("+55 21 97654-3210", "Bartolomeu");

    let plan = company.ok(&["erase", "--phone", "(11) 8765-4321", "--dry-run"]);
    assert_eq!((&plan["scope"]["contacts"], &plan["scope"]["notes"]), (&1.into(), &1.into()));
    assert_eq!(company.ok(&["notes", &attendance]).as_array().map(Vec::len), Some(1));

    let held = company.ok(&["hold", "place", "--phone", "5511987654321", "--ground", "processo 1"]);
    let done = company.ok(&["erase", "--phone", "5511987654321"]);
    assert_eq!(done["receipt"]["exceptions"][0]["ground"], "processo 1");
    assert_eq!(done["receipt"]["scope"]["notes"], 0);
    company.ok(&["hold", "lift", &text(&held["id"])]);
    assert_eq!(company.ok(&["hold", "list"]).as_array().map(Vec::len), Some(1));

    let done = company.ok(&["erase", "--phone", "5511987654321"]);
    assert_eq!(done["unfinished"], serde_json::Value::Null);
    assert_eq!(done["receipt"]["scope"]["notes"], 1);
    assert_eq!(company.refused(&["erase", "--phone", "5511987654321"])["code"], "not_found");
    assert_eq!(company.run(&["erase"]).code, 2, "it has to be said who");
    let contact = text(&done["receipt"]["contact_ids"][0]);
    let again = company.ok(&["erase", "--contact", &contact]);
    assert_eq!((&again["repeated"], &again["receipt"]), (&true.into(), &done["receipt"]));
    assert_eq!(company.ok(&["erasures"]).as_array().map(Vec::len), Some(2));

    for path in [company.database(), company.database().with_extension("db-wal")] {
        let bytes = std::fs::read(&path).unwrap_or_default();
        for mark in ["Quixabeira", "quixabeira", "5511987654321", "anotaxilo"] {
            assert!(!bytes.windows(mark.len()).any(|part| part == mark.as_bytes()), "{mark} in {}", path.display());
        }
    }
    company.ok(&["show", &other]);
}
