//! `/control/...` and the program.

use serde_json::{Value, json};

use crate::desk::{Desk, HOUR, MARIA, NOON, TOKEN, body};

fn controlled() -> Desk {
    Desk::with(|config| config.control = true)
}

fn read(desk: &Desk, path: &str) -> Value {
    let url = format!("{}/control/{path}", desk.sandbox.base_url());
    desk.get_url(&url, None).unwrap().body
}

#[test]
fn another_process_can_write_as_a_person() {
    let desk = controlled();
    let answer = desk.control("text", &json!({ "phone": MARIA, "text": "Oi" }));
    assert_eq!(answer.http, 200);
    let messages = desk.messages();
    assert_eq!(messages[0]["id"], answer.body["wamid"]);
    assert!(desk.maria.window_is_open());
}

#[test]
fn another_process_can_change_templates_clock_and_luck() {
    let desk = controlled();
    let paused = json!({ "name": "order_update", "language": "pt_BR", "status": "PAUSED" });
    assert_eq!(desk.control("template", &paused).http, 200);
    let answer = desk.template("order_update", "pt_BR", json!([body(&["a", "b"])]));
    assert_eq!(answer.code(), 132015);
    let moved = desk.control("clock", &json!({ "advance_ms": HOUR }));
    assert_eq!(moved.body["now_ms"], NOON + HOUR);
    desk.control("fault", &json!({ "fault": "error", "code": 131016, "http": 500 }));
    assert_eq!(desk.template("attendance_resume", "pt_BR", json!([])).code(), 131016);
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    let received = read(&desk, "received");
    let outcomes: Vec<&Value> =
        received["messages"].as_array().unwrap().iter().map(|message| &message["refused_with"]).collect();
    assert_eq!(outcomes, [&json!(132015), &json!(131016), &Value::Null]);
    assert_eq!(read(&desk, "state")["now_ms"], NOON + HOUR);
}

#[test]
fn mistakes_are_explained() {
    let desk = controlled();
    let answer = desk.control("fault", &json!({ "fault": "meteor" }));
    assert_eq!((answer.http, &answer.body["error"]), (400, &json!("unknown fault meteor")));
    assert_eq!(desk.control("nothing", &json!({})).http, 404);
    assert_eq!(desk.control("text", &json!({ "phone": MARIA })).http, 400);
}

#[test]
fn a_library_sandbox_has_no_control_unless_asked() {
    let desk = Desk::new();
    let url = format!("{}/control/state", desk.sandbox.base_url());
    assert_eq!(desk.get_url(&url, Some(TOKEN)).unwrap().http, 400);
}

#[test]
fn the_program_prints_its_address_verifies_the_callback_and_delivers() {
    use std::io::BufRead as _;
    use std::process::{Command, Stdio};

    let receiver = crate::desk::Receiver::answering(&[]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_guiche-sandbox"))
        .args(["--listen", "127.0.0.1:0", "--callback", &receiver.url])
        .args(["--verify-token", "verify-me", "--token", "t", "--app-secret", "s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut address = String::new();
    let stdout = program.stdout.take().unwrap();
    std::io::BufReader::new(stdout).read_line(&mut address).unwrap();
    let text = json!({ "phone": MARIA, "name": "Maria", "text": "Oi" }).to_string();
    let posted = crate::desk::agent()
        .post(format!("{}/control/text", address.trim()))
        .send(text.as_bytes())
        .map(|answer| answer.status().as_u16());
    let mut delivered = false;
    for _ in 0..200 {
        delivered = !receiver.posts().is_empty();
        if delivered {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    program.kill().unwrap();
    program.wait().unwrap();
    assert_eq!(posted.unwrap(), 200);
    assert!(delivered);
    let post = &receiver.posts()[0];
    let signature = guiche_sandbox::sign("s", &post.body);
    assert!(post.head.contains(&signature));
}
