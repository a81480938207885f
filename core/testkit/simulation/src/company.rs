//! The company of every run: two numbers, two departments, five people, and the platform that knows them.

use guiche_core::error::Error;
use guiche_core::id::{AttendantId, DepartmentId};
use guiche_core::permission;
use guiche_core::setup::SetupRow;
use guiche_core::store::{ChangeSet, Row, Store};
use guiche_sandbox::{
    BusinessNumber, DeliveryShape, Order, Sandbox, SandboxConfig, StatusPlan, TemplateBuilder, WindowRefusal,
};
use guiche_testkit::sample;

/// The key of the webhooks' signatures.
pub(crate) const APP_SECRET: &str = "simulation-app-secret";
/// The access token.
pub(crate) const TOKEN: &str = "simulation-token";
/// Everybody who attends: two attendants, a supervisor of one department, and one who sees everything.
pub(crate) const STAFF: [AttendantId; 4] = [sample::ANA, sample::BRUNO, sample::CARLA, AttendantId::from_raw(4)];
/// The departments.
pub(crate) const DEPARTMENTS: [DepartmentId; 2] = [sample::SALES, sample::SUPPORT];

/// Sets the company up in an empty store.
pub(crate) fn found(store: &dyn Store) -> Result<(), Error> {
    let mut rows: Vec<Row> = sample::setup().into_iter().map(Row::Setup).collect();
    let admin = sample::attendant(STAFF[3], permission::ADMIN, &[]);
    rows.push(Row::Setup(SetupRow::Attendant(admin)));
    rows.push(Row::Template(sample::template(1)));
    let changes = ChangeSet { at: sample::NOON, ..sample::changes(rows, vec![sample::event()]) };
    store.write(&mut |unit| unit.apply(&changes).map(drop))
}

/// The platform as it is for a run.
pub(crate) fn platform(seed: u64) -> Sandbox {
    let number = |id| {
        let channel = sample::channel(id);
        BusinessNumber::new(channel.number_id, channel.display_number)
            .waba(sample::WABA)
            .token(TOKEN)
            .app_secret(APP_SECRET)
            .portfolio("portfolio")
    };
    let template = sample::template(1).definition;
    Sandbox::in_process(SandboxConfig {
        numbers: vec![number(sample::CHANNEL), number(sample::OTHER_CHANNEL)],
        seed,
        start_at_ms: Some(sample::NOON.as_millis()),
        templates: vec![TemplateBuilder::new(template.name, template.language, template.form.body)],
        statuses: if seed % 2 == 0 { StatusPlan::IMMEDIATE } else { StatusPlan::REALISTIC },
        window_refusal: if seed % 3 == 0 { WindowRefusal::Synchronous } else { WindowRefusal::Asynchronous },
        shape: shape(seed),
        ..SandboxConfig::default()
    })
}

/// How updates share bodies. Late, twice and out of order they come by the way in which the simulation hands them over.
fn shape(seed: u64) -> DeliveryShape {
    use guiche_sandbox::Batching;
    DeliveryShape {
        batching: match seed % 3 {
            0 => Batching::OnePerItem,
            1 => Batching::RandomUpTo(4),
            _ => Batching::UpTo(50),
        },
        order: if seed % 5 < 3 { Order::AsHappened } else { Order::Shuffled },
        duplicates: if seed % 4 == 0 { 0.2 } else { 0.0 },
        delay_ms: None,
    }
}
