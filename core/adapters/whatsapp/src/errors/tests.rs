//! The table against a second writing of it, and errors as they come.

use super::*;
use guiche_core::delivery::{HeldReason, Receipts};
use guiche_core::id::{AttendanceId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId};
use guiche_core::time::Timestamp;

#[test]
fn the_table_has_no_overlap_and_no_empty_text() {
    for (at, row) in TABLE.iter().enumerate() {
        assert!(row.first <= row.last);
        assert!(!row.pt_br.is_empty() && !row.en.is_empty() && !row.source.is_empty(), "{}", row.first);
        for other in &TABLE[at + 1..] {
            assert!(row.last < other.first, "{} and {} are out of order", row.first, other.first);
        }
    }
}

/// Meta's table, written down a second time from the fact sheet (WHATSAPP 6.2): codes, class, least wait in seconds, most
/// tries. A number of 0 is none.
const DOCUMENTED: &[(i64, i64, ErrorClass, u64, u32)] = {
    use ErrorClass::{
        Configuration as C, Information as I, MediaStale as M, PairLimit, Permanent as P, Retry as R, TemplateStale,
        Wait as W, WindowClosed,
    };
    &[
        (0, 0, C, 0, 0),
        (1, 1, R, 0, 3),
        (2, 2, R, 0, 0),
        (3, 3, C, 0, 0),
        (4, 4, R, 60, 0),
        (10, 10, C, 0, 0),
        (33, 33, C, 0, 0),
        (100, 100, P, 0, 0),
        (190, 190, C, 0, 0),
        (200, 299, C, 0, 0),
        (368, 368, C, 0, 0),
        (80_007, 80_007, R, 60, 0),
        (130_403, 130_403, P, 0, 0),
        (130_429, 130_429, R, 0, 0),
        (130_472, 130_472, P, 0, 0),
        (130_497, 130_497, P, 0, 0),
        (131_000, 131_000, R, 0, 3),
        (131_005, 131_005, C, 0, 0),
        (131_008, 131_008, P, 0, 0),
        (131_009, 131_009, P, 0, 0),
        (131_016, 131_016, R, 0, 0),
        (131_020, 131_020, P, 0, 0),
        (131_021, 131_021, P, 0, 0),
        (131_026, 131_026, P, 0, 0),
        (131_030, 131_030, P, 0, 0),
        (131_031, 131_031, C, 0, 0),
        (131_037, 131_037, C, 0, 0),
        (131_041, 131_041, P, 0, 0),
        (131_042, 131_042, C, 0, 0),
        (131_044, 131_044, C, 0, 0),
        (131_045, 131_045, C, 0, 0),
        (131_047, 131_047, WindowClosed, 0, 0),
        (131_048, 131_048, C, 0, 0),
        (131_049, 131_049, W, 86_400, 0),
        (131_050, 131_050, ErrorClass::MarketingStopped, 0, 0),
        (131_051, 131_051, I, 0, 0),
        (131_052, 131_052, I, 0, 0),
        (131_053, 131_053, M, 0, 0),
        (131_055, 131_055, P, 0, 0),
        (131_056, 131_056, PairLimit, 0, 0),
        (131_057, 131_057, R, 60, 0),
        (131_059, 131_059, R, 0, 2),
        (131_060, 131_060, I, 0, 0),
        (131_062, 131_062, P, 0, 0),
        (131_063, 131_063, C, 0, 0),
        (131_064, 131_064, C, 0, 0),
        (131_200, 131_299, P, 0, 0),
        (132_000, 132_000, TemplateStale, 0, 0),
        (132_001, 132_001, TemplateStale, 0, 0),
        (132_005, 132_005, P, 0, 0),
        (132_007, 132_007, P, 0, 0),
        (132_008, 132_008, P, 0, 0),
        (132_012, 132_012, P, 0, 0),
        (132_015, 132_015, P, 0, 0),
        (132_016, 132_016, P, 0, 0),
        (132_018, 132_018, P, 0, 0),
        (132_068, 132_068, P, 0, 0),
        (132_069, 132_069, W, 3_600, 0),
        (133_000, 133_000, C, 0, 0),
        (133_004, 133_004, R, 0, 0),
        (133_005, 133_005, C, 0, 0),
        (133_006, 133_006, C, 0, 0),
        (133_008, 133_009, C, 0, 0),
        (133_010, 133_010, C, 0, 0),
        (133_015, 133_015, W, 300, 0),
        (133_016, 133_016, W, 259_200, 0),
        (134_011, 134_011, C, 0, 0),
        (134_100, 134_100, P, 0, 0),
        (134_101, 134_101, W, 600, 0),
        (134_102, 134_102, P, 0, 0),
        (135_000, 135_000, P, 0, 0),
        (136_024, 136_024, P, 0, 0),
        (137_000, 137_000, P, 0, 0),
        (138_000, 138_018, P, 0, 0),
        (139_000, 139_004, P, 0, 0),
        (139_100, 139_101, P, 0, 0),
        (139_102, 139_103, R, 0, 0),
        (139_200, 139_200, C, 0, 0),
        (147_001, 147_005, P, 0, 0),
        (2_388_000, 2_388_999, P, 0, 0),
        (2_494_100, 2_494_100, R, 0, 0),
    ]
};

#[test]
fn every_code_of_metas_table_has_its_class_its_wait_and_its_tries() {
    let ours: Vec<_> = TABLE.iter().filter(|row| row.first != NOT_SENDABLE).collect();
    assert_eq!(ours.len(), DOCUMENTED.len());
    for (row, (first, last, class, wait, tries)) in ours.into_iter().zip(DOCUMENTED) {
        assert_eq!((row.first, row.last), (*first, *last));
        let number = |n: Option<u64>| n.unwrap_or(0);
        assert_eq!((row.class, number(row.wait.map(|wait| wait.as_secs()))), (*class, *wait), "{first}");
        assert_eq!(row.tries.unwrap_or(0), *tries, "{first}");
    }
}

#[test]
fn an_error_means_the_same_in_an_answer_and_in_a_status() {
    for row in TABLE {
        for code in [row.first, row.last] {
            let answer = from_answer(400, format!(r#"{{"error":{{"code":{code}}}}}"#).as_bytes()).unwrap();
            let status = from_webhook(&format!(r#"{{"code":{code},"title":"t"}}"#)).unwrap();
            assert_eq!((answer.class, answer.wait_ms), (status.class, status.wait_ms), "{code}");
            assert_eq!((answer.class, answer.code), (row.class, code));
            assert_ne!(advice(code, Locale::PtBr), advice(code, Locale::En), "{code}");
        }
    }
}

#[test]
fn a_code_that_nobody_knows_is_permanent_and_keeps_its_words() {
    let error = from_answer(400, br#"{"error":{"code":77777,"message":"m","error_data":{"details":"d"}}}"#).unwrap();
    assert_eq!((error.class, error.title.as_str(), error.details.as_str()), (ErrorClass::Permanent, "m", "d"));
    assert!(row(77_777).is_none());
    assert!(!advice(77_777, Locale::En).is_empty());
}

#[test]
fn transient_and_unknown_server_faults_are_tried_again_and_a_closed_window_is_not() {
    assert_eq!(classify(100, 400, true, true).0, ErrorClass::Retry);
    assert_eq!(classify(77_777, 503, false, true).0, ErrorClass::Retry);
    assert_eq!(classify(77_777, 503, false, false).0, ErrorClass::Permanent);
    assert_eq!(classify(131_047, 400, true, true).0, ErrorClass::WindowClosed);
}

#[test]
fn a_graph_error_keeps_its_details_and_trace() {
    let body = br#"{"error":{"message":"(#131009) Parameter value is not valid","type":"OAuthException","code":131009,
        "error_data":{"messaging_product":"whatsapp","details":"Button label too long"},"fbtrace_id":"Az1"}}"#;
    let error = from_answer(400, body).unwrap();
    assert_eq!((error.code, error.http_status), (131_009, 400));
    assert_eq!(error.details, "Button label too long");
    assert_eq!(error.trace_id.as_deref(), Some("Az1"));
    assert!(error.title.contains("131009"));
}

#[test]
fn what_is_not_a_graph_error_is_none() {
    for body in ["", "<html>502</html>", "{}", "[]", r#"{"error":"x"}"#, r#"{"error":{"message":"no code"}}"#] {
        assert!(from_answer(502, body.as_bytes()).is_none(), "{body}");
    }
}

#[test]
fn the_usage_header_tells_the_longest_wait() {
    let header =
        r#"{"1":[{"type":"messaging","estimated_time_to_regain_access":0},{"estimated_time_to_regain_access":19}]}"#;
    assert_eq!(usage_wait(header), Some(Duration::from_secs(19 * 60)));
    assert_eq!(usage_wait("nonsense"), None);
}

fn error(code: i64, class: ErrorClass) -> PlatformError {
    PlatformError { class, ..from_webhook(&format!(r#"{{"code":{code}}}"#)).unwrap() }
}

fn delivery(state: DeliveryState, last_error: Option<PlatformError>) -> Delivery {
    let at = Timestamp::from_seconds(1_764_000_000);
    Delivery {
        id: DeliveryId::from_raw(1),
        version: 1,
        message_id: MessageId::from_raw(2),
        attendance_id: AttendanceId::from_raw(3),
        channel_id: ChannelId::from_raw(4),
        contact_id: ContactId::from_raw(5),
        identity_id: IdentityId::from_raw(6),
        state,
        queue_order: 1,
        attempts: 1,
        due_at: at,
        wamid: None,
        last_error,
        receipts: Receipts::default(),
        created_at: at,
    }
}

fn told(state: &DeliveryState, last_error: Option<PlatformError>) -> Option<String> {
    delivery_advice(&delivery(state.clone(), last_error), Locale::PtBr)
}

const FAILED: DeliveryState = DeliveryState::Settled { progress: Progress::Failed };

#[test]
fn trying_again_is_told_while_it_is_so_and_never_after() {
    for row in TABLE {
        let tried = matches!(row.class, ErrorClass::Retry | ErrorClass::PairLimit);
        assert_eq!(row.meanwhile.is_some(), tried, "{}", row.first);
        let over = told(&FAILED, Some(error(row.first, row.class))).unwrap();
        assert!(!over.contains("Tentando") && !over.contains("Lendo") && !over.contains("Será"), "{over}");
        assert!(
            !row.en.contains("etrying") && !row.en.contains("Reading again") && !row.en.contains("Will"),
            "{}",
            row.en
        );
        let Some((pt_br, en)) = row.meanwhile else { continue };
        assert!(over.contains(" de novo"), "what a person can do now: {over}");
        assert_ne!((pt_br, en), (row.pt_br, row.en));
        let until = Timestamp::from_seconds(1_764_000_060);
        for state in [DeliveryState::Queued, DeliveryState::InFlight { lease_until: until }] {
            assert_eq!(told(&state, Some(error(row.first, row.class))).as_deref(), Some(pt_br));
        }
    }
}

#[test]
fn what_is_tried_again_although_its_row_says_never_is_told_so() {
    let transient = error(100, ErrorClass::Retry);
    let trying = told(&DeliveryState::Queued, Some(transient.clone())).unwrap();
    assert!(trying.contains("Tentando de novo"), "{trying}");
    assert_eq!(told(&FAILED, Some(transient)).as_deref(), Some(advice(100, Locale::PtBr)));
    let file = told(&DeliveryState::Queued, Some(error(131_053, ErrorClass::MediaStale))).unwrap();
    assert!(file.contains("arquivo"), "{file}");
    assert_ne!(file, advice(131_053, Locale::PtBr));
}

#[test]
fn a_failure_always_has_its_sentence_and_what_goes_well_has_none() {
    for last_error in [None, Some(error(77_777, ErrorClass::Permanent))] {
        assert_eq!(told(&FAILED, last_error).as_deref(), Some("Não foi possível enviar."));
    }
    let held = DeliveryState::Held { reason: HeldReason::NoAddress };
    assert_eq!(told(&held, Some(error(2, ErrorClass::Retry))), Some(HeldReason::NoAddress.explain(Locale::PtBr)));
    // A channel that stopped keeps its messages: the attendant reads why.
    let stopped = told(&DeliveryState::Queued, Some(error(190, ErrorClass::Configuration)));
    assert_eq!(stopped.as_deref(), Some(advice(190, Locale::PtBr)));
    assert_eq!(told(&DeliveryState::Queued, None), None);
    // A failure that came after the message was read is no failure.
    assert_eq!(told(&DeliveryState::Settled { progress: Progress::Read }, Some(error(2, ErrorClass::Retry))), None);
    assert_eq!(told(&DeliveryState::Discarded, Some(error(2, ErrorClass::Retry))), None);
}
