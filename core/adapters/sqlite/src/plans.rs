//! How SQLite runs each query: by which index, without sorting and without walking a table.

use guiche_core::attendance::Phase;
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, MarkerId, StatusId, TagId,
};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::{CountQuery, InboxQuery, Named};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, StatementStatus};

use crate::options::SqliteOptions;
use crate::{
    attendance, channel, connect, contact, counter, counts, delivery, document, entry, event, inbox, pair, parked,
    request, schema, search, template, unit,
};

fn database() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    connect::configure(&conn, &SqliteOptions::default()).unwrap();
    schema::migrate(&mut conn).unwrap();
    conn
}

/// The lines of a plan.
fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for parameter in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(parameter, 1).unwrap();
    }
    let mut rows = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        lines.push(row.get::<_, String>(3).unwrap());
    }
    lines
}

/// Fails unless the plan names every one of `expected`, and neither sorts nor walks more than the query asks for.
fn check(conn: &Connection, sql: &str, expected: &[&str]) {
    let lines = plan(conn, sql);
    let whole = lines.join("\n");
    for name in expected {
        assert!(whole.contains(name), "{name} is not in the plan of {sql}\n{whole}");
    }
    assert!(!whole.contains("TEMP B-TREE"), "{sql}\nsorts:\n{whole}");
    // A long list that is bound is walked once.
    for line in lines.iter().filter(|line| line.starts_with("SCAN") && !line.starts_with("SCAN json_each")) {
        // Walking an index in order, up to a limit, is what some queries are for: they name it.
        assert!(expected.iter().any(|name| line.contains(name)), "{sql}\nwalks:\n{whole}");
    }
}

#[test]
fn what_a_webhook_reads_is_found_by_key() {
    let conn = database();
    // The newest event comes first.
    check(&conn, unit::HEAD, &["SCAN e", "SEARCH h USING INTEGER PRIMARY KEY"]);
    const HANDLE: &str = "SEARCH h USING PRIMARY KEY (value=? AND key=? AND kind=? AND scope=?)";
    check(
        &conn,
        contact::BY_HANDLE,
        &[HANDLE, "SEARCH i USING INTEGER PRIMARY KEY", "SEARCH c USING INTEGER PRIMARY KEY"],
    );
    check(&conn, contact::ID_BY_HANDLE, &["handle USING PRIMARY KEY (value=? AND key=? AND kind=? AND scope=?)"]);
    check(&conn, contact::CONTACT, &["SEARCH c USING INTEGER PRIMARY KEY"]);
    check(&conn, attendance::OPEN, &["SEARCH attendance USING INDEX attendance_open (contact_id=? AND channel_id=?)"]);
    check(&conn, pair::BY_KEY, &["SEARCH pair USING PRIMARY KEY (identity_id=? AND channel_id=?)"]);
    check(&conn, entry::BY_WAMID, &["entry_wamid (wamid=? AND channel_id=?)"]);
    check(&conn, delivery::BY_WAMID, &["delivery_wamid (wamid=? AND channel_id=?)"]);
    check(&conn, parked::WAITING, &["PRIMARY KEY (channel_id=? AND target=?)"]);
    check(&conn, parked::IS_KEPT, &["kept_key (key=?)"]);
    check(&conn, channel::STATE, &["INTEGER PRIMARY KEY"]);
}

#[test]
fn what_a_webhook_writes_is_found_by_key() {
    let conn = database();
    check(&conn, attendance::UPDATE_TALK, &["SEARCH attendance USING INTEGER PRIMARY KEY"]);
    check(&conn, pair::UPDATE_UNCHECKED, &["SEARCH pair USING PRIMARY KEY (identity_id=? AND channel_id=?)"]);
    check(&conn, delivery::UPDATE_RECEIPTS, &["SEARCH delivery USING INTEGER PRIMARY KEY"]);
    check(&conn, contact::UPDATE_NAME, &["attendance_contact (contact_id=?)"]);
    // A new message asks for the last one before it.
    assert_eq!(plan(&conn, entry::INSERT_PLAIN), Vec::<String>::new());
    check(&conn, entry::INSERT, &["SEARCH entry USING PRIMARY KEY (attendance_id=?)", "SCAN (subquery"]);
}

#[test]
fn rows_and_lists_are_read_in_the_order_of_an_index() {
    let conn = database();
    for sql in [attendance::BY_ID, attendance::IDS, contact::CONTACTS, contact::IDENTITY, delivery::BY_ID] {
        check(&conn, sql, &["USING INTEGER PRIMARY KEY"]);
    }
    for sql in [template::BY_ID, parked::KEPT, event::AFTER] {
        check(&conn, sql, &["USING INTEGER PRIMARY KEY"]);
    }
    check(&conn, attendance::LAST, &["attendance_contact (contact_id=? AND channel_id=?)"]);
    check(
        &conn,
        attendance::SNOOZES_OVER,
        &["SEARCH attendance USING INDEX attendance_snooze (snooze_until>? AND snooze_until<?)"],
    );
    // Only ids of one contact are sorted, and they alone.
    const RANGE: &str = "SEARCH attendance USING COVERING INDEX attendance_contact (contact_id=?)";
    assert_eq!(
        plan(&conn, attendance::HISTORY),
        [
            "SEARCH attendance USING INTEGER PRIMARY KEY (rowid=?)",
            "LIST SUBQUERY 1",
            RANGE,
            "USE TEMP B-TREE FOR ORDER BY"
        ]
    );
    check(&conn, attendance::NEXT_SNOOZE, &["COVERING INDEX attendance_snooze (snooze_until>?)"]);
    check(&conn, attendance::SEEN, &["SEARCH seen USING PRIMARY KEY (attendance_id=? AND attendant_id=?)"]);
    check(&conn, document::BY_ID, &["SEARCH document USING PRIMARY KEY (kind=? AND id=?)"]);
    check(&conn, document::OF_KIND, &["SEARCH document USING PRIMARY KEY (kind=? AND id>?)"]);
    check(&conn, document::OF_OWNER, &["SEARCH document USING INDEX document_owner (kind=? AND owner=? AND id>?)"]);
    check(&conn, document::DUE, &["SEARCH document USING INDEX document_due (kind=? AND due_at"]);
    check(&conn, document::NEXT_DUE, &["COVERING INDEX document_due (kind=? AND due_at>?)"]);
    check(&conn, attendance::LAST_FINISHED, &["attendance_finished (contact_id=? AND channel_id=?)"]);
    check(&conn, contact::IDENTITIES, &["identity_contact (contact_id=?)"]);
    check(&conn, contact::BY_MATCH_KEY, &["PRIMARY KEY (key=?)"]);
    check(&conn, pair::TO_CHECK, &["pair_check (check_at"]);
    check(&conn, pair::NEXT_CHECK, &["pair USING COVERING INDEX pair_check (check_at>?)"]);
    check(&conn, template::BY_KEY, &["template_key (waba_id=? AND name=? AND language=?)"]);
    check(&conn, template::OF_ACCOUNT, &["template_key (waba_id=?)"]);
    check(&conn, parked::EXPIRED, &["parked_expiry (expires_at"]);
    check(&conn, parked::NEXT_EXPIRY, &["parked USING COVERING INDEX parked_expiry (expires_at>?)"]);
    check(&conn, parked::UNRESOLVED, &["SCAN parked"]);
    check(&conn, channel::UPLOAD, &["PRIMARY KEY (channel_id=? AND sha256=? AND mime_type=?)"]);
    check(&conn, request::BY_ID, &["PRIMARY KEY (id=?)"]);
}

#[test]
fn a_conversation_is_one_range() {
    let conn = database();
    const RANGE: &str = "SEARCH entry USING PRIMARY KEY (attendance_id=? AND position<?)";
    check(&conn, entry::IN_ORDER, &[RANGE]);
    check(&conn, entry::NOTES, &[RANGE]);
    check(&conn, entry::FOLLOWING, &["PRIMARY KEY (attendance_id=? AND position>?)"]);
    check(&conn, entry::IS_DISPLACED, &["entry_displaced (attendance_id=?)"]);
    check(&conn, entry::PLACE_BY_WAMID, &["entry_wamid (wamid=?"]);
    check(&conn, entry::PLACE_BY_ID, &["entry_message (message_id=?"]);
    check(&conn, entry::NOTE, &["entry_note (note_id=?)"]);
    check(&conn, entry::BY_ID, &["entry_message (message_id=?)"]);
    const EVENT: &str = "SEARCH e USING INTEGER PRIMARY KEY";
    check(&conn, entry::TIMELINE, &["SEARCH n USING PRIMARY KEY (attendance_id=? AND position<?)", EVENT]);
    check(&conn, entry::TIMELINE_ASIDE, &["SEARCH n USING PRIMARY KEY (attendance_id=? AND position<?)", EVENT]);
    check(&conn, entry::ACTED, &["SEARCH n USING PRIMARY KEY (attendance_id=?)", EVENT]);
    check(&conn, entry::ACTED_ASIDE, &["SEARCH n USING PRIMARY KEY (attendance_id=?)", EVENT]);
    // Only where something came late is anything sorted, and then only the attendance's own range.
    for sql in [entry::SORTED, entry::SORTED_BEFORE] {
        let lines = plan(&conn, sql);
        assert_eq!(lines, ["SEARCH entry USING PRIMARY KEY (attendance_id=?)", "USE TEMP B-TREE FOR ORDER BY"]);
    }
}

#[test]
fn queues_are_read_by_their_heads() {
    let conn = database();
    const IN_FLIGHT: &str = "SEARCH b USING COVERING INDEX delivery_queue (contact_id=? AND channel_id=? AND state=?)";
    const BEFORE: &str = "delivery_queue (contact_id=? AND channel_id=? AND state=? AND queue_order<?)";
    check(&conn, delivery::CLAIMABLE, &["SEARCH d USING INDEX delivery_due (due_at<?)", IN_FLIGHT, BEFORE]);
    check(&conn, delivery::NEXT_DUE, &["SCAN d USING INDEX delivery_due", IN_FLIGHT, BEFORE]);
    check(&conn, delivery::ENDED, &["delivery_open (state=?)"]);
    check(&conn, delivery::NEXT_END, &["COVERING INDEX delivery_open (state=?)"]);
    check(&conn, delivery::QUEUED, &["delivery_attendance (attendance_id=?)"]);
    check(&conn, delivery::IN_STATE, &["delivery_open (state=? AND id>?)"]);
}

fn everything() -> InboxQuery {
    InboxQuery::of(Sight::Everything, 50)
}

fn marker() -> MarkerFilter {
    MarkerFilter {
        phases: vec![Phase::InConversation],
        departments: vec![DepartmentId::from_raw(1)],
        assignees: vec![AttendantId::from_raw(1)],
        unassigned: true,
        channels: vec![ChannelId::from_raw(1)],
        statuses: vec![StatusId::from_raw(1), StatusId::from_raw(2)],
        types: vec![AttendanceTypeId::from_raw(1)],
        tags: [TagId::from_raw(1), TagId::from_raw(2)].into(),
        unseen: false,
    }
}

fn filtered() -> InboxQuery {
    let at = Timestamp::from_millis;
    let departments = |ids: &[i64]| ids.iter().copied().map(DepartmentId::from_raw).collect();
    InboxQuery {
        sight: Sight::Desk(DeskSight {
            attendant_id: AttendantId::from_raw(1),
            whole: departments(&[1]),
            unassigned: departments(&[2, 3, 4]),
            trash: true,
        }),
        department_id: Some(DepartmentId::from_raw(1)),
        assignees: vec![AttendantId::from_raw(1), AttendantId::from_raw(2), AttendantId::from_raw(3)],
        unassigned: true,
        channels: vec![ChannelId::from_raw(1), ChannelId::from_raw(2)],
        status_id: Some(StatusId::from_raw(1)),
        type_id: Some(AttendanceTypeId::from_raw(1)),
        tags: vec![TagId::from_raw(1), TagId::from_raw(2)],
        markers: vec![marker()],
        snoozed: Some(false),
        named: Some(Named { contacts: (1..1_000).map(ContactId::from_raw).collect(), tags: vec![TagId::from_raw(3)] }),
        from: Some(at(1)),
        until: Some(at(9)),
        after: Some((at(8), AttendanceId::from_raw(8))),
        ..everything()
    }
}

#[test]
fn a_page_walks_its_shelf_in_order_whatever_the_filter() {
    let conn = database();
    const PAIR: &str = "SEARCH p USING PRIMARY KEY (identity_id=? AND channel_id=?) LEFT-JOIN";
    for query in [everything(), filtered()] {
        let [open, kept] = &inbox::statements(&query)[..] else { panic!("two shelves") };
        // The open ones are read from their index alone.
        check(&conn, &open.text, &["COVERING INDEX attendance_inbox", PAIR]);
        check(&conn, &kept.text, &["INDEX attendance_kept", PAIR]);
        let trash = InboxQuery { trash: true, ..query.clone() };
        check(&conn, &inbox::statements(&trash)[0].text, &["INDEX attendance_trash", PAIR]);
        let phases = vec![Phase::Created, Phase::InConversation];
        let two_phases = inbox::statements(&InboxQuery { phases, ..query.clone() });
        assert_eq!(two_phases.len(), 1);
        check(&conn, &two_phases[0].text, &["COVERING INDEX attendance_inbox", PAIR]);
        let of_contact = InboxQuery { contact_id: Some(ContactId::from_raw(1)), ..query };
        check(&conn, &inbox::statements(&of_contact)[0].text, &["attendance_contact (contact_id=?", PAIR]);
    }
}

#[test]
fn what_is_unseen_is_asked_for_row_by_row_only_for_somebodys_eyes() {
    let conn = database();
    const SEEN: &str = "SEARCH s USING PRIMARY KEY (attendance_id=? AND attendant_id=?)";
    for query in [everything(), filtered()] {
        let query = InboxQuery { eyes: Some(AttendantId::from_raw(1)), ..query };
        let [open, kept] = &inbox::statements(&query)[..] else { panic!("two shelves") };
        check(&conn, &open.text, &["COVERING INDEX attendance_inbox", SEEN]);
        // What is finished is unseen by nobody.
        assert!(!plan(&conn, &kept.text).join(" ").contains("seen"));
        let [unseen] = &inbox::statements(&InboxQuery { unseen: true, ..query })[..] else { panic!("one shelf") };
        check(&conn, &unseen.text, &["COVERING INDEX attendance_inbox", SEEN]);
    }
}

#[test]
fn the_attendances_of_a_few_named_contacts_are_looked_up() {
    let conn = database();
    let named = |contacts: i64| {
        let named = Named { contacts: (1..=contacts).map(ContactId::from_raw).collect(), tags: Vec::new() };
        inbox::statements(&InboxQuery { named: Some(named), ..everything() })
    };
    assert_eq!(named(64).len(), 1);
    check(&conn, &named(64)[0].text, &["SEARCH a USING INDEX attendance_contact (contact_id=?)"]);
    check(&conn, &named(65)[0].text, &["COVERING INDEX attendance_inbox", "LIST SUBQUERY", "json_each"]);
}

#[test]
fn the_numbers_of_the_side_bar_are_counted_over_indexes_alone() {
    let conn = database();
    for sight in [Sight::Everything, filtered().sight] {
        let query = CountQuery {
            sight,
            eyes: Some(AttendantId::from_raw(1)),
            from: Some(Timestamp::from_millis(1)),
            until: None,
            markers: vec![(MarkerId::from_raw(1), marker())],
        };
        const FROM: &str = "(last_activity_at>?)";
        check(
            &conn,
            &counts::walk(&query, true).text,
            &["COVERING INDEX attendance_inbox", FROM, "SEARCH s USING PRIMARY"],
        );
        check(&conn, &counts::walk(&query, false).text, &["COVERING INDEX attendance_kept", FROM]);
        let whole = CountQuery { from: None, ..query };
        let [open, kept] = [true, false].map(|open| counts::aggregate(&whole, open).map(|sql| sql.text));
        check(&conn, &open.unwrap(), &["COVERING INDEX attendance_inbox", "SEARCH s USING PRIMARY"]);
        // This marker shows nothing that is finished.
        assert_eq!(kept, None);
        let trash = counts::trash(&whole.sight, None, None);
        check(&conn, &trash.text, &["COVERING INDEX attendance_trash"]);
    }
}

#[test]
fn search_is_read_from_the_index_newest_first() {
    let conn = database();
    const ENTRY: &str = "SEARCH n USING PRIMARY KEY (attendance_id=? AND position=?)";
    const PLACE: &str = "SEARCH i USING INTEGER PRIMARY KEY (rowid=?)";
    // SQLite says SCAN of every virtual table: `M` is the match, `<` the place, and the order is the table's own.
    check(&conn, search::WITH_WORDS, &["SCAN w VIRTUAL TABLE INDEX", PLACE, ENTRY]);
    check(&conn, search::CONTACTS_WITH_WORDS, &["SCAN contact_words VIRTUAL TABLE INDEX"]);
    let desk = DeskSight { attendant_id: AttendantId::from_raw(1), whole: vec![], unassigned: vec![], trash: true };
    for sight in [Sight::Everything, Sight::Desk(desk)] {
        let sql = search::seen_with_words(String::new(), &sight, 1).text;
        let by_contact = "SEARCH a USING INDEX attendance_contact (contact_id=?)";
        check(&conn, &sql, &["SCAN w VIRTUAL TABLE INDEX", by_contact, "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"]);
    }
    check(&conn, search::WORDS_BEGUN, &["SEARCH word USING PRIMARY KEY (word>? AND word<?)"]);
    check(&conn, search::BY_MESSAGE, &["entry_message (message_id=?)"]);
    check(&conn, search::BY_NOTE, &["entry_note (note_id=?)"]);
    check(&conn, search::OF_ATTENDANCE, &["SEARCH entry USING PRIMARY KEY (attendance_id=?)"]);
    check(&conn, search::TOUCHED, &["SEARCH event USING INTEGER PRIMARY KEY (rowid>?)"]);
    check(&conn, search::IS_INDEXED, &["SEARCH indexed USING INTEGER PRIMARY KEY"]);
    check(&conn, search::PLACE, &["SEARCH h USING INTEGER PRIMARY KEY", "SEARCH event"]);
}

#[test]
fn kept_numbers_are_ranges() {
    let conn = database();
    check(&conn, counter::OF_CIRCLE, &["SEARCH counter USING PRIMARY KEY (circle=? AND circle_id=?)"]);
    check(
        &conn,
        counter::OF_DIMENSION,
        &["SEARCH counter USING PRIMARY KEY (circle=? AND circle_id=? AND dimension=?)"],
    );
}

#[test]
fn the_next_page_begins_at_its_place() {
    let conn = database();
    let after = Some((Timestamp::from_millis(5), AttendanceId::from_raw(5)));
    let statements = inbox::statements(&InboxQuery { after, ..everything() });
    check(&conn, &statements[0].text, &["COVERING INDEX attendance_inbox (last_activity_at<?)"]);
    check(&conn, &statements[1].text, &["INDEX attendance_kept (last_activity_at<?)"]);
}

#[test]
fn few_statements_serve_all_lengths_of_lists() {
    let of = |count: i64| {
        let assignees = (1..=count).map(AttendantId::from_raw).collect();
        inbox::statements(&InboxQuery { assignees, ..everything() })[0].text.clone()
    };
    assert_eq!(of(5), of(8));
    assert_ne!(of(5), of(4));
}

#[test]
fn a_statement_is_prepared_once_whatever_is_bound() {
    let conn = database();
    for sql in [attendance::OPEN, contact::BY_HANDLE, entry::BY_WAMID, delivery::CLAIMABLE, parked::WAITING] {
        for value in 1..5 {
            let mut statement = conn.prepare_cached(sql).unwrap();
            for parameter in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(parameter, value).unwrap();
            }
            assert!(statement.raw_query().next().unwrap().is_none());
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
        }
    }
}
