//! What every store must do: one function per rule, run on each store by [`store_conformance!`](crate::store_conformance).
//!
//! A case gets an empty store and panics when the store breaks its rule. Cases write only rows whose references exist
//! by the end of the change set that needs them, so a store may check references when it commits.
//!
//! What the port leaves open is decided here; the case named at the end of each line fails on another reading.
//!
//! - Versions are compared before unique keys (`rows::a_stale_version_is_told_before_a_taken_key`). A row that is not
//!   there has version 0. `Template::version` counts forms and is not compared
//!   (`templates::the_version_of_a_template_is_not_compared`).
//! - The rows of a change set are written one after another, and each must be allowed when it is written
//!   (`attendances::one_may_open_after_another_was_finished_in_the_same_change_set`). References need hold only at the
//!   end (`rows::a_row_may_come_before_the_one_it_refers_to`).
//! - The `field` of `Conflict::Taken` is `open_attendance`, `wamid`, `template`, `handle`, `kept` or `request`.
//! - A change set that is refused leaves nothing, and the unit of work may go on
//!   (`units::work_may_go_on_after_a_conflict`).
//! - The last event of a change set carries `touched`: the row references of the whole change set, sorted, each once.
//!   The other events carry none (`events::the_last_event_carries_what_was_touched`).
//! - A change set without events gets no `seq`: `apply` returns the head (`events::rows_without_events_get_the_head`).
//! - An event without an actor, in a change set without one, is the engine's
//!   (`events::an_event_is_by_its_own_actor_or_the_change_sets`).
//! - Ends are inclusive for what fell due (`<= now`: deliveries, leases, graces, checks, parked facts) and exclusive for
//!   what still holds (an upload is held while `now < expires_at`, a grace blocks while `now < grace_until`).
//! - A delivery waits while another of its (channel, contact) is in flight, wherever that stands in the queue
//!   (`deliveries::one_in_flight_behind_keeps_its_queue_waiting_too`).
//!   Deliveries of equal `queue_order` go by id.
//! - `doubtful` lists only deliveries that have a grace; `parked` lists only facts that have an expiry
//!   (`due::ended_graces_are_listed_by_id`, `facts::facts_that_waited_in_vain_are_kept_by_key`).
//! - `last_finished` looks only at attendances that are finished now (`attendances::only_what_is_finished_now_was_finished_last`),
//!   `last_attendance` at when they were made (`attendances::the_last_attendance_is_by_time_of_making`). Ties go to the higher id.
//! - `next_due` counts a queued delivery only if it is the first of its queue and nothing in flight or with a grace is
//!   before it: it would have nothing to do earlier (`due::next_due_counts_only_the_first_of_each_queue`).
//! - A mark of what was seen has no version (`eyes::a_mark_replaces_the_one_before`). For nobody's eyes nothing is unseen,
//!   and what is asked for as unseen is nothing (`eyes::for_nobody_nothing_is_unseen`).
//! - A document that was dropped begins again at version 1, and dropping what is not there is nothing
//!   (`documents::a_dropped_document_is_gone_and_may_begin_again`).
//! - Snoozes end wherever the attendance lies and whatever its phase; one without an end never ends by itself
//!   (`snoozes::snoozes_that_are_over_come_by_their_end`).
//! - A text that names neither a contact nor a tag shows nothing (`inbox_filters::by_named_contacts_or_tags`); no words
//!   find nothing (`search::no_words_find_nothing`).
//! - A message is searched by [`Content::text`](guiche_core::content::Content::text) and a note by its text, as they are
//!   now; what a note said before is not searched (`search::a_changed_entry_is_found_by_its_new_words_only`).
//!   A contact that was merged is found by its own words
//!   (`contact_search::a_changed_contact_or_identity_is_found_by_its_new_words_only`).
//! - Rows of which no event tells are found as well (`search::what_no_event_tells_of_is_found_too`).
//! - What an erasure takes out may come again as new; a serial is never given again
//!   (`erasure::serials_are_never_given_again`), and taking out what is not there is nothing
//!   (`erasure::taking_out_what_is_not_there_is_nothing`).
//! - `acted` tells the earliest and latest time, whatever the order of the entries
//!   (`events::what_attendants_did_is_told_by_attendant`).
//! - Work does not enter its own store again; what happens then is not tested.

use guiche_core::error::{Conflict, Error};
use guiche_core::event::Event;
use guiche_core::store::{ChangeSet, NewEvent, Row, Snapshot, Store, UnitOfWork};

use crate::sample;

pub mod attendances;
pub mod contact_search;
pub mod contacts;
mod contents;
pub mod counts;
pub mod deliveries;
pub mod documents;
pub mod due;
pub mod erasure;
pub mod events;
pub mod eyes;
pub mod facts;
pub mod inbox;
pub mod inbox_filters;
pub mod messages;
pub mod requests;
pub mod rows;
pub mod search;
pub mod setup;
pub mod snoozes;
pub mod templates;
pub mod threads;
pub mod units;
pub mod whole_rows;

/// A case: its name with its group, and what runs it.
pub type Case = (&'static str, fn(&dyn Store));

/// All cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    crate::store_conformance!(@cases list [])
}

/// No ids.
const NONE: [i64; 0] = [];

/// More rows than any case writes.
const MANY: u32 = 1_000;

/// What `work` reads.
fn read<T>(store: &dyn Store, mut work: impl FnMut(&dyn Snapshot) -> Result<T, Error>) -> T {
    let mut found = None;
    let read = store.read(&mut |snapshot| {
        found = Some(work(snapshot)?);
        Ok(())
    });
    read.expect("the store reads");
    found.expect("the store ran the work")
}

/// What `work` returns, once it is committed.
fn write<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn UnitOfWork) -> Result<T, Error>) -> Result<T, Error> {
    let mut done = None;
    store.write(&mut |unit| {
        done = Some(work(unit)?);
        Ok(())
    })?;
    Ok(done.expect("the store ran the work"))
}

/// Applies a change set in a unit of its own.
fn try_apply(store: &dyn Store, changes: &ChangeSet) -> Result<i64, Error> {
    write(store, |unit| unit.apply(changes))
}

/// Writes rows and events that are allowed.
fn apply(store: &dyn Store, rows: Vec<Row>, events: Vec<NewEvent>) -> i64 {
    try_apply(store, &sample::changes(rows, events)).expect("the change set is allowed")
}

/// Writes rows that are allowed.
fn put(store: &dyn Store, rows: impl IntoIterator<Item = Row>) {
    apply(store, rows.into_iter().collect(), Vec::new());
}

/// The conflict of rows that are not allowed.
fn refused(store: &dyn Store, rows: impl IntoIterator<Item = Row>) -> Conflict {
    let changes = sample::changes(rows.into_iter().collect(), Vec::new());
    conflict(try_apply(store, &changes))
}

fn conflict<T>(result: Result<T, Error>) -> Conflict {
    match result {
        Err(Error::Conflict(conflict)) => conflict,
        Err(other) => panic!("a conflict was expected, not `{}`", other.code()),
        Ok(_) => panic!("a conflict was expected, and it went through"),
    }
}

fn taken(field: &str) -> Conflict {
    Conflict::Taken { field: field.to_owned() }
}

fn changed(version: u32) -> Conflict {
    Conflict::Changed { version }
}

/// Writes the sample world.
fn world(store: &dyn Store) {
    put(store, sample::world());
}

/// Writes the sample world and one open attendance for each of the contacts 1 to 3, with the same number.
fn talks(store: &dyn Store) {
    world(store);
    put(store, (1..=3).map(|n| Row::Attendance(sample::attendance(n, n))));
}

fn all_events(store: &dyn Store) -> Vec<Event> {
    read(store, |snapshot| snapshot.events(0, MANY))
}

/// Makes one `#[test]` per case of the conformance suite.
///
/// `make` makes an empty store: a function or closure without arguments that returns a guard and a
/// `Box<dyn Store>`. The guard (a temporary directory, or `()`) is dropped after the store.
///
/// It makes a module per group; give it a module of its own if their names are taken.
///
/// ```
/// use guiche_core::memory::MemoryStore;
/// use guiche_core::store::Store;
///
/// guiche_testkit::store_conformance!(|| ((), Box::new(MemoryStore::new()) as Box<dyn Store>));
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! store_conformance {
    // The one list of the cases. `conformance::tests` fails when a case is missing from it.
    (@cases $then:ident [$($arg:tt)*]) => {
        $crate::store_conformance! { @$then [$($arg)*]
            rows {
                an_empty_store_has_nothing
                a_list_of_at_most_none_is_empty
                versions_of_a_contact_count_by_one
                versions_of_an_identity_count_by_one
                versions_of_a_pair_count_by_one
                versions_of_an_attendance_count_by_one
                versions_of_a_delivery_count_by_one
                versions_of_a_channel_state_count_by_one
                versions_of_a_document_count_by_one
                a_stale_version_is_told_before_a_taken_key
                a_row_may_be_written_twice_in_one_change_set
                a_row_may_come_before_the_one_it_refers_to
                putting_a_row_replaces_all_of_it
                a_unit_reads_what_it_wrote
                rows_of_different_kinds_share_no_ids
            }
            whole_rows {
                a_contact_is_read_back_whole
                an_identity_is_read_back_whole
                a_pair_is_read_back_whole
                an_attendance_is_read_back_whole
                a_message_is_read_back_whole
                a_note_is_read_back_whole
                a_document_is_read_back_whole
                a_delivery_is_read_back_whole
                a_template_is_read_back_whole
                parked_and_kept_are_read_back_whole
                an_event_is_read_back_whole
                large_ids_and_old_instants_are_kept
                an_event_may_name_what_is_gone
            }
            attendances {
                a_second_open_one_of_a_channel_and_contact_is_a_conflict
                another_channel_or_contact_has_its_own_open_one
                finished_and_trashed_ones_do_not_count_as_open
                finishing_makes_room_and_reopening_needs_it
                the_open_one_does_not_stand_in_its_own_way
                one_may_open_after_another_was_finished_in_the_same_change_set
                an_attendance_that_changes_its_contact_is_found_at_the_new_one
                the_last_finished_one_is_by_time_of_finishing
                the_last_finished_one_may_lie_in_the_trash
                only_what_is_finished_now_was_finished_last
                the_last_attendance_is_by_time_of_making
                the_history_of_a_contact_is_all_of_theirs
                ids_of_attendances_come_in_pages
            }
            contacts {
                contacts_come_in_pages_by_descending_id
                every_handle_leads_to_its_identity
                handles_differ_by_each_of_their_parts
                a_handle_that_leads_to_another_identity_is_a_conflict
                identities_of_a_contact_come_by_id
                an_identity_that_changes_its_contact_is_found_there
                contacts_that_share_a_match_key_come_by_id
                a_pair_is_found_by_its_channel_and_identity
                pairs_to_check_are_those_due_the_earliest_first
                a_pair_is_due_at_its_latest_check_only
                names_are_kept_as_written
            }
            messages {
                messages_are_shown_by_the_time_they_were_said
                within_an_instant_the_tie_decides_byte_by_byte
                a_page_of_messages_begins_before_its_place
                pages_of_messages_add_up
                messages_of_other_attendances_are_not_shown
                a_changed_message_replaces_the_one_before
                a_wamid_is_unique_within_its_channel
                a_message_that_changes_its_wamid_frees_the_old_one
                messages_without_a_wamid_do_not_collide
                notes_come_in_pages_by_descending_position
                notes_and_messages_never_mix
                a_note_is_found_by_its_id
                a_changed_note_replaces_the_one_before
            }
            deliveries {
                only_the_first_of_each_queue_may_be_claimed
                what_is_not_yet_due_waits_and_is_not_overtaken
                the_longest_due_may_be_claimed_first
                the_queue_is_by_queue_order_then_id
                stopped_channels_are_left_out
                one_in_flight_keeps_its_queue_waiting
                one_in_flight_behind_keeps_its_queue_waiting_too
                one_in_doubt_blocks_until_its_grace_is_over
                one_in_doubt_blocks_nobody_before_it
                every_grace_before_it_must_be_over
                what_is_over_or_held_blocks_nobody
                one_put_off_keeps_its_place
                one_that_changes_its_contact_changes_its_queue
                queued_ones_of_an_attendance_come_in_order
                deliveries_in_a_state_come_in_pages
                a_wamid_leads_to_one_delivery_of_its_channel
                a_message_and_a_delivery_may_share_a_wamid
            }
            due {
                lapsed_leases_are_listed_by_id
                ended_graces_are_listed_by_id
                the_next_thing_to_do_is_the_earliest_of_all
                a_fact_that_waited_in_vain_is_nothing_to_do
                a_stopped_channel_has_no_due_deliveries_but_leases_and_graces
                next_due_counts_only_the_first_of_each_queue
            }
            templates {
                a_template_is_found_by_its_key
                a_second_template_with_a_key_is_a_conflict
                a_template_that_changes_its_key_frees_the_old_one
                the_version_of_a_template_is_not_compared
                templates_of_an_account_come_by_name_then_language
            }
            facts {
                facts_wait_for_their_message
                a_fact_with_the_same_key_replaces_the_one_before
                an_unparked_fact_is_gone
                expired_facts_come_by_expiry
                facts_that_waited_in_vain_are_kept_by_key
                kept_elements_come_in_pages_by_descending_id
                an_element_is_kept_once
                an_upload_is_of_one_channel_and_type
                an_upload_is_there_until_it_expires
                the_state_of_a_channel_is_its_own
            }
            documents {
                a_document_is_found_by_its_kind_and_id
                documents_of_a_kind_come_in_pages_by_id
                documents_of_an_owner_come_in_pages_by_id
                a_document_that_changes_its_owner_is_found_there
                a_dropped_document_is_gone_and_may_begin_again
                documents_fall_due_the_earliest_first
                a_document_is_due_at_its_latest_time_only
            }
            setup {
                the_set_up_is_read_back_whole
                a_set_up_row_replaces_the_one_with_its_key
                a_unit_reads_the_set_up_it_changed
                a_failed_unit_leaves_the_set_up_as_it_was
                a_refused_change_set_leaves_the_set_up_as_it_was
            }
            inbox {
                a_row_shows_attendance_contact_and_pair
                a_row_shows_the_name_of_the_contact_as_it_is_now
                a_row_shows_the_pair_of_the_reply_route
                the_newest_activity_comes_first
                a_page_begins_after_its_place
                pages_add_up
                the_central_and_the_trash_are_two_lists
                a_sight_shows_what_the_predicate_says
                sight_comes_before_the_limit
                an_attendant_sees_their_own_everywhere
            }
            inbox_filters {
                by_phase
                by_assignee
                by_nobody_or_assignees
                by_channels
                by_named_contacts_or_tags
                by_very_many_named_contacts
                by_each_predicate_of_a_marker
                by_several_markers_at_once
                by_department_channel_and_contact
                by_status_and_type
                by_all_of_the_tags
                by_activity_from_and_until
                all_filters_hold_together
            }
            snoozes {
                a_list_may_leave_out_or_pick_what_is_put_off
                a_row_shows_its_snooze
                snoozes_that_are_over_come_by_their_end
                the_next_thing_to_do_may_be_the_end_of_a_snooze
            }
            eyes {
                a_mark_is_of_one_attendance_and_attendant
                a_mark_replaces_the_one_before
                a_row_says_what_is_unseen_for_the_eyes_that_look
                for_nobody_nothing_is_unseen
                what_is_unseen_comes_in_pages
                the_next_message_makes_it_unseen_again
            }
            counts {
                of_nothing_every_number_is_zero
                every_number_is_that_of_its_rows_over_all_pages
                the_numbers_of_a_small_central
                the_numbers_follow_every_change
                the_numbers_follow_what_was_seen
                the_numbers_of_what_failed_are_taken_back
                a_row_written_twice_is_counted_once
            }
            search {
                all_words_must_be_there_and_the_last_may_be_begun
                no_words_find_nothing
                what_was_stored_last_comes_first
                a_page_of_hits_begins_after_its_place
                messages_and_notes_are_searched_as_asked
                one_attendance_may_be_searched
                a_changed_entry_is_found_by_its_new_words_only
                accents_and_case_do_not_matter
                hostile_words_are_only_words
                long_words_and_texts_are_found
                every_kind_of_content_is_found_by_its_text
                what_the_index_has_not_seen_is_found_too
                what_no_event_tells_of_is_found_too
                words_of_every_script_are_found
                words_of_what_failed_are_not_found
                a_serial_is_given_once
            }
            contact_search {
                contacts_are_found_by_everything_that_names_them
                contacts_are_found_by_every_form_of_their_numbers
                a_changed_contact_or_identity_is_found_by_its_new_words_only
                contacts_are_found_by_who_sees_them
                contacts_of_what_failed_are_not_found
                hostile_names_are_only_names
            }
            events {
                events_are_numbered_without_gaps
                what_failed_uses_up_no_numbers
                the_feed_begins_after_the_cursor
                an_event_is_kept_as_given
                an_event_is_by_its_own_actor_or_the_change_sets
                the_last_event_carries_what_was_touched
                every_kind_of_row_is_told_as_touched
                what_attendants_did_is_told_by_attendant
                each_change_set_of_a_unit_tells_its_own_rows
                rows_without_events_get_the_head
                a_timeline_comes_in_pages_by_descending_position
                an_entry_of_the_timeline_is_the_event_of_the_feed
                a_refused_change_set_has_no_events
            }
            requests {
                an_answered_request_is_found_by_its_id
                a_request_is_answered_once
                a_refused_change_set_does_not_bind_its_request
            }
            erasure {
                an_erased_message_is_gone_and_its_event_stays
                an_erased_note_is_gone_and_its_event_stays
                what_is_erased_is_found_by_no_word
                serials_are_never_given_again
                an_erased_delivery_frees_its_queue
                handles_of_an_identity_are_told_and_taken_out
                match_keys_of_a_contact_are_told_and_taken_out
                an_erased_element_is_no_longer_kept
                uploads_of_a_file_are_told_and_taken_out
                requests_come_in_pages_and_are_taken_out
                an_event_tells_otherwise_and_keeps_its_place
                deliveries_and_events_of_attendances_are_told
                files_that_others_name_are_told
                taking_out_what_is_not_there_is_nothing
                an_erasure_that_fails_takes_nothing_out
                scrubbing_changes_nothing_that_is_read
            }
            units {
                work_that_fails_leaves_nothing
                a_change_set_is_applied_whole_or_not_at_all
                work_may_go_on_after_a_conflict
                a_conflict_that_is_passed_on_undoes_the_unit
                undoing_gives_back_what_was_there
                work_that_panics_leaves_nothing
                an_error_of_the_work_comes_back_as_it_is
                work_that_applies_nothing_changes_nothing
            }
            threads {
                writers_come_one_at_a_time
                only_one_of_many_opens_an_attendance
                a_read_is_of_one_moment
                a_commit_is_seen_by_every_later_read
            }
        }
    };
    (@list [] $($group:ident { $($case:ident)* })*) => {
        vec![$($(
            (
                concat!(stringify!($group), "::", stringify!($case)),
                $crate::conformance::$group::$case as fn(&dyn ::guiche_core::store::Store),
            ),
        )*)*]
    };
    (@tests [$make:expr] $($group:ident { $($case:ident)* })*) => {
        $(
            mod $group {
                #[allow(unused_imports)]
                use super::*;
                $(
                    #[test]
                    fn $case() {
                        let (guard, store) = ($make)();
                        $crate::conformance::$group::$case(&*store);
                        drop(store);
                        drop(guard);
                    }
                )*
            }
        )*
    };
    ($make:expr) => {
        $crate::store_conformance! { @cases tests [$make] }
    };
}

#[cfg(test)]
mod tests {
    /// A case that nobody lists would never run.
    #[test]
    fn every_case_is_listed() {
        let sources = [
            ("rows", include_str!("conformance/rows.rs")),
            ("whole_rows", include_str!("conformance/whole_rows.rs")),
            ("attendances", include_str!("conformance/attendances.rs")),
            ("contacts", include_str!("conformance/contacts.rs")),
            ("messages", include_str!("conformance/messages.rs")),
            ("deliveries", include_str!("conformance/deliveries.rs")),
            ("due", include_str!("conformance/due.rs")),
            ("templates", include_str!("conformance/templates.rs")),
            ("facts", include_str!("conformance/facts.rs")),
            ("documents", include_str!("conformance/documents.rs")),
            ("setup", include_str!("conformance/setup.rs")),
            ("inbox", include_str!("conformance/inbox.rs")),
            ("inbox_filters", include_str!("conformance/inbox_filters.rs")),
            ("snoozes", include_str!("conformance/snoozes.rs")),
            ("eyes", include_str!("conformance/eyes.rs")),
            ("counts", include_str!("conformance/counts.rs")),
            ("search", include_str!("conformance/search.rs")),
            ("contact_search", include_str!("conformance/contact_search.rs")),
            ("events", include_str!("conformance/events.rs")),
            ("requests", include_str!("conformance/requests.rs")),
            ("erasure", include_str!("conformance/erasure.rs")),
            ("units", include_str!("conformance/units.rs")),
            ("threads", include_str!("conformance/threads.rs")),
        ];
        let listed: Vec<_> = super::cases().into_iter().map(|(name, _)| name.to_owned()).collect();
        let mut written = Vec::new();
        for (group, source) in sources {
            for line in source.lines() {
                if let Some(rest) = line.strip_prefix("pub fn ") {
                    let case = rest.split('(').next().unwrap_or_default();
                    written.push(format!("{group}::{case}"));
                }
            }
        }
        assert_eq!(listed, written);
    }
}
