//! The window at its edges, and its laws.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::channel::ChannelKind;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MARGIN: Duration = Duration::from_secs(60);

fn t(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

fn known(now: Timestamp) -> WindowClock {
    WindowClock { now, known: true }
}

fn pair(facts: &[(Activity, i64)]) -> Pair {
    let mut pair = Pair::new(ChannelId::from_raw(1), IdentityId::from_raw(2), ContactId::from_raw(3));
    let rules = ChannelKind::WhatsApp.rules();
    for (activity, at) in facts {
        pair.record(&rules, *activity, t(*at));
    }
    pair
}

fn window_of(pair: &Pair, clock: WindowClock) -> ServiceWindow {
    service_window(&ChannelKind::WhatsApp.rules(), pair.evidence(), clock)
}

#[test]
fn it_is_open_strictly_before_its_end_and_closed_at_it() {
    let pair = pair(&[(Activity::Message, 0)]);
    let until = t(0) + DAY - MARGIN;
    let open = ServiceWindow::Open { until: Some(until), by: Some(Activity::Message) };
    assert_eq!(window_of(&pair, known(until.shifted(-1))), open);
    assert_eq!(window_of(&pair, known(until)), ServiceWindow::Closed { since: Some(until) });
}

#[test]
fn nobody_wrote_means_never_opened() {
    let rules = ChannelKind::WhatsApp.rules();
    assert_eq!(service_window(&rules, WindowEvidence::default(), known(t(0))).word(), "never_opened");
    assert_eq!(window_of(&pair(&[]), known(t(0))).word(), "never_opened");
}

#[test]
fn a_platform_without_a_window_is_always_open() {
    let window = service_window(&ChannelKind::Email.rules(), WindowEvidence::default(), known(t(0)));
    assert_eq!(window, ServiceWindow::Open { until: None, by: None });
}

#[test]
fn a_timestamp_from_the_future_never_gives_more_than_the_full_length() {
    let pair = pair(&[(Activity::Message, 3_600)]);
    assert_eq!(window_of(&pair, known(t(0))).until(), Some(t(0) + DAY - MARGIN));
}

#[test]
fn near_the_end_an_unseen_platform_clock_makes_it_uncertain() {
    let pair = pair(&[(Activity::Message, 0)]);
    let until = t(0) + DAY - MARGIN;
    let unknown = |now| WindowClock { now, known: false };
    let near = window_of(&pair, unknown(until - Duration::from_secs(5 * 60)));
    assert_eq!(near, ServiceWindow::Uncertain { until, why: Uncertainty::ClockUnknown });
    assert_eq!(window_of(&pair, unknown(t(3_600))).word(), "open");
}

#[test]
fn what_the_platform_does_not_say_is_uncertain() {
    for activity in [Activity::Reaction, Activity::Unsupported, Activity::CallPermission, Activity::Edit] {
        let window = window_of(&pair(&[(activity, 0)]), known(t(60)));
        assert!(
            matches!(window, ServiceWindow::Uncertain { why: Uncertainty::Activity { .. }, .. }),
            "{activity:?} {window:?}"
        );
    }
}

#[test]
fn what_is_not_the_contacts_doing_opens_nothing() {
    for activity in [Activity::System, Activity::Echo, Activity::ReactionRemoved] {
        assert_eq!(window_of(&pair(&[(activity, 0)]), known(t(60))).word(), "never_opened", "{activity:?}");
    }
}

#[test]
fn a_tap_an_order_and_a_call_open_it_as_a_message_does() {
    for activity in [Activity::Tap, Activity::Order, Activity::Call, Activity::AcceptedCall] {
        assert_eq!(window_of(&pair(&[(activity, 0)]), known(t(60))).word(), "open", "{activity:?}");
    }
}

#[test]
fn the_platforms_refusal_closes_it_unless_newer_evidence_stands_against_it() {
    let mut pair = pair(&[(Activity::Message, 0)]);
    assert!(pair.close(t(100)));
    assert_eq!(window_of(&pair, known(t(200))), ServiceWindow::Closed { since: Some(t(100)) });
    let rules = ChannelKind::WhatsApp.rules();
    assert!(pair.record(&rules, Activity::Message, t(150)));
    assert_eq!(window_of(&pair, known(t(200))).word(), "open");
    // A late refusal of an older send does not close it.
    assert!(!pair.close(t(120)));
    assert_eq!(window_of(&pair, known(t(200))).word(), "open");
}

fn facts() -> impl Strategy<Value = Vec<(Activity, i64)>> {
    let activity = prop_oneof![
        Just(Activity::Message),
        Just(Activity::Tap),
        Just(Activity::Reaction),
        Just(Activity::Unsupported),
        Just(Activity::System),
        Just(Activity::Echo),
    ];
    prop::collection::vec((activity, 0i64..200_000), 0..10)
}

proptest! {
    /// G-02: the order in which evidence arrives does not matter, and repeats change nothing.
    #[test]
    fn any_order_of_the_same_evidence_gives_the_same_window(facts in facts(), now in 0i64..300_000, turn in 0usize..10) {
        let mut other = facts.clone();
        other.rotate_left(if facts.is_empty() { 0 } else { turn % facts.len() });
        other.reverse();
        other.extend(facts.iter().copied());
        let clock = known(t(now));
        let (a, b) = (window_of(&pair(&facts), clock), window_of(&pair(&other), clock));
        prop_assert_eq!(a.until(), b.until());
        prop_assert_eq!(a.word(), b.word());
    }

    /// More evidence never moves the end back.
    #[test]
    fn evidence_never_moves_the_end_back(facts in facts(), at in 0i64..200_000) {
        let clock = known(t(200_000));
        let before = window_of(&pair(&facts), clock).until();
        let mut more = facts.clone();
        more.push((Activity::Message, at));
        let after = window_of(&pair(&more), clock).until();
        // An uncertain window may become a certain one that ends earlier; one of the same kind never does.
        if matches!(window_of(&pair(&facts), clock), ServiceWindow::Open { .. }) {
            prop_assert!(after >= before);
        }
    }

    /// Whatever was said and whenever, never more than the full length is shown.
    #[test]
    fn never_more_than_the_full_length_is_left(facts in facts(), now in -100_000i64..300_000) {
        let clock = known(t(now));
        if let Some(until) = window_of(&pair(&facts), clock).until() {
            prop_assert!(until <= clock.now + DAY);
        }
    }
}
