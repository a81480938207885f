//! A day at the counter, played for whoever wants to see what the engine does, and checked as it goes.
//!
//! A SQLite file, HTTP in both directions, signed webhooks, Meta's refusals by the sandbox. Only the neighbour modules
//! (sales, tickets) are played in this process, and the clock is moved instead of waited for. Every sentence of the closing table was checked against what the
//! engine and the sandbox hold; the process ends with 0 only if all of them held.

use std::sync::Arc;

use guiche_core::desk::Desk;
use guiche_core::engine::Done;
use guiche_core::error::Error;
use guiche_core::event::{Event, EventKind};
use guiche_core::id::{AttendanceId, AttendantId, MessageId};
use guiche_core::sending::Queued;
use guiche_core::setup::Setup;
use guiche_core::time::Timestamp;

use crate::civil::Offset;
use crate::failure::Failure;
use crate::language::Lang;
use crate::looks::{Looks, wrap};
use crate::paint::{self, bold, dim, green, magenta, red, yellow};

use cast::Cast;
use rules::{Checks, Rule};
use stage::Stage;

mod around;
mod by_hand;
mod cast;
mod colleagues;
mod endings;
mod files;
mod first_contact;
mod galleries;
mod leaving;
mod ledger;
mod lost_answer;
mod menu;
mod modules;
mod next_day;
mod opening;
mod rules;
mod stage;

/// The first morning: Monday, 23 November 2026, midnight in São Paulo.
const MIDNIGHT: &str = "2026-11-23T00:00:00-03:00";
/// Where refusals and remarks stand.
const ASIDE: usize = 7;

/// Plays the day. Says whether everything held.
pub(crate) fn run(lang: Lang) -> Result<bool, Failure> {
    let midnight = Timestamp::parse(MIDNIGHT).unwrap_or_default();
    let stage = Stage::set(midnight)?;
    let mut day = Day::dawn(lang, stage, midnight)?;
    let played = day.play();
    day.tell(&format!("\n{}\n", magenta(lang.say("O que foi verificado", "What was checked"))));
    day.tell(&day.checks.table(lang));
    let held = day.checks.all_held();
    day.stage.strike();
    played.map(|()| held)
}

/// The day as it goes.
pub(crate) struct Day {
    lang: Lang,
    midnight: Timestamp,
    stage: Stage,
    cast: Cast,
    setup: Arc<Setup>,
    checks: Checks,
    chapters: u32,
    /// Up to where the record of events was told.
    told: i64,
}

impl Day {
    fn dawn(lang: Lang, stage: Stage, midnight: Timestamp) -> Result<Self, Failure> {
        let cast = Cast::hire(&stage.engine)?;
        let setup = stage.engine.setup()?;
        let told = stage.engine.head()?;
        Ok(Self { lang, midnight, stage, cast, setup, checks: Checks::default(), chapters: 0, told })
    }

    fn play(&mut self) -> Result<(), Failure> {
        self.tell(&format!(
            "\n{}  {}\n",
            magenta("Guichê"),
            self.lang.say("um dia no balcão da Construtora Horizonte", "a day at the counter of Construtora Horizonte")
        ));
        opening::play(self)?;
        let maria = first_contact::play(self)?;
        files::play(self, &maria)?;
        let joao = colleagues::play(self)?;
        lost_answer::play(self, &joao)?;
        let pedro = next_day::promise(self)?;
        around::play(self, &maria, &joao)?;
        next_day::play(self, &maria, &pedro)?;
        endings::play(self, &maria, &joao, &pedro)?;
        leaving::play(self, &maria, &joao)?;
        ledger::play(self)
    }

    // --- Telling.

    fn say<'a>(&self, pt: &'a str, en: &'a str) -> &'a str {
        self.lang.say(pt, en)
    }

    fn looks(&self) -> Looks<'_> {
        Looks { lang: self.lang, offset: Offset::SAO_PAULO, setup: &self.setup }
    }

    /// A terminal that cannot be written to is no reason not to check the rest.
    fn tell(&self, text: &str) {
        drop(paint::print(text));
    }

    /// Begins a part of the first, second… day.
    fn chapter(&mut self, day: i64, pt: &str, en: &str) {
        self.chapters += 1;
        let when = Offset::SAO_PAULO.weekday(self.midnight.shifted((day - 1) * 24 * 60 * 60_000), self.lang);
        self.tell(&format!(
            "\n{} {}\n",
            magenta(&format!("{}. {}", self.chapters, self.say(pt, en))),
            dim(&format!("— {when}"))
        ));
    }

    /// A line with the hour.
    fn line(&self, text: &str) {
        let mut lines = wrap(text, 92).into_iter();
        let first = lines.next().unwrap_or_default();
        self.tell(&format!("{}  {first}\n", dim(&Offset::SAO_PAULO.hour(self.now()))));
        for line in lines {
            self.tell(&format!("{}{line}\n", " ".repeat(ASIDE)));
        }
    }

    /// Somebody does something.
    fn does(&self, who: AttendantId, pt: &str, en: &str) {
        self.line(&format!("{} {}", bold(&self.looks().attendant(who)), self.say(pt, en)));
    }

    /// A remark.
    fn aside(&self, text: &str) {
        for line in wrap(text, 92) {
            self.tell(&format!("{}{line}\n", " ".repeat(ASIDE)));
        }
    }

    /// Lines as they are.
    fn block(&self, text: &str) {
        for line in text.lines() {
            self.tell(&format!("{}{line}\n", " ".repeat(ASIDE)));
        }
    }

    /// The window of an attendance, as a remark.
    fn window(&self, attendance: AttendanceId) -> Result<(), Failure> {
        let view = self.office().window(attendance)?;
        self.aside(&format!("⏱ {}", self.looks().window(view.window, self.now())));
        Ok(())
    }

    /// A message as a bubble, with what became of it.
    fn bubble(&self, message: MessageId) -> Result<(), Failure> {
        let shown = self.office().message(message)?;
        let contact = self.office().attendance(shown.message.attendance_id)?.contact;
        self.tell(&self.looks().bubble(&shown, contact.name()));
        Ok(())
    }

    /// Lets a message of ours leave and what follows come, then shows it.
    fn goes(&self, done: &Done<Queued>) -> Result<MessageId, Failure> {
        self.stage.settle()?;
        self.bubble(done.outcome.message.id)?;
        Ok(done.outcome.message.id)
    }

    /// Takes in what was written to us, and shows the newest message of a contact in an attendance.
    fn comes(&self, attendance: AttendanceId) -> Result<MessageId, Failure> {
        self.stage.settle()?;
        let newest = self.office().messages(attendance, None, 20)?;
        let newest = newest.into_iter().find(|shown| !shown.message.author.is_ours());
        let message = newest.ok_or_else(|| Error::store("message_missing"))?.message.id;
        self.bubble(message)?;
        Ok(message)
    }

    /// A refusal, with its code and what to do next. What was expected to be refused and was not fails the rule.
    #[track_caller]
    fn refused<T>(&mut self, rule: Rule, code: &str, result: Result<T, Error>) {
        match result {
            Ok(_) => {
                self.checks.check(rule, false);
                self.aside(&red(&format!(
                    "✗ {}: {code}",
                    self.say("deveria ter sido recusado", "should have been refused")
                )));
            }
            Err(error) => {
                let explanation = error.explain_at(self.lang.locale(), Offset::SAO_PAULO.minutes);
                self.checks.check(rule, error.code() == code && explanation.len() > 20);
                self.aside(&format!("{} {}", red(&format!("✗ {}", error.code())), explanation));
            }
        }
    }

    /// Something that went as it should.
    fn well(&self, pt: &str, en: &str) {
        self.aside(&format!("{} {}", green("✓"), self.say(pt, en)));
    }

    // --- Checking.

    #[track_caller]
    fn check(&mut self, rule: Rule, held: bool) {
        self.checks.check(rule, held);
    }

    /// How many bodies the platform was sent so far.
    fn received(&self) -> usize {
        self.stage.sandbox.received().len()
    }

    // --- Acting.

    fn now(&self) -> Timestamp {
        self.stage.now()
    }

    fn desk(&self, attendant: AttendantId) -> Result<Desk, Failure> {
        Ok(self.stage.engine.desk(attendant)?)
    }

    /// The host's own desk, for looking.
    fn office(&self) -> Desk {
        self.stage.engine.back_office()
    }

    /// Moves the clock to an hour of the first, second… day, letting the engine do on the way what falls due, as
    /// `guiche serve` does.
    fn at(&mut self, day: i64, hour: i64, minute: i64) -> Result<(), Failure> {
        // People are not on the minute.
        let second = (hour * 7 + minute * 13) % 60;
        let target = self.midnight.shifted(((((day - 1) * 24 + hour) * 60 + minute) * 60 + second) * 1_000);
        while let Some(due) = self.stage.engine.next_wakeup()?.filter(|due| *due <= target) {
            let now = self.now();
            if due > now {
                self.stage.sandbox.set_now(due.as_millis());
            }
            if !self.stage.engine.advance()? && due <= now {
                // What waits is not for the clock to do.
                break;
            }
            self.tell_what_time_did()?;
        }
        self.stage.sandbox.set_now(target.max(self.now()).as_millis());
        self.stage.engine.advance()?;
        self.tell_what_time_did()
    }

    /// The events since the day last looked.
    fn events(&mut self) -> Result<Vec<Event>, Failure> {
        let events = self.stage.engine.changes_since(self.told, 10_000)?;
        self.told = events.last().map_or(self.told, |event| event.seq);
        Ok(events)
    }

    /// Tells of windows that closed, or soon will, with nobody doing anything.
    fn tell_what_time_did(&mut self) -> Result<(), Failure> {
        for event in self.events()? {
            let (EventKind::WindowClosing { .. } | EventKind::WindowExpired { .. }) = event.kind else { continue };
            let Some(id) = event.attendance_id else { continue };
            let contact = self.office().attendance(id)?.contact;
            self.line(&format!("{} {}: {}", yellow("⏰"), contact.name(), self.looks().happened(&event.kind)));
        }
        Ok(())
    }
}
