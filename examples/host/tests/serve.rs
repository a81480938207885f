//! `guiche serve` and the attendants' commands as processes of their own on one file, against the sandbox over HTTP.

#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::{Company, VERIFY_TOKEN, state, text, until};
use guiche_sandbox::{SandboxConfig, sign};

#[test]
fn an_attendance_goes_from_its_first_template_to_the_trash() {
    let company = Company::new(SandboxConfig::default());
    let server = company.serve();
    let maria = company.sandbox.client("Maria Souza", "+55 11 98765-4321");

    let started = company.ok(&["start", "+55 11 98765-4321", "--name", "Maria"]);
    assert!(started["created"]["templates"].as_array().unwrap().len() > 10);
    let id = text(&started["created"]["attendance"]["id"]);
    let refusal = company.refused(&["send", &id, "Oi!"]);
    assert_eq!(refusal["code"], "window_never_opened");
    let refusal = company.refused(&["send-template", &id, "appointment_reminder", "-p", "first_name=Maria"]);
    assert_eq!(refusal["code"], "template_parameters");
    let fields: Vec<_> =
        refusal["problems"].as_array().unwrap().iter().map(|problem| text(&problem["field"])).collect();
    assert_eq!(fields, ["body.visit_date", "body.visit_time"]);

    // Named, positional and without a name are three ways to say the same.
    let preview = company.ok(&["send-template", &id, "order_update", "Maria", "4711", "--preview"]);
    let named = company.ok(&["send-template", &id, "order_update", "-p", "2=4711", "-p", "body.1=Maria", "--preview"]);
    assert_eq!(preview, named);
    let sent = company.ok(&["send-template", &id, "order_update", "Maria", "4711", "--request", "press-1"]);
    let again = company.ok(&["send-template", &id, "order_update", "Maria", "4711", "--request", "press-1"]);
    assert_eq!((&sent["repeated"], &again["repeated"]), (&false.into(), &true.into()));
    until("the template arrives", || company.messages(&id).iter().any(|shown| state(shown) == "delivered"));
    assert_eq!(maria.inbox().len(), 1);
    assert_eq!(maria.inbox()[0].text, preview["body"]);

    // Meta writes whole seconds; nobody answers within the one in which they were written to.
    company.sandbox.advance(2_000);
    maria.sends_text("Oi, Ana! 😊");
    until("the reply comes", || company.ok(&["window", &id])["window"]["state"] == "open");
    let card = company.ok(&["inbox"])["cards"][0].clone();
    assert_eq!((text(&card["id"]), text(&card["phase"])), (id.clone(), "in_conversation".to_owned()));
    assert_eq!(text(&card["preview"]["text"]), "Oi, Ana! 😊");

    // By its last digits and by phone, as well as by its id.
    company.ok(&["send", &id[id.len() - 6..], "Bom dia, Maria!"]);
    let pdf = company.file("Planta.pdf", b"%PDF-1.4\n%%EOF\n");
    company.ok(&["attach", "5511987654321", &pdf, "--caption", "A planta"]);
    let webp =
        company.file("foto.jpg", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0");
    assert_eq!(company.refused(&["attach", &id, &webp])["code"], "media_type_not_accepted");
    until("text and file arrive", || maria.inbox().len() == 3);
    assert_eq!(maria.inbox()[2].text, "[document] A planta");

    company.ok(&["note", &id, "Prefere falar à tarde."]);
    assert_eq!(company.ok(&["notes", &id])[0]["note"]["text"], "Prefere falar à tarde.");
    company.ok(&["rename", &id, "Maria (Torre B)"]);

    let transcript = String::from_utf8(company.output(&["transcript", &id, "--names"]).stdout).unwrap();
    assert!(
        transcript.contains(" Ana (Horizonte): Bom dia, Maria!\n") && transcript.contains("[documento: Planta.pdf]")
    );
    assert!(transcript.contains(" Maria Souza: Oi, Ana! 😊\n"), "{transcript}");
    assert_eq!(company.refused(&["export", "messages"])["code"], "not_permitted");
    let file = company.file("exported.csv", b"");
    std::fs::remove_file(&file).unwrap();
    assert!(company.output(&["export", "messages", "--as", "carla", "--out", &file]).status.success());
    let exported = std::fs::read_to_string(&file).unwrap();
    assert!(exported.starts_with("id,attendance_id,at,author,") && exported.contains(",\"Bom dia, Maria!\","));
    for left in [&transcript, &exported] {
        assert!(!left.contains("Prefere") && !left.contains("Torre B"), "{left}");
    }
    let row = company.ok(&["export", "attendances", "--as", "carla", "--variant", "masked"]);
    assert_eq!((text(&row["contact_name"]), text(&row["contact_handle"])), ("M***".to_owned(), "+55***21".to_owned()));
    let times = company.ok(&["times", &id]);
    assert_eq!((&times[0]["received"], times[0]["responses"].as_array().unwrap().len()), (&1.into(), 1));

    company.ok(&["finish", &id, "--archive"]);
    assert!(company.ok(&["inbox"])["cards"].as_array().unwrap().is_empty());
    assert_eq!(company.refused(&["restore", &id])["code"], "not_permitted");
    company.ok(&["restore", &id, "--as", "carla"]);
    let view = company.ok(&["show", &id])["view"].clone();
    assert_eq!(text(&view["contact"]["recipient_name"]), "Maria (Torre B)");
    assert_eq!(text(&view["attendance"]["phase"]), "finished");
    assert!(company.ok(&["timeline", &id]).as_array().unwrap().len() >= 8);
    assert!(company.sandbox.client_ids_accepted_twice().is_empty());

    // One line per thing, and nothing of what was said or to whom.
    let log = server.log().join("\n");
    assert!(log.contains("message_received") && log.contains("POST 200 stored=1"), "{log}");
    for secret in ["Maria", "98765", "Bom dia", "sandbox-token", "sandbox-app-secret"] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
}

#[test]
fn only_what_meta_signed_is_taken_in() {
    let company = Company::new(SandboxConfig::default());
    let _server = company.serve();
    let body =
        br#"{"object":"whatsapp_business_account","entry":[{"id":"30000000000000001","changes":[{"field":"messages",
        "value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"551133334444",
        "phone_number_id":"20000000000000001"},"messages":[{"from":"5511900000000","id":"wamid.X",
        "timestamp":"1790000000","type":"text","text":{"body":"forjada"}}]}}]}]}"#;
    let head = company.head();
    let wrong = sign("another-secret", body);
    for headers in [&[][..], &[("X-Hub-Signature-256", "sha256=zz")], &[("X-Hub-Signature-256", wrong.as_str())]] {
        assert_eq!(company.http("POST", "/webhook", headers, body).0, 401);
    }
    let large = vec![b' '; 5 * 1024 * 1024];
    let signed = sign("sandbox-app-secret", &large);
    assert_eq!(company.http("POST", "/webhook", &[("X-Hub-Signature-256", &signed)], &large).0, 413);
    assert_eq!(company.http("POST", "/another", &[], body).0, 404);
    assert_eq!(company.head(), head, "something was stored");

    let right = sign("sandbox-app-secret", body);
    assert_eq!(company.http("POST", "/webhook", &[("X-Hub-Signature-256", &right)], body).0, 200);
    // Stored before the answer, so it is there now.
    let stored = company.head();
    assert!(stored > head);
    assert_eq!(company.http("POST", "/webhook", &[("x-hub-signature-256", &right)], body).0, 200);
    assert_eq!(company.head(), stored, "a duplicate wrote something");

    assert!(company.sandbox.verify_callback(VERIFY_TOKEN).is_ok());
    assert!(company.sandbox.verify_callback("guess").is_err());
    let query = "/webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify-me";
    assert_eq!(company.http("GET", query, &[], b""), (200, "1158201444".to_owned()));
    assert_eq!(company.http("GET", "/webhook", &[], b"").0, 403);
    assert_eq!(company.http("DELETE", "/webhook", &[], b"").0, 405);
}

#[test]
fn setting_up_again_changes_nothing_and_a_sync_can_be_looked_at_first() {
    let company = Company::bare(SandboxConfig::default());
    assert_eq!(company.refused(&["inbox"])["code"], "no_database");
    assert_eq!(company.run(&["inbox"]).code, 2);
    let setup = [
        "setup",
        "--department",
        "Vendas",
        "--attendant",
        "Ana:attendant:Vendas",
        "--tag",
        "vip",
        "--type",
        "Comercial",
    ];
    let first = company.ok(&setup);
    assert!(!first["created"].as_array().unwrap().is_empty());
    let head = company.head();
    let second = company.ok(&setup);
    assert!(second["created"].as_array().unwrap().is_empty());
    assert_eq!(company.head(), head);

    let looked = company.ok(&["sync-templates", "--dry-run"]);
    assert_eq!((&looked["applied"], company.head()), (&false.into(), head));
    let synced = company.ok(&["sync-templates"]);
    assert_eq!(looked["diff"], synced["diff"]);
    let again = company.ok(&["sync-templates"])["diff"].clone();
    assert_eq!(again["unchanged"].as_u64().unwrap() as usize, company.sandbox.templates().len());
    assert!(again["added"].as_array().unwrap().is_empty());
    let sendable = company.ok(&["templates", "--language", "pt_BR"]).as_array().unwrap().len();
    let all = company.ok(&["templates", "--language", "pt_BR", "--all"]).as_array().unwrap().len();
    assert!(0 < sendable && sendable < all);
}

#[test]
fn errors_end_with_a_code_for_shells_and_a_sentence_for_people() {
    let company = Company::new(SandboxConfig::default());
    let output = company.output(&["show", "99999"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("not_found: Não encontramos o atendimento."), "{said}");
    let output = company.output(&["show", "99999", "--lang", "en"]);
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("not_found: We could not find the attendance."));

    let output = company.command(&["inbox"]).env_remove("GUICHE_ATTENDANT").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("no_attendant: "));
    assert_eq!(company.output(&["finish", "1"]).status.code(), Some(2));

    // Nobody answers there.
    let output = company.command(&["sync-templates"]).env("GUICHE_GRAPH_URL", "http://127.0.0.1:9").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("network_failed: "));
    let output = company.command(&["serve"]).env_remove("GUICHE_APP_SECRET").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn many_commands_at_once_share_the_file() {
    let company = Company::new(SandboxConfig::default());
    let _server = company.serve();
    let id = company.start("+55 11 98765-4321", "Maria");
    let ids = std::thread::scope(|scope| {
        let company = &company;
        let id = &id;
        let writers: Vec<_> = (0..8)
            .map(|n| scope.spawn(move || text(&company.ok(&["note", id, &format!("nota {n}")])["outcome"]["id"])))
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect::<std::collections::BTreeSet<_>>()
    });
    assert_eq!(ids.len(), 8, "two processes made the same id");
    assert_eq!(company.ok(&["notes", &id]).as_array().unwrap().len(), 8);
}

#[cfg(unix)]
#[test]
fn a_polite_stop_ends_with_zero() {
    let company = Company::new(SandboxConfig::default());
    let mut server = company.serve();
    let status = Command::new("kill").arg(server.child.id().to_string()).status().unwrap();
    assert!(status.success());
    until("the server stops", || server.child.try_wait().unwrap().is_some());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn books_go_out_of_the_gallery_and_a_clients_files_come_in() {
    let company = Company::new(SandboxConfig::default());
    let server = company.serve();
    let maria = company.sandbox.client("Maria Souza", "+55 11 98765-4321");
    maria.sends_text("Tem o book?");
    until("the question comes", || !company.ok(&["inbox"])["cards"].as_array().unwrap().is_empty());
    let id = text(&company.ok(&["inbox"])["cards"][0]["id"]);
    company.ok(&["claim", &id]);

    let first = company.file("Book.pdf", b"%PDF-1.4\n1\n%%EOF\n");
    let second = company.file("Book 2.pdf", b"%PDF-1.4\n22\n%%EOF\n");
    assert_eq!(company.refused(&["gallery", "add", &first])["code"], "not_permitted");
    let add =
        ["gallery", "add", &first, "--name", "Book", "--department", "Vendas", "--folder", "Torre B", "--as", "carla"];
    company.ok(&add);
    assert_eq!(company.ok(&["gallery", "list", "boo"])["items"][0]["folder"], "Torre B");
    let sent = company.ok(&["gallery", "send", &id, "book", "--caption", "O book"]);
    assert_eq!(sent["outcome"]["items"][0]["version"], 1);
    company.ok(&["gallery", "replace", "book", &second, "--as", "carla"]);
    let sent = company.ok(&["gallery", "send", &id, "book"]);
    assert_eq!(sent["outcome"]["items"][0]["version"], 2);
    until("both arrive", || maria.inbox().len() == 2);
    assert_eq!(maria.inbox()[0].text, "[document] O book");

    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR of a leak";
    maria.sends_image(picture);
    until("the picture is here", || {
        company.messages(&id).iter().any(|shown| {
            let content = &shown["message"]["content"];
            content["type"] == "image" && !content["sha256"].is_null()
        })
    });
    let shown = company.messages(&id);
    let shown = shown.iter().find(|shown| shown["message"]["content"]["type"] == "image").unwrap();
    let place = company.ok(&["file", &id, &text(&shown["message"]["id"])]);
    assert_eq!(std::fs::read(text(&place["path"])).unwrap(), picture);
    assert_eq!(place["file"]["mime_type"], "image/png");

    maria.sends_file_too_large();
    until("what Meta did not take says why", || {
        company.messages(&id).iter().any(|shown| shown["file"]["reason"] == "131052")
    });
    assert!(server.log().join("\n").contains("file_fetched"));
}

#[test]
fn what_is_around_a_conversation_is_a_command_each() {
    let company = Company::new(SandboxConfig::default());
    let _server = company.serve();
    let maria = company.sandbox.client("Maria Souza", "+55 11 98765-4321");
    maria.sends_text("Pinga a torneira");
    until("the message comes", || !company.ok(&["inbox"])["cards"].as_array().unwrap().is_empty());
    let id = text(&company.ok(&["inbox"])["cards"][0]["id"]);
    company.ok(&["claim", &id]);
    let cards = |arguments: &[&str]| company.ok(arguments)["cards"].as_array().unwrap().len();

    company.ok(&["marker", "add", "Minhas", "--assignee", "Ana"]);
    assert_eq!(cards(&["inbox", "--marker", "minhas", "--any"]), 1);
    assert_eq!(cards(&["inbox", "--text", "11 8765-4321"]), 1);
    assert_eq!(cards(&["inbox", "--until", "2001-01-01"]), 0);
    assert_eq!(company.refused(&["inbox", "--from", "2026-02-30"])["code"], "malformed");
    let counts = company.ok(&["inbox", "--unseen", "--counts"])["counts"]["central"].clone();
    assert_eq!((counts["total"].as_u64(), counts["unseen"].as_u64()), (Some(1), Some(1)));
    company.ok(&["seen", &id]);
    assert_eq!(cards(&["inbox", "--unseen"]), 0);
    company.ok(&["marker", "archive", "Minhas"]);
    assert_eq!(company.refused(&["inbox", "--marker", "Minhas"])["code"], "not_found");

    company.ok(&["snooze", &id]);
    company.ok(&["wake", &id]);
    assert_eq!(company.refused(&["wake", &id])["code"], "nothing_to_do");
    let task = company.ok(&["task", "add", &id, "Trocar o reparo"]);
    company.ok(&["task", "done", &id, &text(&task["outcome"]["task"]["id"])]);
    let page = "https://vende.example/4711";
    let link = company.ok(&["link", "add", &id, "sale_process", "4711", "--module", "vende", "--url", page]);
    company.ok(&["ticket", "enable", &id]);
    let open = ["ticket", "open", &id, "Vazamento", "Torneira", "--process", "4711"];
    assert_eq!(company.refused(&open)["code"], "modules_missing");
    let info = company.ok(&["info", &id]);
    assert!(!info["tasks"]["tasks"][0]["done_at"].is_null());
    assert_eq!((&info["links"][0]["url"], &info["tickets"][0]["state"]["state"]), (&page.into(), &"enabled".into()));
    company.ok(&["link", "remove", &text(&link["outcome"]["id"])]);
    assert!(company.ok(&["info", &id])["links"].as_array().unwrap().is_empty());

    let posted = |kind: &str| company.sandbox.received().iter().filter(|body| body.kind == kind).count();
    assert_eq!(posted("read"), 0);
    company.ok(&["read", &id]);
    let message = text(&company.messages(&id)[0]["message"]["id"]);
    company.ok(&["react", &id, &message, "👍"]);
    until("the reaction leaves", || posted("reaction") == 1);
    assert_eq!(posted("read"), 1);

    let mut large = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x10\0\0\0\x0c\0\x08\x02\0\0\0".to_vec();
    large.resize(9 * 1024 * 1024, 0);
    let fit = company.ok(&["fit", &company.file("foto.png", &large)]);
    assert_eq!((&fit["fit"], &fit["reason"]["misfit"]), (&"needs_conversion".into(), &"too_large".into()));
}
