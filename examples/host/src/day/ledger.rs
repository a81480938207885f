//! Closing the books: what the engine says it sent against what the platform says it received, and the disk against
//! both.

use std::collections::BTreeSet;

use guiche_core::inbox::{Days, InboxFilter};

use super::Day;
use super::colleagues::NOTE;
use super::menu::REMARK;
use super::rules::Rule;
use crate::failure::Failure;
use crate::language::Lang;

pub(super) fn play(day: &mut Day) -> Result<(), Failure> {
    day.chapter(2, "Fechar o caixa", "Closing the books");
    day.at(2, 18, 0)?;
    day.stage.settle()?;

    let log = day.stage.sandbox.received();
    let taken: Vec<_> = log.iter().filter(|body| body.is_accepted_message()).collect();
    let distinct: BTreeSet<_> = taken.iter().filter_map(|body| body.client_id.clone()).collect();
    day.check(Rule::NothingTwice, day.stage.sandbox.client_ids_accepted_twice().is_empty());
    day.check(Rule::NothingTwice, distinct.len() == taken.len());
    let mut left: Vec<_> = log.iter().map(|body| String::from_utf8_lossy(&body.raw).into_owned()).collect();
    left.extend(day.stage.modules.orders().iter().filter_map(|order| serde_json::to_string(order).ok()));
    let leaked = left.iter().any(|text| text.contains(NOTE) || text.contains(REMARK));
    day.check(Rule::Note, !leaked);

    let (mut handed_over, mut messages) = (BTreeSet::new(), 0);
    for trash in [false, true] {
        let filter = InboxFilter { trash, days: Some(Days::Any), limit: Some(200), ..InboxFilter::default() };
        let page = day.office().inbox(&filter)?;
        for card in page.cards {
            for shown in day.office().messages(card.id, None, 500)? {
                messages += 1;
                let accepted = shown.delivery.filter(|delivery| delivery.wamid.is_some());
                handed_over.extend(accepted.map(|delivery| delivery.id.to_string()));
            }
        }
    }
    day.check(Rule::NothingLost, handed_over == distinct && !distinct.is_empty());
    let refused = day.stage.sandbox.waiting();
    day.check(Rule::NothingLost, refused == 0 && day.stage.visits().iter().all(|visit| visit.status == 200));
    let unclear = ["queued", "in_flight", "in_doubt", "held"].into_iter().try_fold(0, |sum, state| {
        Ok::<_, Failure>(sum + day.stage.engine.admin().deliveries_in(state, None, 100)?.len())
    })?;
    day.check(Rule::NothingLost, unclear == 0);

    let head = day.stage.engine.head()?;
    let events = day.stage.engine.changes_since(0, 10_000)?;
    let gapless = events.iter().map(|event| event.seq).eq(1..=head);
    day.check(Rule::NoGaps, gapless && head > 0);

    let digest = day.stage.engine.state_digest()?;
    let other = day.stage.another_process()?;
    day.check(Rule::OnDisk, other.state_digest()? == digest && other.head()? == head);
    day.line(&match day.lang {
        Lang::Pt => format!(
            "{messages} mensagens, {} entregues à Meta, {} eventos; nada na fila, nada em dúvida",
            handed_over.len(),
            events.len()
        ),
        Lang::En => format!(
            "{messages} messages, {} handed over to Meta, {} events; nothing queued, nothing in doubt",
            handed_over.len(),
            events.len()
        ),
    });
    Ok(())
}
