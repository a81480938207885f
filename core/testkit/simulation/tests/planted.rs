//! A fault is planted in the product for each invariant, and the simulation finds it: what could not fail would prove
//! nothing.

use guiche_simulation::{STEPS, Spoil, plan, run_plan};

/// That a run breaks one of these invariants. Others may notice a fault first; that does not count.
fn finds(spoil: Spoil, invariants: &[&str]) {
    const RUNS: u64 = 60;
    let mut others = Vec::new();
    for seed in 1..=RUNS {
        let run = run_plan(seed, &plan::plan(seed, STEPS), Some(spoil));
        match run.broken {
            Some(broken) if invariants.contains(&broken.invariant) => return,
            other => others.extend(other.map(|broken| broken.invariant)),
        }
    }
    panic!("{RUNS} runs did not find {spoil:?}, but {others:?}");
}

macro_rules! planted {
    ($($(#[$doc:meta])* $name:ident: $spoil:ident => $($invariant:literal)|+;)+) => {
        $($(#[$doc])* #[test]
        fn $name() {
            finds(Spoil::$spoil, &[$($invariant),+]);
        })+

        #[test]
        fn every_fault_has_its_test() {
            let tested = [$(Spoil::$spoil),+];
            for spoil in Spoil::ALL {
                assert!(tested.contains(&spoil), "{spoil:?} is not planted");
            }
        }
    };
}

planted! {
    an_element_that_the_decoder_loses_is_missed: DecoderLosesElement => "1 accounted" | "1 lost";
    a_message_that_is_not_written_is_missed: StoreDropsMessage => "1 lost" | "1 accounted";
    a_commit_that_is_not_kept_is_missed: StoreForgetsCommit => "1 lost" | "2 kept" | "events" | "request" | "5 facts" | "8 restore" | "replay" | "10 claim";
    free_text_in_a_closed_window_is_seen: DecoderShiftsTime => "4 window";
    a_message_sent_twice_is_seen: PortSendsTwice => "4 doubled";
    a_forgotten_receipt_is_missed: StoreForgetsReceipts => "5 status" | "5 facts";
    two_open_attendances_of_one_contact_are_seen: StoreReopens => "3 one open";
    a_note_that_goes_out_is_seen: PortTellsNotes => "6 notes";
    a_list_that_shows_what_may_not_be_opened_is_seen: InboxShowsAll => "7 sight";
    a_side_bar_that_counts_wrong_is_seen: CountsOneMore => "7 counts";
    what_comes_back_otherwise_is_seen: RestoreDropsTags => "8 restore";
    a_merge_that_moves_replies_is_seen: MergeMovesAddress => "9 merge";
    two_winners_of_one_claim_are_seen: ClaimIsBlind => "10 claim";
    a_press_that_counts_twice_is_seen: RequestsAreForgotten => "request";
    a_gap_in_the_feed_is_seen: FeedSkips => "events";
    a_second_machine_that_comes_to_something_else_is_seen: ReplayReadsOtherwise => "replay";
    an_order_that_matters_is_seen: ArrivalDecides => "2 permuted";
    words_that_an_erasure_leaves_are_found: ErasureLeavesWords => "12 erased";
    traces_that_an_erasure_leaves_are_found: ErasureLeavesTraces => "12 erased";
    an_erasure_that_takes_of_others_is_seen: ErasureTakesMore => "12 others";
}
