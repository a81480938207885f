use proptest::prelude::*;

use super::*;
use crate::attendance::{Disposition, RestoreAs};
use crate::id::{AttendantId, DeliveryId, NoteId};

const ID: AttendanceId = AttendanceId::from_raw(1);
const SALES: DepartmentId = DepartmentId::from_raw(1);
const SUPPORT: DepartmentId = DepartmentId::from_raw(2);
const ANA: Actor = Actor::Attendant { id: AttendantId::from_raw(7) };

fn at(minute: i64) -> Timestamp {
    Timestamp::from_seconds(minute * 60)
}

/// A log whose nth event has the `seq` n and was committed at the minute given.
#[derive(Default)]
struct Log(Vec<Event>);

impl Log {
    fn new() -> Self {
        Self::default().then(0, Actor::Platform, created())
    }

    fn then(mut self, minute: i64, actor: Actor, kind: EventKind) -> Self {
        let seq = i64::try_from(self.0.len()).unwrap() + 1;
        let position = u32::try_from(seq).ok();
        self.0.push(Event { seq, at: at(minute), actor, attendance_id: Some(ID), position, kind, touched: Vec::new() });
        self
    }

    fn contact(self, minute: i64) -> Self {
        self.then(minute, Actor::Platform, received("text", minute))
    }

    fn ana(self, minute: i64) -> Self {
        self.then(minute, ANA, queued("text", minute))
    }

    fn host(self, minute: i64) -> Self {
        self.then(minute, Actor::Host, queued("template", minute))
    }

    fn finish(self, minute: i64) -> Self {
        self.then(minute, ANA, EventKind::AttendanceFinished { disposition: Disposition::Keep })
    }

    fn reopen(self, minute: i64) -> Self {
        self.then(minute, Actor::Platform, EventKind::AttendanceReopened { released: None })
    }

    fn episodes(&self) -> Vec<Episode> {
        episodes(ID, &self.0)
    }
}

fn created() -> EventKind {
    EventKind::AttendanceCreated {
        contact_id: crate::id::ContactId::from_raw(1),
        department_id: SALES,
        assignee_id: None,
        previous_id: None,
    }
}

fn received(kind: &str, said: i64) -> EventKind {
    let (message_id, kind) = (MessageId::from_raw(said), kind.to_owned());
    EventKind::MessageReceived { message_id, kind, late: false, said_at: at(said) }
}

fn echoed(kind: &str, said: i64) -> EventKind {
    EventKind::MessageEchoed { message_id: MessageId::from_raw(said), kind: kind.to_owned(), said_at: at(said) }
}

fn queued(kind: &str, said: i64) -> EventKind {
    let (message_id, delivery_id) = (MessageId::from_raw(said), DeliveryId::from_raw(1));
    EventKind::MessageQueued { message_id, delivery_id, kind: kind.to_owned(), said_at: at(said) }
}

/// (asked, answered) of each response, as the `seq`s of their events.
fn answers(episode: &Episode) -> Vec<(i64, i64)> {
    episode.responses.iter().map(|response| (response.asked.seq, response.answered.seq)).collect()
}

fn minutes(time: Option<Duration>) -> Option<u64> {
    time.map(|time| time.as_secs() / 60)
}

#[test]
fn a_contact_waits_from_the_oldest_message_that_nobody_answered() {
    let log = Log::new().contact(1).contact(2).ana(5).ana(6).contact(10).ana(30).finish(60);
    let [episode] = &log.episodes()[..] else { panic!("it is one episode") };
    // Events 2 and 3 are the contact's, 4 answers both, 5 answers nothing.
    assert_eq!(answers(episode), [(2, 4), (6, 7)]);
    let waited: Vec<_> = episode.responses.iter().map(|response| minutes(Some(response.waited()))).collect();
    assert_eq!(waited, [Some(4), Some(20)]);
    assert_eq!(episode.responses[0].by, Author::Attendant { id: AttendantId::from_raw(7) });
    assert_eq!((episode.received, episode.sent_by_people, episode.sent_by_host), (3, 3, 0));
    assert_eq!((minutes(episode.resolution()), episode.unanswered), (Some(60), None));
}

#[test]
fn an_automatic_answer_does_not_end_the_wait_for_a_person() {
    let log = Log::new().contact(1).host(1).contact(3).ana(9);
    let [episode] = &log.episodes()[..] else { panic!("it is one episode") };
    assert_eq!(answers(episode), [(2, 3), (2, 5)]);
    assert_eq!(episode.first_response().map(|response| response.by), Some(Author::Host));
    let person = episode.first_response_by_person().expect("Ana answered");
    assert_eq!(minutes(Some(person.waited())), Some(8));
    assert_eq!((episode.sent_by_people, episode.sent_by_host, episode.unanswered_by_people), (1, 1, None));
}

#[test]
fn what_nobody_answered_is_told_with_its_event() {
    let log = Log::new().contact(1).host(2).contact(5);
    let [episode] = &log.episodes()[..] else { panic!("it is one episode") };
    assert_eq!(episode.unanswered, Some(Mark { seq: 4, at: at(5) }));
    assert_eq!(episode.unanswered_by_people, Some(Mark { seq: 2, at: at(1) }));
    assert_eq!(episode.resolution(), None);
}

#[test]
fn a_reopened_one_has_its_own_times_and_the_first_keeps_its_own() {
    let log = Log::new().contact(1).ana(3).finish(10).reopen(100).contact(100).ana(107).finish(110);
    let [first, second] = &log.episodes()[..] else { panic!("it is two episodes") };
    assert_eq!((minutes(first.resolution()), minutes(second.resolution())), (Some(10), Some(10)));
    assert_eq!((first.reopened, second.reopened), (false, true));
    let waited = |episode: &Episode| minutes(episode.first_response().map(Response::waited));
    assert_eq!((waited(first), waited(second)), (Some(2), Some(7)));
    // A question that was left open when the talk was finished is not waited for in the next episode.
    let log = Log::new().contact(1).finish(10).reopen(100).contact(100).ana(101);
    let [first, second] = &log.episodes()[..] else { panic!("it is two episodes") };
    assert_eq!((first.unanswered.map(|mark| mark.at), waited(second)), (Some(at(1)), Some(1)));
}

#[test]
fn the_first_end_stays_and_a_restore_as_finished_is_one() {
    let archived = EventKind::AttendanceFinished { disposition: Disposition::Archive };
    let log = Log::new().finish(10).then(20, Actor::Host, archived);
    assert_eq!(minutes(log.episodes()[0].resolution()), Some(10));
    let restored = |restored_as| EventKind::AttendanceRestored { restored_as };
    let log = Log::new().then(5, ANA, restored(RestoreAs::ItWas)).then(9, Actor::Host, restored(RestoreAs::Finished));
    let end = log.episodes()[0].finished.expect("it is finished");
    assert_eq!((end.mark, end.actor), (Mark { seq: 3, at: at(9) }, Actor::Host));
}

#[test]
fn reactions_notices_calls_and_notes_neither_ask_nor_answer() {
    let mut log = Log::new();
    for kind in ["reaction", "edit", "revoke", "system", "call"] {
        log = log.then(1, Actor::Platform, received(kind, 1));
    }
    log = log.contact(2).then(3, ANA, queued("reaction", 3)).then(3, Actor::Platform, echoed("edit", 3));
    log = log.then(4, ANA, EventKind::NoteWritten { note_id: NoteId::from_raw(1), mentions: Vec::new() });
    let [episode] = &log.episodes()[..] else { panic!("it is one episode") };
    assert_eq!((episode.received, episode.sent_by_people, answers(episode)), (1, 0, Vec::new()));
}

#[test]
fn messages_stand_by_the_platforms_time_and_not_by_their_arrival() {
    // Said in minute 1, stored in minute 50, answered in minute 51.
    let log = Log::new().then(50, Actor::Platform, received("text", 1)).ana(51);
    assert_eq!(minutes(log.episodes()[0].first_response().map(Response::waited)), Some(50));
    // What was typed on the phone before a message was said does not answer it, though it came after.
    let log = Log::new().contact(10).then(11, Actor::Platform, echoed("text", 9)).ana(12);
    assert_eq!(answers(&log.episodes()[0]), [(2, 4)]);
    // A clock of ours that is behind makes no negative time.
    let log = Log::new().contact(10).then(11, ANA, queued("text", 9));
    assert_eq!(minutes(log.episodes()[0].first_response().map(Response::waited)), Some(0));
}

#[test]
fn an_answer_counts_for_the_department_where_it_was_given() {
    let moved = |from, to| EventKind::AttendanceTransferred { from, to, assignee_before: None, assignee_id: None };
    let log = Log::new().contact(1).ana(2).then(3, ANA, moved(SALES, SUPPORT)).contact(4).ana(5).finish(6);
    let log = log.reopen(7).contact(7).ana(8);
    let found = log.episodes();
    let departments: Vec<_> = found.iter().flat_map(|episode| &episode.responses).map(|r| r.department_id).collect();
    assert_eq!(departments, [Some(SALES), Some(SUPPORT), Some(SUPPORT)]);
    assert_eq!(found[0].department_id, Some(SUPPORT));
}

#[test]
fn events_of_others_and_events_taken_before_change_nothing() {
    let log = Log::new().contact(1).ana(2);
    let mut times = Times::of(ID);
    for event in log.0.iter().chain(&log.0) {
        times.take(&Event { attendance_id: Some(AttendanceId::from_raw(2)), seq: event.seq + 100, ..event.clone() });
        times.take(&Event { attendance_id: None, ..event.clone() });
        times.take(event);
    }
    assert_eq!(times.episodes(), log.episodes());
}

fn kind() -> impl Strategy<Value = (Actor, EventKind)> {
    let word = prop::sample::select(vec!["text", "image", "template", "reaction", "call"]);
    let minute = 0..60i64;
    prop_oneof![
        6 => (word.clone(), minute.clone()).prop_map(|(kind, said)| (Actor::Platform, received(kind, said))),
        3 => (word.clone(), minute.clone()).prop_map(|(kind, said)| (ANA, queued(kind, said))),
        2 => (word.clone(), minute.clone()).prop_map(|(kind, said)| (Actor::Host, queued(kind, said))),
        2 => (word, minute).prop_map(|(kind, said)| (Actor::Platform, echoed(kind, said))),
        1 => Just((ANA, EventKind::AttendanceFinished { disposition: Disposition::Keep })),
        1 => Just((Actor::Host, EventKind::AttendanceRestored { restored_as: RestoreAs::Finished })),
        1 => Just((Actor::Platform, EventKind::AttendanceReopened { released: None })),
        1 => Just((ANA, EventKind::StatusChanged { from: None, to: None })),
    ]
}

fn log() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(kind(), 0..40).prop_map(|kinds| {
        let next = |log: Log, (minute, (actor, kind)): (i64, (Actor, EventKind))| log.then(minute, actor, kind);
        (1..).zip(kinds).fold(Log::new(), next).0
    })
}

/// What the contact said or we answered, as (seq, instant, author).
fn said(event: &Event) -> Option<(Mark, Author)> {
    let mark = |at: &Timestamp| Mark { seq: event.seq, at: *at };
    match &event.kind {
        EventKind::MessageReceived { kind, said_at, .. } if is_said(kind) => Some((mark(said_at), Author::Contact)),
        EventKind::MessageEchoed { kind, said_at, .. } if is_said(kind) => Some((mark(said_at), Author::Device)),
        EventKind::MessageQueued { kind, said_at, .. } if is_said(kind) => {
            let by = event.actor.attendant().map_or(Author::Host, |id| Author::Attendant { id });
            Some((mark(said_at), by))
        }
        _ => None,
    }
}

/// The answers of a stretch of log by their definition: each looks back over everything before it.
fn by_definition(stretch: &[Event]) -> Vec<(Author, Mark, Mark)> {
    let said: Vec<_> = stretch.iter().filter_map(said).collect();
    let answers = |(answer, by): &(Mark, Author), asked: &Mark| {
        asked.seq < answer.seq && (*by != Author::Device || asked.at <= answer.at)
    };
    let mut found = Vec::new();
    for answer in said.iter().filter(|(_, by)| by.is_ours()) {
        let before = said.iter().filter(|(mark, by)| by.is_ours() && mark.seq < answer.0.seq);
        let earlier: Vec<_> = before.filter(|(_, by)| *by != Author::Host || answer.1 == Author::Host).collect();
        let asked = said
            .iter()
            .filter(|(_, by)| *by == Author::Contact)
            .map(|(mark, _)| *mark)
            .filter(|asked| answers(answer, asked) && !earlier.iter().any(|earlier| answers(earlier, asked)))
            .min_by_key(|asked| (asked.at, asked.seq));
        found.extend(asked.map(|asked| (answer.1, asked, answer.0)));
    }
    found
}

/// The stretches between a beginning and an end.
fn stretches(log: &[Event]) -> Vec<Vec<Event>> {
    let mut found: Vec<Vec<Event>> = Vec::new();
    let mut open = false;
    for event in log {
        match &event.kind {
            EventKind::AttendanceCreated { .. } | EventKind::AttendanceReopened { .. } => {
                found.push(Vec::new());
                open = true;
            }
            EventKind::AttendanceFinished { .. } | EventKind::AttendanceRestored { .. } => open = false,
            _ if open => found.last_mut().expect("one was begun").push(event.clone()),
            _ => {}
        }
    }
    found
}

proptest! {
    /// Invariant 11: a fold that was stored anywhere in the log and taken up again comes to what the whole log comes to.
    #[test]
    fn times_kept_as_the_log_grew_are_those_of_the_whole_log(log in log(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(log.len());
        let mut kept = Times::of(ID);
        log[..cut].iter().for_each(|event| kept.take(event));
        let stored = serde_json::to_string(&kept).unwrap();
        let mut kept: Times = serde_json::from_str(&stored).unwrap();
        // A feed may begin again a little before the place where it was left.
        log[cut.saturating_sub(3)..].iter().for_each(|event| kept.take(event));
        let whole = episodes(ID, &log);
        prop_assert_eq!(kept.episodes(), &whole[..]);
        prop_assert_eq!(episodes(ID, &log), whole);
    }

    /// The fold finds the answers that their definition finds.
    #[test]
    fn the_fold_is_the_definition(log in log()) {
        let folded: Vec<Vec<_>> = episodes(ID, &log)
            .iter()
            .map(|episode| episode.responses.iter().map(|r| (r.by, r.asked, r.answered)).collect())
            .collect();
        let defined: Vec<_> = stretches(&log).iter().map(|stretch| by_definition(stretch)).collect();
        prop_assert_eq!(folded, defined);
    }
}
