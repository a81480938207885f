//! SIGKILL, again and again, under load: nothing is lost, nothing is doubled, and the figures to say so.
//!
//! `cargo test -p guiche-host --test kills` kills `guiche serve` as often as the test command has time for; hundreds of times:
//!
//! ```sh
//! cargo test -p guiche-host --test kills -- --kills 500 --seed 7 --json
//! ```
//!
//! Clients write, webhooks are posted and retried, and attendants of another process send the whole time. Lost is a webhook that
//! was acknowledged, or a message that was queued, of which nothing is left; doubled, a text that stands twice on either side.
//! What nobody can know is in doubt, and in sight (DESIGN 18.11).

#![allow(clippy::unwrap_used)]

mod common;
mod kills_load;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use common::{Company, until};
use guiche_sandbox::{DeliveryShape, Fault, FaultRule, SandboxConfig, StatusPlan};
use kills_load::{Chance, Figures, Load};
use serde_json::json;

/// Kills of one company: a new one is founded after so many, so that no file grows without end.
const KILLS_OF_ONE: u32 = 25;

struct Arguments {
    kills: u32,
    seed: u64,
    json: bool,
}

/// `None` when the test command asks for other tests, or only for their names.
fn arguments() -> Option<Arguments> {
    let mut read = Arguments { kills: 10, seed: 1, json: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|text| text.parse::<u64>().ok()).expect("a number follows");
        match word.as_str() {
            "--kills" => read.kills = u32::try_from(number()).expect("not so many kills"),
            "--seed" => read.seed = number(),
            "--json" => read.json = true,
            "--list" => return None,
            // Options of the test runner, which this is not.
            other if other.starts_with('-') => {}
            filter if "kills".contains(filter) => {}
            _ => return None,
        }
    }
    Some(read)
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else { return ExitCode::SUCCESS };
    let begun = Instant::now();
    let mut total = Figures::default();
    let mut left = arguments.kills;
    let mut seed = arguments.seed;
    while left > 0 {
        let kills = left.min(KILLS_OF_ONE);
        total.add(&company(seed, kills));
        left -= kills;
        seed += 1;
    }
    let seconds = begun.elapsed().as_secs();
    if arguments.json {
        let mut figures = total.json();
        figures["seconds"] = json!(seconds);
        println!("{figures}");
    } else {
        println!("\n{}", total.table());
    }
    let Figures { kills, lost, doubled, .. } = total;
    println!("{kills} kills from seed {} in {seconds} s: {lost} lost, {doubled} doubled", arguments.seed);
    if lost + doubled == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One company under load, whose server is killed so many times.
fn company(seed: u64, kills: u32) -> Figures {
    let company =
        Company::posting_itself(SandboxConfig { statuses: StatusPlan::IMMEDIATE, seed, ..SandboxConfig::default() });
    // Notices come late, so that a server that wakes up does not know what became of what it was doing.
    company.sandbox.set_shape(DeliveryShape {
        delay_ms: Some((500, 6_000)),
        duplicates: 0.1,
        ..DeliveryShape::default()
    });
    let mut chance = Chance(seed);
    let load = Load::begin(&company, seed);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| load.clients_write(&stop));
        scope.spawn(|| load.attendants_send(&stop));
        scope.spawn(|| load.webhooks_are_posted(&stop));
        for _ in 0..kills {
            let slow = 50 + chance.below(300);
            company.sandbox.script(FaultRule::new(Fault::Stall(slow)).after(chance.below(3) as u32));
            match chance.below(4) {
                0 => company.sandbox.next_message(Fault::LostAnswer),
                1 => company.sandbox.next_message(Fault::DropBeforeReading),
                _ => {}
            }
            load.next_round();
            let server = company.serve();
            std::thread::sleep(Duration::from_millis(chance.below(700)));
            server.kill();
        }
        stop.store(true, Ordering::SeqCst);
    });
    load.what_was_acknowledged_is_there();
    company.sandbox.clear_faults();
    let server = company.serve();
    // Leases lapse and graces end: time enough for a careless sender to send again.
    std::thread::sleep(Duration::from_secs(4));
    for _ in 0..3 {
        // What a client may have at once is used up now and then: a message every six seconds from there.
        let begun = Instant::now();
        while !load.rests() && begun.elapsed() < common::DEADLINE {
            std::thread::sleep(Duration::from_millis(25));
        }
    }
    until("everything comes to rest", || load.rests());
    server.kill();
    load.figures(kills)
}
