//! A failing day, and everything that the host prints in it: no token, app secret, id of a message, telephone number or
//! address of a file is in it, and nothing of what a client said.
//!
//! What an attendant asks to see (a conversation, whom it is with) is their work: there only the company's own secrets and
//! the platform's addresses are looked for. How things failed, every event, every log line and every error is held to all.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Company, VERIFY_TOKEN, state, text, until};
use guiche_sandbox::{BusinessNumber, Endpoint, Fault, FaultRule, SandboxConfig, sign};

const PHONE: &str = "+55 11 98765-4321";
const WORDS: &str = "Meu CPF vai junto";
/// A message of a malformed delivery: all its secrets are in the wrong places.
const TEMPTING: &str = "wamid.HBgNNTUxMTk4NzY1NDMyMQ";

/// What was printed, with what printed it.
#[derive(Default)]
struct Printed(Vec<(String, String)>);

impl Printed {
    fn keep(&mut self, what: &str, said: &[u8]) {
        self.0.push((what.to_owned(), String::from_utf8_lossy(said).into_owned()));
    }

    /// Runs a command for people and for programs, in both languages; the code with which it ended.
    fn run(&mut self, company: &Company, arguments: &[&str], settings: &[(&str, &str)]) -> i32 {
        let mut code = 0;
        for more in [&[][..], &["--json"], &["--lang", "en"]] {
            let arguments = [arguments, more].concat();
            let output = company.command(&arguments).envs(settings.iter().copied()).output().unwrap();
            code = output.status.code().unwrap_or(-1);
            self.keep(&arguments.join(" "), &output.stdout);
            self.keep(&arguments.join(" "), &output.stderr);
        }
        code
    }

    fn says(&self, words: &str) -> bool {
        self.0.iter().any(|(_, said)| said.contains(words))
    }

    #[track_caller]
    fn shows_none_of(&self, secrets: &[String]) {
        for (what, said) in &self.0 {
            for secret in secrets {
                assert!(
                    !secret.is_empty() && !said.contains(secret.as_str()),
                    "{secret} in what `{what}` printed:\n{said}"
                );
            }
        }
    }
}

/// Bodies that are signed rightly and are not what they should be.
fn malformed(number: &BusinessNumber) -> Vec<String> {
    let value = |inner: &str| {
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{}","changes":[{{"field":"messages","value":
            {{"metadata":{{"phone_number_id":"{}"}},{inner}}}}}]}}]}}"#,
            number.waba_id, number.phone_number_id
        )
    };
    vec![
        format!("no JSON: {TEMPTING} {WORDS}"),
        value(&format!(r#""messages":[{{"id":["{TEMPTING}"],"from":"5511987654321","text":{{"body":"{WORDS}"}}}}]"#)),
        value(&format!(r#""messages":"{TEMPTING} +5511987654321""#)),
        value(&format!(r#""statuses":[{{"id":"{TEMPTING}","status":{{"said":"{WORDS}"}},"timestamp":"x"}}]"#)),
        value(&format!(r#""errors":[{{"code":131051,"title":"{WORDS}","message":"{TEMPTING} 5511987654321"}}]"#)),
        format!(r#"{{"object":"{TEMPTING}","entry":[]}}"#),
    ]
}

#[test]
fn a_failing_day_prints_no_secret() {
    let number = BusinessNumber::default();
    let company = Company::new(SandboxConfig::default());
    company.ok(&["setup", "--health-check", "1s"]);
    let server = company.serve();
    let (mut printed, mut shown) = (Printed::default(), Printed::default());
    let maria = company.sandbox.client("Maria Souza", PHONE);
    let mut wamids = vec![maria.sends_text(WORDS)];
    until("the message comes", || !company.ok(&["inbox"])["cards"].as_array().unwrap().is_empty());
    let id = text(&company.ok(&["inbox"])["cards"][0]["id"]);
    company.ok(&["claim", &id]);
    let count = |word: &str| company.messages(&id).iter().filter(|shown| state(shown) == word).count();

    // The platform refuses, at once and later, and loses answers.
    let refusals =
        [Fault::error(131_026), Fault::AsyncFailure { code: 131_026 }, Fault::error(132_000), Fault::error(100)];
    for (fault, failures) in refusals.into_iter().zip(1..) {
        company.sandbox.next_message(fault);
        company.ok(&["send", &id, WORDS]);
        until("the message fails", || count("failed") == failures);
    }
    for fault in [Fault::NotJson { http: 502, accepted: true }, Fault::Redirect { http: 307 }] {
        let before = company.sandbox.received().len();
        company.sandbox.next_message(fault);
        company.ok(&["send", &id, WORDS]);
        until("it was tried", || company.sandbox.received().len() > before || server.says("delivery_in_doubt"));
    }

    // A client's file that cannot be had.
    company.sandbox.script(FaultRule::new(Fault::error(131_052)).at(Endpoint::Media).always());
    wamids.push(maria.sends_image(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR of a leak"));
    until("the file is given up or waits", || server.says("file_failed") || server.says("file_delayed"));
    company.sandbox.clear_faults();

    // The token is refused: the number stops, is asked after, and comes back by itself.
    company.sandbox.set_token_valid(&number.token, false);
    company.ok(&["send", &id, WORDS]);
    until("the number stops", || server.says("channel_stopped code=190"));
    until("it is asked after", || server.says("channel_probed refused code=190"));
    printed.run(&company, &["account"], &[]);
    assert!(printed.says("STOPPED (190, refused 190)"), "{:?}", printed.0);
    assert_eq!(printed.run(&company, &["sync-templates", "--progress"], &[]), 3);
    company.sandbox.set_token_valid(&number.token, true);
    until("it comes back", || server.says("channel_resumed"));

    // Deliveries that are not what they should be, and one of somebody else.
    for body in malformed(&number) {
        let signature = sign(&number.app_secret, body.as_bytes());
        let (_, said) = company.http("POST", "/webhook", &[("X-Hub-Signature-256", &signature)], body.as_bytes());
        printed.keep("the webhook", said.as_bytes());
        let (status, said) = company.http("POST", "/webhook", &[("X-Hub-Signature-256", "sha256=00")], body.as_bytes());
        assert_eq!(status, 401);
        printed.keep("the webhook, wrongly signed", said.as_bytes());
    }
    let guess = "/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
    printed.keep("the handshake", company.http("GET", guess, &[], b"").1.as_bytes());

    // Nobody answers; the file is no database; there is no room for it; settings are wrong.
    let nowhere = [("GUICHE_GRAPH_URL", "http://127.0.0.1:9")];
    assert_eq!(printed.run(&company, &["sync-templates"], &nowhere), 3);
    let no_database = company.file("no.db", b"this is no database, whatever its name says, and it is long enough");
    for database in [no_database.as_str(), "/nowhere/at/all/guiche.db", "/dev/full"] {
        for arguments in [&["account"][..], &["sync-templates"], &["send", &id, WORDS], &["serve"]] {
            assert_ne!(printed.run(&company, arguments, &[("GUICHE_DB", database)]), 0, "{database}");
        }
    }
    let odd = format!("{}\r\nX: y", number.token);
    for settings in [[("GUICHE_TOKEN", odd.as_str())], [("GUICHE_GRAPH_URL", "ftp://user:pass@host/?token=x")]] {
        assert_ne!(printed.run(&company, &["sync-templates"], &settings), 0);
    }

    // Everything that tells of it afterwards.
    for arguments in [
        &["timeline", &id][..],
        &["times", &id],
        &["send", "99999", WORDS],
        &["retry", "99999"],
        &["send", &id, "--no-such-flag"],
    ] {
        printed.run(&company, arguments, &[]);
    }
    let mut changes = company.command(&["changes", "--json", "--limit", "1000"]);
    printed.keep("changes", &changes.env_remove("GUICHE_ATTENDANT").output().unwrap().stdout);
    for arguments in [
        &["show", &id][..],
        &["inbox"],
        &["info", &id],
        &["transcript", &id],
        &["kept"],
        &["held"],
        &["doubts"],
        &["window", &id],
    ] {
        shown.run(&company, arguments, &[]);
    }
    let log = server.log().join("\n");
    printed.keep("serve", log.as_bytes());
    server.kill();

    // It was a bad day indeed, or nothing is shown by what was not printed.
    for words in [
        "delivery_failed",
        "delivery_in_doubt",
        "channel_stopped",
        "channel_resumed",
        "element_kept",
        "network_failed",
        "POST 401",
    ] {
        assert!(printed.says(words), "{words} in\n{log}");
    }
    let sent = company.sandbox.received();
    wamids.extend(sent.iter().filter_map(|sent| sent.wamid.clone()));
    assert!(wamids.len() >= 4, "{}", wamids.len());
    let ours =
        [&number.token, &number.app_secret, VERIFY_TOKEN, "/whatsapp_business/attachments", "hash=", "user:pass"]
            .map(ToString::to_string);
    let theirs = ["98765-4321", "5511987654321", "987654321", WORDS, TEMPTING, "wamid."].map(ToString::to_string);
    printed.shows_none_of(&[&ours[..], &theirs, &wamids].concat());
    shown.shows_none_of(&ours);
}
