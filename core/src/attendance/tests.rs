//! One test per row of the table of transitions.

use proptest::prelude::*;

use super::*;

fn lands(phase: Phase, in_trash: bool, step: Step, on: Phase, then_in_trash: bool) {
    assert_eq!(
        transition(phase, in_trash, step).expect("the table allows it"),
        Landing { phase: on, in_trash: then_in_trash },
        "{phase:?} {step:?}"
    );
}

fn refused(phase: Phase, in_trash: bool, step: Step, code: &str) {
    let refusal = transition(phase, in_trash, step).expect_err("the table refuses it");
    assert_eq!(refusal.code(), code, "{phase:?} {step:?}");
}

const OPEN: [Phase; 3] = [Phase::Created, Phase::AwaitingContact, Phase::InConversation];
const ALL: [Phase; 4] = [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished];

#[test]
fn restoring_gives_back_the_phase_it_had() {
    for phase in ALL {
        lands(phase, true, Step::Restore(RestoreAs::ItWas), phase, false);
    }
}

#[test]
fn restoring_as_finished_finishes() {
    for phase in ALL {
        lands(phase, true, Step::Restore(RestoreAs::Finished), Phase::Finished, false);
    }
}

#[test]
fn what_lies_in_the_trash_can_be_described_but_not_used() {
    for phase in ALL {
        lands(phase, true, Step::Describe, phase, true);
        for step in [
            Step::SendFreeForm,
            Step::SendTemplate { window_open: true },
            Step::Route,
            Step::Finish(Disposition::Keep),
            Step::ContactWrote,
            Step::Reopen,
        ] {
            refused(phase, true, step, "attendance_trashed");
        }
        refused(phase, true, Step::Trash, "nothing_to_do");
    }
}

#[test]
fn only_the_trash_can_be_restored_from() {
    for phase in ALL {
        refused(phase, false, Step::Restore(RestoreAs::ItWas), "nothing_to_do");
    }
}

#[test]
fn trashing_never_changes_the_phase() {
    for phase in ALL {
        lands(phase, false, Step::Trash, phase, true);
    }
}

#[test]
fn describing_never_changes_anything() {
    for phase in ALL {
        lands(phase, false, Step::Describe, phase, false);
    }
}

#[test]
fn finishing_with_keep_stays_and_with_archive_moves() {
    for phase in OPEN {
        lands(phase, false, Step::Finish(Disposition::Keep), Phase::Finished, false);
        lands(phase, false, Step::Finish(Disposition::Archive), Phase::Finished, true);
    }
    lands(Phase::Finished, false, Step::Finish(Disposition::Archive), Phase::Finished, true);
    refused(Phase::Finished, false, Step::Finish(Disposition::Keep), "nothing_to_do");
}

#[test]
fn a_finished_attendance_sends_and_moves_nothing() {
    for step in [Step::SendFreeForm, Step::SendTemplate { window_open: true }, Step::Route, Step::ContactWrote] {
        refused(Phase::Finished, false, step, "attendance_finished");
    }
}

#[test]
fn the_reopen_policy_takes_up_a_finished_attendance() {
    lands(Phase::Finished, false, Step::Reopen, Phase::InConversation, false);
}

#[test]
fn the_contacts_word_opens_the_conversation() {
    for phase in OPEN {
        lands(phase, false, Step::ContactWrote, Phase::InConversation, false);
        lands(phase, false, Step::Reopen, Phase::InConversation, false);
    }
}

#[test]
fn a_template_awaits_the_contact_unless_the_talk_is_running() {
    for window_open in [true, false] {
        lands(Phase::Created, false, Step::SendTemplate { window_open }, Phase::AwaitingContact, false);
        lands(Phase::AwaitingContact, false, Step::SendTemplate { window_open }, Phase::AwaitingContact, false);
    }
    lands(Phase::InConversation, false, Step::SendTemplate { window_open: true }, Phase::InConversation, false);
    lands(Phase::InConversation, false, Step::SendTemplate { window_open: false }, Phase::AwaitingContact, false);
}

#[test]
fn free_text_that_the_window_allows_is_conversation() {
    for phase in OPEN {
        lands(phase, false, Step::SendFreeForm, Phase::InConversation, false);
    }
}

#[test]
fn routing_never_changes_phase_or_place() {
    for phase in OPEN {
        lands(phase, false, Step::Route, phase, false);
    }
}

fn attendance(phase: Phase, inbound: u32) -> Attendance {
    let at = Timestamp::from_millis(0);
    Attendance {
        id: AttendanceId::from_raw(1),
        version: 1,
        channel_id: ChannelId::from_raw(1),
        contact_id: ContactId::from_raw(1),
        identity_id: IdentityId::from_raw(1),
        department_id: DepartmentId::from_raw(1),
        assignee_id: None,
        assigned_at: None,
        phase,
        placement: Placement::Central,
        status_id: None,
        type_id: None,
        tags: BTreeSet::new(),
        attributes: BTreeMap::new(),
        previous_id: None,
        created_at: at,
        last_activity_at: at,
        last_inbound_at: None,
        finished_at: None,
        inbound,
        snooze: None,
        entries: 0,
        newest_message_at: None,
        out_of_order: false,
        preview: Preview::default(),
    }
}

fn mark(inbound: u32, unseen: bool) -> SeenMark {
    SeenMark { attendance_id: AttendanceId::from_raw(1), attendant_id: AttendantId::from_raw(1), inbound, unseen }
}

proptest! {
    /// Who opens it has seen it, and the contact's next message or their own mark makes it unseen again (I-05).
    #[test]
    fn opening_makes_it_seen_until_the_contact_writes(phase in prop::sample::select(&OPEN), inbound in 0..u32::MAX) {
        let row = attendance(phase, inbound);
        prop_assert!(!row.is_unseen(Some(&mark(inbound, false))));
        prop_assert!(row.is_unseen(Some(&mark(inbound, true))));
        prop_assert!(attendance(phase, inbound + 1).is_unseen(Some(&mark(inbound, false))));
    }

    /// Who never opened it is like somebody who saw nothing of it.
    #[test]
    fn no_mark_is_a_mark_of_nothing(phase in prop::sample::select(&ALL), inbound in any::<u32>()) {
        let row = attendance(phase, inbound);
        prop_assert_eq!(row.is_unseen(None), row.is_unseen(Some(&mark(0, false))));
    }

    /// What is finished waits for nobody's eyes, whatever was marked.
    #[test]
    fn what_is_finished_is_unseen_by_nobody(inbound in any::<u32>(), seen in any::<u32>(), unseen in any::<bool>()) {
        let row = attendance(Phase::Finished, inbound);
        prop_assert!(!row.is_unseen(None) && !row.is_unseen(Some(&mark(seen, unseen))));
    }

    /// The contact's messages make nothing seen, and seeing more makes nothing unseen.
    #[test]
    fn more_messages_never_hide_and_more_looking_never_shows(
        phase in prop::sample::select(&ALL), (less, more) in (any::<u32>(), any::<u32>()), inbound in any::<u32>(),
        unseen in any::<bool>(),
    ) {
        let (less, more) = (less.min(more), less.max(more));
        let looked = mark(inbound, unseen);
        prop_assert!(!attendance(phase, less).is_unseen(Some(&looked)) || attendance(phase, more).is_unseen(Some(&looked)));
        let row = attendance(phase, inbound);
        prop_assert!(!row.is_unseen(Some(&mark(more, unseen))) || row.is_unseen(Some(&mark(less, unseen))));
    }
}
