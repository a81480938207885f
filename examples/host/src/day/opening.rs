//! Opening the counter: the webhook is subscribed, the templates are fetched.

use super::Day;
use super::rules::Rule;
use super::stage::VERIFY_TOKEN;
use crate::failure::Failure;
use crate::language::Lang;

/// More than Meta lists on one page by default (25), so that there are several.
const SEVERAL_PAGES: usize = 50;

pub(super) fn play(day: &mut Day) -> Result<(), Failure> {
    day.chapter(1, "Abrir o guichê", "Opening the counter");
    day.at(1, 8, 0)?;
    day.line(day.say(
        "um banco SQLite novo; uma imitação da Meta e o receptor de webhooks em portas livres; HTTP de verdade",
        "a new SQLite file, a look-alike of Meta and the webhook receiver on free ports; real HTTP",
    ));

    let right = day.stage.sandbox.verify_callback(VERIFY_TOKEN).is_ok();
    let wrong = day.stage.sandbox.verify_callback("chute").is_err();
    day.check(Rule::Handshake, right && wrong);
    let answers: Vec<u16> = day.stage.visits().iter().map(|visit| visit.status).collect();
    day.check(Rule::Handshake, answers == [200, 403]);
    day.well(
        "verificação do webhook: 200 com o token certo, 403 com outro",
        "webhook verification: 200 with the right token, 403 with another",
    );

    let before = day.stage.engine.head()?;
    let forged = day.stage.knock(r#"{"object":"whatsapp_business_account","entry":[]}"#, "sha256=00")?;
    day.check(Rule::Signature, forged == 401 && day.stage.engine.head()? == before);
    day.well("um webhook forjado recebe 401, e nada é gravado", "a forged webhook gets 401, and nothing is stored");
    day.stage.visits();

    let listed = day.stage.sandbox.templates().len();
    let diff = day.stage.engine.sync_templates(day.cast.channel)?;
    let sendable = day.office().sendable_templates(day.cast.channel)?;
    day.check(Rule::EveryPage, listed > SEVERAL_PAGES && diff.added.len() == listed);
    day.check(Rule::EveryPage, sendable.len() < listed);
    let head = day.stage.engine.head()?;
    let again = day.stage.engine.sync_templates(day.cast.channel)?;
    day.check(Rule::EveryPage, again.is_empty() && day.stage.engine.head()? == head);
    let (listed, sendable) = (diff.added.len(), sendable.len());
    day.aside(&match day.lang {
        Lang::Pt => {
            format!("modelos sincronizados, página por página: {listed} listados, {sendable} podem ser enviados")
        }
        Lang::En => format!("templates synced, page by page: {listed} listed, {sendable} may be sent"),
    });
    Ok(())
}
