//! `guiche serve`: receives, sends and lets time do its work, until it is told to stop.
//!
//! Four kinds of loop share one [`Bell`]: the receiver's threads take deliveries in; the senders hand over what is due;
//! the fetchers get contacts' files; the watcher lets windows expire, prints what happened and looks for what other processes committed. None of them
//! holds anything that is not in the database: killing the process at any instant loses nothing.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::event::{Event, EventKind};
use guiche_core::port::Clock;
use guiche_core::store::ProbeFinding;
use guiche_core::time::Timestamp;
use guiche_sqlite::Machine;

use crate::bell::Bell;
use crate::commands::exists;
use crate::failure::Failure;
use crate::host::Host;
use crate::paint;
use crate::platform::PlatformArgs;
use crate::receiver::{Door, Receiver};

/// How long a node number is kept, and how often it is renewed.
const NODE_LEASE: Duration = Duration::from_secs(60 * 60);
const NODE_RENEWAL: Duration = Duration::from_secs(10 * 60);
/// How long a loop waits after a store failure before it tries again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// The longest a sender sleeps without being woken.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// How many messages a sender hands over before it looks around.
const BATCH: u32 = 20;

/// Receive webhooks, send what is queued, let time pass.
///
/// Meta posts to `https://YOUR-HOST/webhook`; put a proxy that speaks TLS in front of this address. A delivery is
/// acknowledged once it is stored durably; one with a wrong signature is answered 401 and stores nothing.
///
/// Several may run on one file, beside any number of other commands. Stop it with SIGINT or SIGTERM, or kill it: what was
/// being sent at that moment is in doubt until its status notice comes, and is never sent twice.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "GUICHE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// The path of the webhook.
    #[arg(long, default_value = "/webhook")]
    path: String,
    /// How many messages are handed over at once, each to another contact.
    #[arg(long, default_value_t = 2)]
    senders: usize,
    /// How many contacts' files are fetched at once.
    #[arg(long, default_value_t = 1)]
    fetchers: usize,
    /// How many deliveries are taken in at once.
    #[arg(long, default_value_t = 4)]
    receivers: usize,
    /// How often to look for what other processes committed, in milliseconds.
    #[arg(long, default_value_t = 300)]
    poll_ms: u64,
    #[command(flatten)]
    platform: PlatformArgs,
}

/// Runs until stopped.
pub(crate) fn run(database: &Path, args: &ServeArgs) -> Result<(), Failure> {
    let platform = args.platform.platform()?;
    exists(database)?;
    let mut host = Host::open(database, Some(platform))?;
    host.renew(NODE_LEASE)?;
    let engine = host.engine.clone();
    let bell = Arc::new(Bell::default());
    engine.subscribe(bell.clone());
    let stopper = Arc::clone(&bell);
    ctrlc::set_handler(move || stopper.stop())
        .map_err(|error| Failure::machine("no_signals")(std::io::Error::other(error)))?;

    let door = Door {
        engine: engine.clone(),
        path: args.path.clone(),
        verify_token: args.platform.verify_token()?,
        told: Arc::new(|visit| log(&visit.line())),
    };
    let receiver = Receiver::start(&args.listen, &door, args.receivers).map_err(Failure::machine("cannot_listen"))?;
    log(&format!("listening http://{}{}", receiver.address(), args.path));

    let poll = Duration::from_millis(args.poll_ms.max(20));
    let mut result = Ok(());
    thread::scope(|scope| {
        for _ in 0..args.senders.max(1) {
            scope.spawn(|| send(&engine, &bell));
        }
        for _ in 0..args.fetchers.max(1) {
            scope.spawn(|| fetch(&engine, &bell));
        }
        result = watch(&mut host, &bell, poll);
        // A watcher that gave up takes the others with it.
        bell.stop();
    });
    receiver.stop();
    log("stopped");
    result.map_err(Failure::from)
}

/// One line, with the time, on the standard output. Its reader may go away; the work goes on.
fn log(line: &str) {
    drop(paint::print(&format!("{} {line}\n", Machine.now())));
}

/// Hands over what is due, and sleeps until something may be.
fn send(engine: &Engine, bell: &Bell) {
    while !bell.stopping() {
        let heard = bell.times();
        let work = || {
            let report = engine.pump(BATCH)?;
            engine.pump_modules(BATCH)?;
            Ok((report, engine.next_wakeup()?))
        };
        match work() {
            Ok((report, _)) if report.accepted + report.failed + report.in_doubt >= BATCH => {}
            Ok((_, due)) => nap(bell, heard, due),
            Err(error) => trouble("send", &error, bell),
        }
    }
}

/// Fetches contacts' files that are due, and sleeps until some may be.
fn fetch(engine: &Engine, bell: &Bell) {
    while !bell.stopping() {
        let heard = bell.times();
        match engine.fetch_files(BATCH).and_then(|report| Ok((report, engine.next_wakeup()?))) {
            Ok((report, _)) if report.fetched + report.delayed + report.failed >= BATCH => {}
            Ok((_, due)) => nap(bell, heard, due),
            Err(error) => trouble("fetch", &error, bell),
        }
    }
}

/// Sleeps until something is due or the bell rings. What is due but not for this loop (another one has it, or it is the
/// watcher's) rings when it is done.
fn nap(bell: &Bell, heard: u64, due: Option<Timestamp>) {
    let sleep = due.map_or(LONGEST_SLEEP, |due| due.since(Machine.now()).min(LONGEST_SLEEP));
    bell.wait(heard, sleep.max(Duration::from_millis(50)));
}

/// Lets time do its work, tells what happened, and rings when others committed.
fn watch(host: &mut Host, bell: &Bell, poll: Duration) -> Result<(), Error> {
    let engine = host.engine.clone();
    let mut cursor = engine.head()?;
    let mut renewed = Instant::now();
    log(&format!("ready seq={cursor}"));
    while !bell.stopping() {
        let heard = bell.times();
        match advance(&engine).and_then(|()| tell(&engine, &mut cursor)) {
            Ok(true) => bell.ring(),
            Ok(false) => bell.wait(heard, poll),
            Err(error) => trouble("watch", &error, bell),
        }
        if renewed.elapsed() > NODE_RENEWAL {
            host.renew(NODE_LEASE)?;
            renewed = Instant::now();
        }
    }
    tell(&engine, &mut cursor).map(drop)
}

/// Does what fell due. Most of the time that is nothing, and finding it out writes nothing.
fn advance(engine: &Engine) -> Result<(), Error> {
    if engine.next_wakeup()?.is_some_and(|due| due <= Machine.now()) {
        engine.advance()?;
    }
    Ok(())
}

/// Prints what was committed since, by whichever process. Says whether there was anything.
fn tell(engine: &Engine, cursor: &mut i64) -> Result<bool, Error> {
    let mut any = false;
    loop {
        let events = engine.changes_since(*cursor, 500)?;
        let Some(last) = events.last() else { return Ok(any) };
        *cursor = last.seq;
        any = true;
        for event in &events {
            log(&line(event));
        }
    }
}

/// An event as a line: events hold ids and facts, never text, phones or tokens.
fn line(event: &Event) -> String {
    let mut line = format!("seq={} {}", event.seq, event.kind.word());
    if let Some(id) = event.attendance_id {
        line.push_str(&format!(" attendance={id}"));
    }
    match &event.kind {
        EventKind::MessageReceived { kind, .. } => line.push_str(&format!(" kind={kind}")),
        EventKind::MessageQueued { kind, delivery_id, .. } => {
            line.push_str(&format!(" kind={kind} delivery={delivery_id}"));
        }
        EventKind::DeliveryStarted { delivery_id, attempt } => {
            line.push_str(&format!(" delivery={delivery_id} attempt={attempt}"));
        }
        EventKind::DeliveryAccepted { delivery_id, .. } => line.push_str(&format!(" delivery={delivery_id}")),
        EventKind::DeliveryDelayed { delivery_id, code, .. } | EventKind::DeliveryFailed { delivery_id, code } => {
            line.push_str(&format!(" delivery={delivery_id} code={code}"));
        }
        EventKind::DeliveryInDoubt { delivery_id, reason } => {
            line.push_str(&format!(" delivery={delivery_id} reason={reason}"));
        }
        EventKind::DeliveryHeld { delivery_id, reason } => {
            line.push_str(&format!(" delivery={delivery_id} reason={}", reason.word()));
        }
        EventKind::ReceiptTaken { delivery_id, shown, .. } => {
            line.push_str(&format!(" delivery={delivery_id} shown={}", shown.word()));
        }
        EventKind::FileFailed { reason, .. } | EventKind::ElementKept { reason, .. } => {
            line.push_str(&format!(" reason={reason}"));
        }
        EventKind::ChannelStopped { code, .. } => line.push_str(&format!(" code={code}")),
        EventKind::ChannelProbed { finding, .. } => line.push_str(&match finding {
            ProbeFinding::Blocked { code: Some(code) } => format!(" blocked code={code}"),
            ProbeFinding::Blocked { code: None } => " blocked".to_owned(),
            ProbeFinding::Refused { code } => format!(" refused code={code}"),
            ProbeFinding::Unanswered => " unanswered".to_owned(),
        }),
        _ => {}
    }
    line
}

fn trouble(what: &str, error: &Error, bell: &Bell) {
    log(&format!("{what} failed code={}", error.code()));
    bell.wait(bell.times(), AFTER_FAILURE);
}
