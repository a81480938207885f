//! Carrying out a request under a fault: what happens, and what the caller gets to see.

use serde_json::json;

use crate::fault::Fault;
use crate::graph_error::GraphError;
use crate::http::{Answer, Reply};
use crate::world::World;

/// The header in which Graph reports how much of a limit is used.
pub(crate) const USAGE: &str = "X-Business-Use-Case-Usage";

/// Applies a fault. `carry_out` is called when the request is carried out behind it.
pub(crate) fn apply(
    world: &mut World,
    path: &str,
    fault: Option<Fault>,
    carry_out: impl FnOnce(&mut World) -> Result<Answer, GraphError>,
) -> Result<Reply, GraphError> {
    match fault {
        None | Some(Fault::AsyncFailure { .. } | Fault::HeldForQuality) => carry_out(world).map(Reply::Answer),
        Some(Fault::DropBeforeReading) => Ok(Reply::HangUp),
        Some(Fault::Error { code, http, is_transient }) => {
            let error = GraphError::new(code, "Fault of the sandbox's script");
            Err(error.with_http(http).transient(is_transient))
        }
        Some(Fault::Throttled { code, minutes }) => {
            let error = GraphError::new(code, "Fault of the sandbox's script");
            let answer = Answer::json(error.http, &error.answer(&world.fbtrace()));
            let account = world.config.numbers.first().map(|number| number.waba_id.clone()).unwrap_or_default();
            Ok(Reply::Answer(answer.with_header(USAGE, usage(&account, 100, minutes))))
        }
        Some(Fault::Redirect { http }) => {
            let elsewhere = world.base_url.replace("127.0.0.1", "localhost");
            let location = format!("{elsewhere}/elsewhere{path}");
            Ok(Reply::Answer(Answer::empty(http).with_header("Location", location)))
        }
        Some(Fault::NotJson { http, accepted }) => {
            if accepted {
                carry_out(world)?;
            }
            Ok(Reply::Answer(Answer::proxy_html(http)))
        }
        Some(Fault::Empty { http, accepted }) => {
            if accepted {
                carry_out(world)?;
            }
            Ok(Reply::Answer(Answer::empty(http)))
        }
        Some(Fault::EndlessBody) => carry_out(world).map(|_| Reply::Endless),
        Some(Fault::WrongLength) => carry_out(world).map(Reply::WrongLength),
        Some(Fault::LostAnswer) => carry_out(world).map(|_| Reply::HangUp),
        Some(Fault::Truncated) => carry_out(world).map(Reply::Truncate),
        Some(Fault::Stall(milliseconds)) => carry_out(world).map(|answer| Reply::StallThen(milliseconds, answer)),
    }
}

/// The value of the usage header for one account.
pub(crate) fn usage(waba_id: &str, percent: u32, minutes: u32) -> String {
    json!({ waba_id: [{
        "type": "whatsapp", "call_count": percent, "total_cputime": percent, "total_time": percent,
        "estimated_time_to_regain_access": minutes,
    }]})
    .to_string()
}
