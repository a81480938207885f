//! A driver answers as the runner does itself, and one that does not is caught.

use std::fs;
use std::io::{BufReader, PipeReader, PipeWriter, Write, pipe};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use guiche_testkit::scenario::{Backing, Driver, OPERATIONS, Scenario, run_through, serve};

/// How long an answer may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A scenario of the project, by how its file's name begins.
fn scenario(begins: &str) -> Scenario {
    let files = fs::read_dir(root().join("ffi-tests/scenarios")).unwrap().map(|entry| entry.unwrap().path());
    let mut found = files.filter(|file| file.file_name().unwrap().to_str().unwrap().starts_with(begins));
    Scenario::load(&found.next().unwrap()).unwrap()
}

fn one_step(step: &str) -> Scenario {
    Scenario::parse(&format!(r#"{{ "version": 1, "name": "One step", "steps": [{step}] }}"#)).unwrap()
}

/// The driver in Rust as a program of its own.
fn program() -> Driver {
    Driver::command(vec![env!("CARGO_BIN_EXE_scenarios").to_owned(), "--serve".to_owned()], PATIENCE)
}

/// Hands on what a driver says, with one text for another.
struct Liar {
    to: PipeWriter,
    truth: &'static str,
    lie: &'static str,
    /// What is not handed on yet, for want of the line's end.
    line: Vec<u8>,
}

impl Write for Liar {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if self.line.ends_with(b"\n") {
            let line = String::from_utf8(std::mem::take(&mut self.line)).unwrap();
            self.to.write_all(line.replace(self.truth, self.lie).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// A driver that says `lie` wherever the driver in Rust says `truth`.
fn liar(truth: &'static str, lie: &'static str) -> Driver {
    Driver::over(PATIENCE, move || {
        let ends = || pipe().map_err(|error| error.to_string());
        let ((requests, asks), (answers, says)): ((PipeReader, PipeWriter), _) = (ends()?, ends()?);
        thread::spawn(move || serve(BufReader::new(requests), Liar { to: says, truth, lie, line: Vec::new() }));
        Ok((asks, answers))
    })
}

/// What becomes of a scenario with this driver.
fn caught(scenario: &Scenario, mut driver: Driver) -> String {
    run_through(scenario, &mut driver, &[Backing::Memory]).expect_err("it must be caught")
}

#[test]
fn a_driver_ends_every_scenario_as_the_runner_does() {
    let mut driver = program();
    for begins in [
        "A-02-killed-while-sending",
        "A-08-a-wrong-clock",
        "A-10-",
        "A-26-a-ticket-is-opened-once-whatever",
        "DESIGN-18.19",
        "G-11-",
        "G-14-the-same-bytes",
        "G-16-a-clients-file",
        "G-45-",
        "K-03",
        "K-06",
        "S-13-",
    ] {
        let ended = run_through(&scenario(begins), &mut driver, &[Backing::Memory, Backing::Sqlite]);
        assert!(ended.is_ok(), "{begins}: {ended:?}");
    }
}

#[test]
fn a_driver_that_says_otherwise_is_caught() {
    let first = one_step(r#"{ "webhook": { "from": "maria", "text": "oi" }, "expect": { "report": ["stored"] } }"#);
    let words = caught(&first, liar(r#""stored""#, r#""duplicate""#));
    assert!(words.starts_with("[driver, memory] step 1 (webhook): report: 0.outcome"), "{words}");

    let refused = one_step(
        r#"{ "as": "ana", "do": "claim", "with": { "attendance_id": "7" }, "expect": { "error": "not_found" } }"#,
    );
    assert!(run_through(&refused, &mut liar("", ""), &[Backing::Memory]).is_ok());
    let words = caught(&refused, liar(r#""code":"not_found""#, r#""code":"gone""#));
    assert!(words.contains("expected \"not_found\", came \"gone\""), "{words}");
    let words = caught(&refused, liar("explain", "explained"));
    assert!(words.contains("is not explained in both languages"), "{words}");
}

/// Nothing that a step expects tells the two apart, so only the end can.
#[test]
fn another_state_at_the_end_is_caught_and_shown() {
    let silent = one_step(
        r#"{ "as": "host", "do": "create_contact", "with": { "channel_id": "${main}", "phone": "5511912345678", "name": "Eva" } }"#,
    );
    let words = caught(&silent, liar("Eva", "Ivo"));
    assert!(words.starts_with("the state differs: [memory] ") && words.contains("[driver, memory]"), "{words}");
    assert!(words.contains("Eva") && words.contains("Ivo"), "{words}");
}

#[test]
fn a_driver_that_dies_fails_the_scenario_and_is_started_again() {
    let head = one_step(r#"{ "do": "head" }"#);
    let mut lives = 0;
    let mut driver = Driver::over(PATIENCE, move || {
        lives += 1;
        let ends = || pipe().map_err(|error| error.to_string());
        let ((requests, asks), (answers, says)) = (ends()?, ends()?);
        thread::spawn(move || {
            // The first process hears a few words and is gone.
            let most = if lives == 1 { 400 } else { u64::MAX };
            serve(BufReader::new(std::io::Read::take(requests, most)), says)
        });
        Ok((asks, answers))
    });
    let words = run_through(&head, &mut driver, &[Backing::Memory]).unwrap_err();
    assert!(words.contains("[driver, memory] the driver"), "{words}");
    assert!(run_through(&head, &mut driver, &[Backing::Memory]).is_ok());
}

#[test]
fn a_program_that_is_no_driver_is_named_for_what_it_does() {
    let head = one_step(r#"{ "do": "head" }"#);
    let command = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let words = caught(&head, Driver::command(command(&["/no/such/driver"]), PATIENCE));
    assert!(words.contains("the driver does not start"), "{words}");
    let exits = command(&[env!("CARGO_BIN_EXE_scenarios"), "--operations"]);
    let words = caught(&head, Driver::command(exits, PATIENCE));
    assert!(words.contains("answers no JSON"), "{words}");
}

#[test]
fn a_driver_that_hangs_is_given_up() {
    let silent = Driver::over(Duration::from_millis(50), || {
        let (requests, asks) = pipe().map_err(|error| error.to_string())?;
        let (answers, says) = pipe().map_err(|error| error.to_string())?;
        // Holds both ends and says nothing.
        thread::spawn(move || drop((std::io::read_to_string(requests), says)));
        Ok((asks, answers))
    });
    let words = caught(&one_step(r#"{ "do": "head" }"#), silent);
    assert!(words.contains("does not answer within 50ms"), "{words}");
}

/// The number and the names of the parameters of every `pub fn` of `Desk`, `Admin` and `Engine` in core.
fn parameters() -> std::collections::BTreeMap<String, Vec<String>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![root().join("core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(path).unwrap();
            for object in ["Desk", "Admin", "Engine"] {
                for block in source.split(&format!("\nimpl {object} {{\n")).skip(1) {
                    let block = block.split("\n}\n").next().unwrap();
                    for method in block.split("\n    pub fn ").skip(1) {
                        let (name, rest) = method.split_once('(').unwrap();
                        let list = rest.split(')').next().unwrap();
                        let names = list
                            .split(',')
                            .filter_map(|one| one.split_once(':'))
                            .map(|(name, _)| name.trim().to_owned());
                        found.insert(format!("{}::{name}", object.to_lowercase()), names.collect());
                    }
                }
            }
        }
    }
    found
}

#[test]
fn operations_take_what_their_methods_take_in_the_same_order() {
    let parameters = parameters();
    for operation in OPERATIONS {
        let name = format!("{}::{}", operation.door.word(), operation.name);
        let names = &parameters[&name];
        let takes = operation.takes();
        // The listener is the driver's own.
        if operation.name != "subscribe" {
            assert_eq!(takes.len(), names.len(), "{name} has the parameters {names:?} and takes {takes:?}");
        }
        for (place, argument) in takes.iter().enumerate() {
            let key = argument.key.as_deref().unwrap_or_default();
            if let Some(named) = names.iter().position(|name| name == key) {
                assert_eq!(named, place, "{name} has `{key}` elsewhere");
            }
        }
    }
}
