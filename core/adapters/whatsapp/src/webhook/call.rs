//! `calls[]`, and the `statuses[]` of calls of ours.
//!
//! Source: Meta, calling (webhooks of user-initiated and business-initiated calls). The window asks two things of a
//! call: did the contact begin it, and did they accept one of ours (calling/pricing).

use guiche_core::inbound::{CallNotice, Element, Handles};
use serde::Deserialize;

use super::envelope::Scope;
use super::lenient::{Number, Reason, Seconds, Text, instant, parsed, some};

#[derive(Deserialize)]
struct Call<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    event: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    direction: Option<Text<'a>>,
    timestamp: Option<Seconds>,
    #[serde(borrow)]
    from: Option<Text<'a>>,
    #[serde(borrow)]
    from_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    from_parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    to: Option<Text<'a>>,
    #[serde(borrow)]
    to_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    to_parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_parent_user_id: Option<Text<'a>>,
    duration: Option<Number>,
}

/// An event of a call.
pub(crate) fn notice(raw: &str, scope: &Scope<'_>) -> Result<Element, Reason> {
    let call: Call<'_> = parsed(raw)?;
    let event = some(call.event.as_ref()).ok_or("missing_event")?;
    let is_ours = call.direction.as_ref().is_some_and(|direction| direction.as_str() == "BUSINESS_INITIATED");
    let contact = if is_ours {
        handles(scope, call.to.as_ref(), call.to_user_id.as_ref(), call.to_parent_user_id.as_ref())
    } else {
        handles(scope, call.from.as_ref(), call.from_user_id.as_ref(), call.from_parent_user_id.as_ref())
    };
    // `duration` comes with the end of a call that was taken up.
    let duration_seconds = call.duration.map(|seconds| whole_seconds(seconds.0));
    Ok(Element::Call(CallNotice {
        call_id: some(call.id.as_ref()).ok_or("missing_id")?,
        accepted: is_ours && duration_seconds.is_some_and(|seconds| seconds > 0),
        event,
        contact,
        from_contact: !is_ours,
        timestamp: instant(call.timestamp)?,
        duration_seconds,
    }))
}

/// How far a call of ours came: `RINGING`, `ACCEPTED`, `REJECTED`.
pub(crate) fn status(raw: &str, scope: &Scope<'_>) -> Result<Element, Reason> {
    let call: Call<'_> = parsed(raw)?;
    let word = some(call.status.as_ref()).ok_or("missing_status")?;
    Ok(Element::Call(CallNotice {
        call_id: some(call.id.as_ref()).ok_or("missing_id")?,
        event: word.to_ascii_lowercase(),
        contact: handles(
            scope,
            call.recipient_id.as_ref(),
            call.recipient_user_id.as_ref(),
            call.recipient_parent_user_id.as_ref(),
        ),
        from_contact: false,
        accepted: word.eq_ignore_ascii_case("ACCEPTED"),
        timestamp: instant(call.timestamp)?,
        duration_seconds: None,
    }))
}

fn handles(
    scope: &Scope<'_>,
    wa_id: Option<&Text<'_>>,
    user_id: Option<&Text<'_>>,
    parent_user_id: Option<&Text<'_>>,
) -> Handles {
    let mut handles = Handles {
        wa_id: some(wa_id),
        user_id: some(user_id),
        parent_user_id: some(parent_user_id),
        ..Handles::default()
    };
    scope.people.complete(&mut handles);
    if handles.is_empty() { scope.people.only().unwrap_or_default() } else { handles }
}

fn whole_seconds(seconds: f64) -> u32 {
    // A float-to-integer cast saturates, which is what is wanted of nonsense.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = seconds as u32;
    whole
}
