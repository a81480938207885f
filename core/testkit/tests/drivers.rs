//! A driver answers as the runner does itself, and one that does not is caught.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufReader, PipeReader, PipeWriter, Read, Write, pipe};
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
    let files = fs::read_dir(root().join("ffi-tests/scenarios"))
        .expect("a scenario of the project")
        .map(|entry| entry.expect("the scenarios are there").path());
    let mut found = files.filter(|file| {
        file.file_name()
            .expect("a scenario of the project")
            .to_str()
            .expect("a scenario of the project")
            .starts_with(begins)
    });
    Scenario::load(&found.next().expect("a scenario of the project")).expect("a scenario of the project")
}

fn one_step(step: &str) -> Scenario {
    Scenario::parse(&format!(r#"{{ "version": 1, "name": "One step", "steps": [{step}] }}"#))
        .expect("a scenario of the project")
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
            let line = String::from_utf8(std::mem::take(&mut self.line)).expect("JSON is text");
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

/// So many lines, and then the end.
struct Few {
    requests: PipeReader,
    most: usize,
}

impl Read for Few {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.most == 0 || into.is_empty() {
            return Ok(0);
        }
        let read = self.requests.read(&mut into[..1])?;
        self.most -= usize::from(into[0] == b'\n');
        Ok(read)
    }
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
    let silent = one_step(r#"{ "webhook": { "from": "maria", "text": "bom dia" } }"#);
    let words = caught(&silent, liar("bom dia", "boa noite"));
    assert!(words.starts_with("the state differs: [memory] ") && words.contains("[driver, memory]"), "{words}");
    assert!(words.contains("bom dia") && words.contains("boa noite"), "{words}");
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
            // The first process hears three requests and is gone.
            let most = if lives == 1 { 3 } else { usize::MAX };
            serve(BufReader::new(Few { requests, most }), says)
        });
        Ok((asks, answers))
    });
    let words = run_through(&head, &mut driver, &[Backing::Memory]).unwrap_err();
    assert!(words.starts_with("[driver, memory] ") && words.contains("the driver has gone"), "{words}");
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

#[test]
fn the_manuals_session_is_what_a_driver_says() {
    let manual = fs::read_to_string(root().join("ffi-tests/DRIVERS.md")).unwrap();
    let session = manual.split("```session\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let of = |mark| session.lines().filter_map(move |line| line.strip_prefix(mark)).collect::<Vec<_>>();
    let (asked, said): (Vec<_>, Vec<_>) = (of("> "), of("< "));
    assert!(asked.len() > 10 && asked.len() == said.len());
    let mut answers = Vec::new();
    serve(asked.join("\n").as_bytes(), &mut answers).unwrap();
    let answers = String::from_utf8(answers).unwrap();
    assert_eq!(answers.lines().collect::<Vec<_>>(), said);
}

/// What the runner can ask and tell is in the manual, word by word.
#[test]
fn the_manual_says_what_the_runner_asks() {
    let manual = fs::read_to_string(root().join("ffi-tests/DRIVERS.md")).unwrap();
    for ask in ["hello", "world", "start", "restart", "clocks", "operate", "release", "ingest", "tell", "take"] {
        assert!(manual.contains(&format!("**`{ask}`**")), "{ask}");
    }
}

/// The names of the parameters of every `pub fn` of `Desk`, `Admin` and `Engine` in core, by `desk::claim`.
fn parameters() -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join("core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the sources are there").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                methods(&fs::read_to_string(path).expect("sources are text"), &mut found);
            }
        }
    }
    found
}

fn methods(source: &str, found: &mut BTreeMap<String, Vec<String>>) {
    for (object, door) in [("Desk", "desk"), ("Admin", "admin"), ("Engine", "engine")] {
        for rest in source.split(&format!("\nimpl {object} {{\n")).skip(1) {
            let block = rest.split_once("\n}\n").map_or(rest, |(block, _)| block);
            for (name, rest) in block.split("\n    pub fn ").skip(1).filter_map(|method| method.split_once('(')) {
                let list = rest.split_once(')').map_or(rest, |(list, _)| list);
                let names = list.split(',').filter_map(|one| one.split_once(':'));
                found.insert(format!("{door}::{name}"), names.map(|(name, _)| name.trim().to_owned()).collect());
            }
        }
    }
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
