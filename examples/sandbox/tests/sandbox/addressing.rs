//! Who a message is for, and what keeps it from them.

use guiche_sandbox::{BusinessNumber, Category, ClientOptions, SandboxConfig, TemplateBuilder};
use serde_json::{Value, json};

use crate::desk::{DAY, Desk, MARIA, SECOND, TO_MARIA, WABA, message};

fn to(key: &str, value: Value) -> Value {
    json!({ "messaging_product": "whatsapp", key: value, "type": "text", "text": { "body": "Oi" } })
}

#[test]
fn a_recipient_is_a_bsuid_of_this_portfolio() {
    let desk = Desk::with_maria_writing();
    let bsuid = desk.maria.bsuid().unwrap();
    desk.post(&to("recipient", json!(bsuid))).wamid();
    for wrong in ["5511987654321", "+5511987654321", "br.1", "BR.", "BR.1 2"] {
        assert_eq!(desk.post(&to("recipient", json!(wrong))).code(), 100, "{wrong}");
    }
    assert_eq!(desk.post(&to("recipient", json!(format!("BR.{}", "1".repeat(129))))).code(), 100);
    desk.sandbox.take_pending();
    desk.post(&to("recipient", json!("BR.ENT.123"))).wamid();
    assert_eq!(desk.failure(), 131026, "nobody is known by that");
}

#[test]
fn a_number_may_come_as_a_number() {
    let desk = Desk::with(|config| config.forgive_missing_plus = true);
    desk.maria.sends_text("Oi");
    desk.post(&to("to", json!(5_511_987_654_321_u64))).wamid();
    assert_eq!(desk.maria.inbox().len(), 1);
    for wrong in [json!(-1), json!(1.5), json!(true), json!([])] {
        assert_eq!(desk.post(&to("to", wrong)).code(), 100);
    }
}

#[test]
fn a_pedantic_sandbox_refuses_what_meta_lets_pass() {
    let desk = Desk::with(|config| config.pedantic = true);
    desk.maria.sends_text("Oi");
    let bsuid = desk.maria.bsuid().unwrap();
    let mut both = to("to", json!(TO_MARIA));
    both["recipient"] = bsuid.clone().into();
    assert_eq!(desk.post(&both).code(), 100);
    assert_eq!(desk.post(&to("to", json!(bsuid))).code(), 100);
    let mut misspelt = to("to", json!(TO_MARIA));
    misspelt["contexts"] = json!({ "message_id": "wamid.x" });
    assert_eq!(desk.post(&misspelt).code(), 100);
    desk.post(&to("to", json!(TO_MARIA))).wamid();
}

#[test]
fn an_account_that_is_named_is_the_numbers() {
    let desk = Desk::with_maria_writing();
    let mut body = to("to", json!(TO_MARIA));
    body["messaging_account_id"] = WABA.into();
    desk.post(&body).wamid();
    body["messaging_account_id"] = "1".into();
    assert_eq!(desk.post(&body).code(), 100);
}

#[test]
fn a_changed_identity_is_137000() {
    let desk = Desk::with_maria_writing();
    let mut body = to("to", json!(TO_MARIA));
    body["recipient_identity_key_hash"] = desk.maria.identity_key_hash().into();
    desk.post(&body).wamid();
    desk.maria.changes_identity();
    assert_eq!(desk.post(&body).code(), 137000);
    body["recipient_identity_key_hash"] = desk.maria.identity_key_hash().into();
    desk.post(&body).wamid();
}

#[test]
fn whom_the_business_blocked_it_cannot_write_to() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.set_blocked(&desk.maria, true);
    assert_eq!(desk.text("Oi").code(), 130403);
    desk.sandbox.set_blocked(&desk.maria, false);
    desk.text("Oi").wamid();
}

#[test]
fn the_throughput_is_counted_per_second_when_asked() {
    let desk = Desk::with(|config| config.numbers[0].throughput = Some(3));
    let ana = desk.sandbox.client("Ana", "5511911112222");
    desk.maria.sends_text("Oi");
    ana.sends_text("Oi");
    desk.text("1").wamid();
    assert_eq!(desk.text("2").code(), 130429, "what came in counts too");
    desk.sandbox.advance(SECOND);
    desk.text("2").wamid();
    let whole = Desk::with(|config: &mut SandboxConfig| config.throughput_per_second = Some(1));
    whole.template("attendance_resume", "pt_BR", json!([])).wamid();
    assert_eq!(whole.template("attendance_resume", "pt_BR", json!([])).code(), 130429);
}

fn promo(desk: &Desk, to: &str) -> crate::desk::Answer {
    let object = json!({ "name": "promo", "language": { "code": "pt_BR" } });
    desk.post(&message(to, "template", object))
}

fn with_promo(change: impl FnOnce(&mut SandboxConfig)) -> Desk {
    let desk = Desk::with(change);
    desk.sandbox.add_template(WABA, &TemplateBuilder::new("promo", "pt_BR", "Só hoje.").category(Category::Marketing));
    desk
}

#[test]
fn marketing_is_capped_per_person_outside_the_window() {
    let desk = with_promo(|config| config.marketing_per_person_and_day = Some(1));
    promo(&desk, TO_MARIA).wamid();
    desk.sandbox.take_pending();
    promo(&desk, TO_MARIA).wamid();
    assert_eq!(desk.failure(), 131049);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    promo(&desk, TO_MARIA).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"], "the window is open");
    desk.sandbox.advance(DAY);
    promo(&desk, TO_MARIA).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"], "another day");
    let german = desk.sandbox.client("Eva", "4915112345678");
    for _ in 0..2 {
        promo(&desk, &format!("+{}", german.wa_id())).wamid();
        assert_eq!(desk.status_names(), ["sent", "delivered"], "not in the EEA");
    }
}

#[test]
fn marketing_does_not_reach_the_united_states_nor_an_experiment() {
    let desk = with_promo(|_| {});
    desk.sandbox.client("Joe", "16505551234");
    promo(&desk, "+16505551234").wamid();
    assert_eq!(desk.failure(), 131049);
    let ana = desk.sandbox.client_with(&ClientOptions::new("Ana", "5511911112222").in_marketing_experiment());
    promo(&desk, "+5511911112222").wamid();
    assert_eq!(desk.failure(), 130472);
    ana.sends_text("Oi");
    desk.sandbox.take_pending();
    promo(&desk, "+5511911112222").wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
}

#[test]
fn marketing_may_have_moved_to_another_api() {
    let desk = with_promo(|config| config.numbers = vec![BusinessNumber::default().without_marketing()]);
    assert_eq!(promo(&desk, TO_MARIA).code(), 131063);
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
}

#[test]
fn without_a_payment_method_only_what_is_free_arrives() {
    let desk = Desk::with(|config| config.numbers = vec![BusinessNumber::default().without_payment_method()]);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    assert_eq!(desk.failure(), 131042);
    desk.text("free").wamid();
    assert_eq!(desk.statuses()[0]["pricing"]["type"], "free_customer_service");
    for _ in 1..1_000 {
        desk.sandbox.advance(6 * SECOND);
        desk.text("free").wamid();
    }
    desk.sandbox.take_pending();
    desk.sandbox.advance(6 * SECOND);
    assert_eq!(desk.text("not free").http, 200);
    assert_eq!(desk.failure(), 131042);
    assert_eq!(desk.maria.wa_id(), MARIA);
}
