//! SIGKILL during a send: nothing is lost, nothing is doubled.
//!
//! Lost would be a message that the platform never took and that nobody is told about; doubled, two bodies under one
//! client id. What nobody can know is in doubt, in sight, until its status notice or a person settles it (DESIGN 18.11).

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{Company, state, text, until};
use guiche_sandbox::{Client, DeliveryShape, Fault, FaultRule, SandboxConfig, StatusPlan};

/// A company, an attendance whose window is open, and the client's phone.
fn conversation(statuses: StatusPlan) -> (Company, String, Client) {
    let company = Company::new(SandboxConfig { statuses, ..SandboxConfig::default() });
    let maria = company.sandbox.client("Maria", "+55 11 98765-4321");
    let id = company.start("+55 11 98765-4321", "Maria");
    let server = company.serve();
    maria.sends_text("Oi!");
    until("the window opens", || company.ok(&["window", &id])["window"]["state"] == "open");
    server.kill();
    (company, id, maria)
}

fn accepted(company: &Company) -> Vec<String> {
    let log = company.sandbox.received();
    log.iter().filter(|body| body.is_accepted_message()).filter_map(|body| body.client_id.clone()).collect()
}

fn newest_state(company: &Company, id: &str) -> String {
    let messages = company.messages(id);
    state(messages.first().unwrap()).to_owned()
}

#[test]
fn killed_while_meta_holds_the_answer_it_is_in_doubt_and_its_notice_settles_it() {
    let (company, id, maria) = conversation(StatusPlan::MANUAL);
    company.sandbox.next_message(Fault::Stall(120_000));
    let server = company.serve();
    company.ok(&["send", &id, "Chegou?"]);
    until("Meta takes the message", || accepted(&company).len() == 1);
    server.kill();

    let server = company.serve();
    until("it is in doubt", || newest_state(&company, &id) == "in_doubt");
    assert_eq!(company.ok(&["doubts"]).as_array().unwrap().len(), 1);
    // Time enough for a careless sender to send again.
    company.ok(&["send", &id, "Segunda"]);
    until("the next one goes once the grace is over", || accepted(&company).len() == 2);

    let wamid = company.sandbox.received().iter().find_map(|body| body.wamid.clone()).unwrap();
    assert!(maria.gets(&wamid) && maria.receives(&wamid));
    until("the notices settle it", || company.messages(&id).iter().any(|shown| state(shown) == "delivered"));
    assert!(company.ok(&["doubts"]).as_array().unwrap().is_empty());
    assert!(company.sandbox.client_ids_accepted_twice().is_empty());
    let texts: Vec<_> = maria.inbox().into_iter().map(|message| message.text).collect();
    assert_eq!(texts.iter().filter(|text| *text == "Chegou?").count(), 1);
    drop(server);
}

#[test]
fn killed_before_meta_read_it_a_person_decides_and_it_goes_once() {
    let (company, id, maria) = conversation(StatusPlan::IMMEDIATE);
    company.sandbox.next_message(Fault::DropBeforeReading);
    let server = company.serve();
    company.ok(&["send", &id, "Perdida?"]);
    until("nobody knows", || newest_state(&company, &id) == "in_doubt");
    server.kill();
    let _server = company.serve();
    let message = text(&company.ok(&["doubts"])[0]["message"]["id"]);
    std::thread::sleep(Duration::from_millis(500));
    assert!(accepted(&company).is_empty(), "it was sent again without anybody's word");

    company.ok(&["settle", &message, "--lost"]);
    company.ok(&["retry", &message]);
    until("it arrives", || newest_state(&company, &id) == "delivered");
    assert_eq!(maria.inbox().into_iter().map(|message| message.text).collect::<Vec<_>>(), ["Perdida?"]);
    assert!(company.sandbox.client_ids_accepted_twice().is_empty());
}

/// SplitMix64, for instants at which to kill.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

fn killed_again_and_again(seed: u64) {
    const ROUNDS: usize = 5;
    const BATCH: usize = 3;
    let (company, id, maria) = conversation(StatusPlan::IMMEDIATE);
    let mut chance = Chance(seed);
    // Notices come late, so that a server that wakes up does not know what became of what it was doing.
    company.sandbox.set_shape(DeliveryShape { delay_ms: Some((2_000, 20_000)), ..DeliveryShape::default() });
    for round in 0..ROUNDS {
        for n in 0..BATCH {
            company.ok(&["send", &id, &format!("{round}.{n}")]);
        }
        // Most answers are slow, some are lost.
        company.sandbox.script(FaultRule::new(Fault::Stall(200 + chance.below(300))).after(chance.below(3) as u32));
        if chance.below(3) == 0 {
            company.sandbox.next_message(Fault::LostAnswer);
        }
        let server = company.serve();
        std::thread::sleep(Duration::from_millis(chance.below(400)));
        server.kill();
    }
    company.sandbox.clear_faults();
    let _server = company.serve();
    // The leases of what was being sent lapse: time enough for a careless sender to send again.
    std::thread::sleep(Duration::from_secs(4));
    let settled = |shown: &serde_json::Value| matches!(state(shown), "delivered" | "in_doubt");
    until("everything comes to rest", || {
        // Webhooks that met a dead server come again, without the wait.
        company.sandbox.hurry();
        assert!(company.sandbox.client_ids_accepted_twice().is_empty(), "seed {seed}: doubled");
        let doubts = company.ok(&["doubts"]).as_array().unwrap().len();
        let messages = company.messages(&id);
        let ours = messages.iter().filter(|shown| !shown["delivery"].is_null());
        let taken = accepted(&company).len();
        ours.clone().all(settled) && ours.count() == taken + doubts
    });

    // Every message of ours is exactly one body at Meta, or in doubt and none.
    let mut bodies: BTreeMap<String, usize> = BTreeMap::new();
    for client_id in accepted(&company) {
        *bodies.entry(client_id).or_default() += 1;
    }
    assert!(bodies.values().all(|count| *count == 1), "seed {seed}: doubled: {bodies:?}");
    let mut known = BTreeSet::new();
    for shown in company.messages(&id) {
        if shown["delivery"].is_null() {
            continue;
        }
        let delivery = text(&shown["delivery"]["id"]);
        assert_eq!(bodies.contains_key(&delivery), state(&shown) == "delivered", "seed {seed}: {delivery}");
        known.insert(delivery);
    }
    assert_eq!(known.len(), ROUNDS * BATCH, "seed {seed}: lost");
    assert!(bodies.keys().all(|delivery| known.contains(delivery)), "seed {seed}: Meta has one that is not here");
    let texts: Vec<_> = maria.inbox().into_iter().map(|message| message.text).collect();
    let distinct: BTreeSet<_> = texts.iter().collect();
    assert_eq!(texts.len(), distinct.len(), "seed {seed}: the client reads one twice");
}

#[test]
fn killed_at_any_instant_nothing_is_lost_or_doubled_1() {
    killed_again_and_again(1);
}

#[test]
fn killed_at_any_instant_nothing_is_lost_or_doubled_2() {
    killed_again_and_again(2);
}

#[test]
fn killed_at_any_instant_nothing_is_lost_or_doubled_3() {
    killed_again_and_again(3);
}
