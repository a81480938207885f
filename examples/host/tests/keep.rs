//! `guiche backup`, `restore-backup` and `verify`: a company that loses its disk, with `guiche serve` running all the time.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{Company, state, text, until};
use guiche_sandbox::SandboxConfig;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

#[test]
fn a_company_that_loses_its_disk_goes_on_from_its_backup_and_sends_nothing_twice() {
    let company = Company::new(SandboxConfig::default());
    let server = company.serve();
    let maria = company.sandbox.client("Maria", "+55 11 98765-4321");
    let id = company.start("+55 11 98765-4321", "Maria");
    maria.sends_text("Oi!");
    until("the window opens", || company.ok(&["window", &id])["window"]["state"] == "open");
    let pdf = company.file("Planta.pdf", b"%PDF-1.4\n%%EOF\n");
    company.ok(&["attach", &id, &pdf]);
    until("the file arrives", || maria.inbox().len() == 1);
    server.kill();

    // It waits when the backup is made, and leaves after.
    company.ok(&["send", &id, "Bom dia!"]);
    let backup = beside(&company.database(), "-sunday");
    let made = company.ok(&["backup", backup.to_str().unwrap()]);
    assert_eq!(made["files"], 1);
    assert_eq!(company.refused(&["backup", backup.to_str().unwrap()])["code"], "backup_exists");
    let server = company.serve();
    until("the message arrives", || maria.inbox().len() == 2);
    assert_eq!(company.ok(&["verify"])["sound"], true);
    server.kill();

    assert_eq!(company.refused(&["restore-backup", backup.to_str().unwrap()])["code"], "backup_exists");
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(beside(&company.database(), suffix)));
    }
    std::fs::remove_dir_all(beside(&company.database(), "-media")).unwrap();
    let restored = company.ok(&["restore-backup", backup.to_str().unwrap()]);
    assert_eq!((&restored["files"], &restored["doubts"]), (&1.into(), &1.into()));
    assert_eq!(company.ok(&["verify"])["sound"], true);

    let server = company.serve();
    company.ok(&["send", &id, "Tudo bem?"]);
    until("the next one arrives", || maria.inbox().len() == 3);
    assert_eq!(company.ok(&["doubts"]).as_array().unwrap().len(), 1);
    let texts: Vec<_> = maria.inbox().into_iter().map(|message| message.text).collect();
    assert_eq!(texts.iter().filter(|text| *text == "Bom dia!").count(), 1, "it was sent again");
    assert!(company.sandbox.client_ids_accepted_twice().is_empty());
    assert!(company.messages(&id).iter().any(|shown| state(shown) == "in_doubt"));
    drop(server);
}

#[test]
fn damage_is_said_and_ends_with_three() {
    let company = Company::new(SandboxConfig::default());
    let pdf = company.file("Planta.pdf", b"%PDF-1.4\n%%EOF\n");
    let id = company.start("+55 11 98765-4321", "Maria");
    let _server = company.serve();
    company.sandbox.client("Maria", "+55 11 98765-4321").sends_text("Oi!");
    until("the window opens", || company.ok(&["window", &id])["window"]["state"] == "open");
    company.ok(&["attach", &id, &pdf]);
    let media = beside(&company.database(), "-media");
    let folder = std::fs::read_dir(&media)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().is_some_and(|name| name.len() == 2))
        .unwrap();
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, b"%PDF-1.4\n%%EOX\n").unwrap();
    let said = company.run(&["verify"]);
    assert_eq!((said.code, &said.json["sound"]), (3, &false.into()));
    assert!(text(&said.json["damaged_files"][0]).ends_with(file.file_name().unwrap().to_str().unwrap()));
}
