//! Delivery: signatures, shapes, retries, the handshake.

use guiche_sandbox::{Batching, BusinessNumber, DeliveryShape, Order, SandboxConfig, VerifyFailure, sign};
use serde_json::Value;

use crate::desk::{DAY, Desk, Receiver, SECOND, SECRET};

fn shaped(shape: DeliveryShape) -> Desk {
    Desk::with(|config| config.shape = shape)
}

fn texts(desk: &Desk) -> Vec<String> {
    desk.messages().iter().map(|one| one["text"]["body"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_delivery_is_signed_over_its_ascii_bytes() {
    let receiver = Receiver::answering(&[]);
    let desk = Desk::with(|config| config.callback_url = Some(receiver.url.clone()));
    desk.maria.sends_text("Olá 😀 a/b");
    let report = desk.sandbox.deliver_pending();
    assert_eq!((report.delivered(), report.waiting), (1, 0));
    let post = &receiver.posts()[0];
    assert!(post.body.is_ascii());
    let text = String::from_utf8(post.body.clone()).unwrap();
    assert!(text.contains(r"Ol\u00e1 \ud83d\ude00 a\/b"), "{text}");
    let signature = sign(SECRET, &post.body);
    assert!(post.head.to_ascii_lowercase().contains(&format!("x-hub-signature-256: {signature}")));
}

#[test]
fn what_is_not_answered_with_200_comes_again_with_the_same_bytes() {
    let receiver = Receiver::answering(&[500, 404]);
    let desk = Desk::with(|config| config.callback_url = Some(receiver.url.clone()));
    desk.maria.sends_text("Oi");
    assert_eq!(desk.sandbox.deliver_pending().refused(), 1);
    assert!(desk.sandbox.deliver_pending().tried.is_empty(), "not at once");
    desk.sandbox.advance(10 * SECOND);
    assert_eq!(desk.sandbox.deliver_pending().refused(), 1);
    desk.sandbox.advance(60 * SECOND);
    assert_eq!(desk.sandbox.deliver_pending().delivered(), 1);
    let posts = receiver.posts();
    assert_eq!(posts.len(), 3);
    assert!(posts.iter().all(|post| post.body == posts[0].body));
}

#[test]
fn a_delivery_is_given_up_after_seven_days() {
    let desk = Desk::with(|config| config.callback_url = Some("http://127.0.0.1:1/".into()));
    desk.maria.sends_text("Oi");
    for _ in 0..40 {
        desk.sandbox.deliver_pending();
        desk.sandbox.advance(DAY / 4);
    }
    assert_eq!(desk.sandbox.waiting(), 0);
}

#[test]
fn without_an_address_updates_wait() {
    let desk = Desk::new();
    desk.maria.sends_text("Oi");
    let report = desk.sandbox.deliver_pending();
    assert_eq!((report.tried.len(), report.without_address, report.waiting), (0, 1, 1));
    assert_eq!(desk.sandbox.pending().len(), 1);
    assert_eq!(desk.sandbox.pending(), desk.sandbox.pending(), "looking changes nothing");
    desk.sandbox.take_pending();
    assert_eq!(desk.sandbox.waiting(), 0);
}

#[test]
fn a_number_may_have_an_address_of_its_own() {
    let (app, own) = (Receiver::answering(&[]), Receiver::answering(&[]));
    let number = BusinessNumber::default().callback_url(own.url.clone());
    let desk = Desk::with(|config| {
        config.numbers = vec![number];
        config.callback_url = Some(app.url.clone());
    });
    desk.maria.sends_text("Oi");
    desk.sandbox.template_event("order_update", "pt_BR", "FLAGGED");
    desk.sandbox.deliver_pending();
    assert_eq!((own.posts().len(), app.posts().len()), (1, 1), "account fields stay at the app");
}

#[test]
fn updates_can_share_a_delivery_with_several_entries_and_changes() {
    let shape = DeliveryShape { batching: Batching::UpTo(100), ..DeliveryShape::default() };
    let second = BusinessNumber::new("20000000000000002", "551144445555").app_secret(SECRET);
    let desk = Desk::with(|config| {
        config.shape = shape;
        config.numbers.push(second);
    });
    desk.maria.sends_text("um");
    desk.maria.sends_text("dois");
    desk.maria.on("20000000000000002").sends_text("três");
    desk.text("Oi").wamid();
    let webhooks = desk.sandbox.take_pending();
    assert_eq!((webhooks.len(), webhooks[0].items), (1, 5));
    let body: Value = serde_json::from_slice(&webhooks[0].bytes).unwrap();
    assert_eq!(body["entry"].as_array().unwrap().len(), 2);
    let changes = body["entry"][0]["changes"].as_array().unwrap();
    assert_eq!(changes[0]["value"]["messages"].as_array().unwrap().len(), 2);
    assert_eq!(changes[1]["value"]["statuses"].as_array().unwrap().len(), 2);
    assert_eq!(changes[0]["value"]["contacts"].as_array().unwrap().len(), 1);
}

#[test]
fn updates_can_be_reversed_shuffled_or_led_by_statuses() {
    let reversed = shaped(DeliveryShape { order: Order::Reversed, ..DeliveryShape::default() });
    for text in ["1", "2", "3"] {
        reversed.maria.sends_text(text);
    }
    assert_eq!(texts(&reversed), ["3", "2", "1"]);

    let run = |seed: u64| {
        let desk = Desk::with(|config| {
            config.seed = seed;
            config.shape = DeliveryShape { order: Order::Shuffled, ..DeliveryShape::default() };
        });
        for number in 0..20 {
            desk.maria.sends_text(&number.to_string());
        }
        texts(&desk)
    };
    assert_eq!(run(5), run(5), "a seed repeats the run");
    assert_ne!(run(5), run(6));

    let order = Order::StatusesFirst;
    let first = shaped(DeliveryShape { order, ..DeliveryShape::default() });
    first.maria.sends_text("Oi");
    first.text("Olá").wamid();
    let values = first.values();
    assert_eq!(values[0]["statuses"][0]["status"], "delivered");
    assert_eq!(values[1]["statuses"][0]["status"], "sent");
    assert!(values[2]["messages"].is_array());
}

#[test]
fn updates_can_come_twice() {
    let desk = shaped(DeliveryShape { duplicates: 1.0, ..DeliveryShape::default() });
    desk.maria.sends_text("Oi");
    let messages = desk.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0], messages[1]);
}

#[test]
fn updates_can_be_late_and_keep_their_timestamps() {
    let shape = DeliveryShape { delay_ms: Some((5_000, 9_000)), ..DeliveryShape::default() };
    let desk = shaped(shape);
    desk.maria.sends_text("Oi");
    desk.sandbox.advance(4_999);
    assert!(desk.sandbox.pending().is_empty());
    desk.sandbox.advance(4_001);
    let timestamp = desk.messages()[0]["timestamp"].as_str().unwrap().to_owned();
    assert_eq!(timestamp, (crate::desk::NOON / 1_000).to_string());
}

#[test]
fn waiting_updates_can_be_hurried() {
    let shape = DeliveryShape { delay_ms: Some((5_000, 9_000)), ..DeliveryShape::default() };
    let desk = shaped(shape);
    desk.maria.sends_text("Oi");
    desk.sandbox.hurry();
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn a_random_batch_loses_nothing() {
    let shape =
        DeliveryShape { batching: Batching::RandomUpTo(7), order: Order::Shuffled, duplicates: 0.3, delay_ms: None };
    let desk = shaped(shape);
    for number in 0..50 {
        desk.maria.sends_text(&number.to_string());
    }
    let mut all = texts(&desk);
    assert!(all.len() > 50);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 50);
}

#[test]
fn the_handshake_wants_the_challenge_back() {
    let receiver = Receiver::answering(&[]);
    let desk = Desk::with(|config| config.callback_url = Some(receiver.url.clone()));
    assert_eq!(desk.sandbox.verify_callback("verify-me"), Ok(()));
    let wrong = desk.sandbox.verify_callback("something else");
    assert_eq!(wrong, Err(VerifyFailure::WrongAnswer { http: 403 }));
    assert_eq!(Desk::new().sandbox.verify_callback("x"), Err(VerifyFailure::NoCallbackUrl));
    desk.sandbox.set_callback_url("http://127.0.0.1:1/");
    assert_eq!(desk.sandbox.verify_callback("x"), Err(VerifyFailure::Unreachable));
}

#[test]
fn a_sandbox_can_deliver_by_itself() {
    let receiver = Receiver::answering(&[]);
    let sandbox = guiche_sandbox::Sandbox::start(SandboxConfig {
        callback_url: Some(receiver.url.clone()),
        auto_deliver: true,
        ..SandboxConfig::default()
    })
    .unwrap();
    sandbox.client("Maria", "5511987654321").sends_text("Oi");
    for _ in 0..200 {
        if !receiver.posts().is_empty() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("nothing was delivered");
}
