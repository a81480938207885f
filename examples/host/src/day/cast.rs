//! Who plays the day: the company, its departments, those who attend, and its labels.

use guiche_core::admin::{CreateAttendant, CreateChannel, CreateDepartment};
use guiche_core::attendance::Phase;
use guiche_core::channel::ChannelKind;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, StatusId, TagId};
use guiche_core::permission::{ATTENDANT, SUPERVISOR};
use guiche_core::setup::{Account, FinishRequirement, Membership, ReopenPolicy};

use super::stage::number;

/// The cast.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cast {
    pub(crate) channel: ChannelId,
    pub(crate) sales: DepartmentId,
    pub(crate) maintenance: DepartmentId,
    /// Sales.
    pub(crate) ana: AttendantId,
    /// Sales.
    pub(crate) bruno: AttendantId,
    /// Supervises both departments.
    pub(crate) carla: AttendantId,
    /// Maintenance.
    pub(crate) davi: AttendantId,
    /// Maintenance.
    pub(crate) elisa: AttendantId,
    pub(crate) commercial: AttendanceTypeId,
    pub(crate) repair: AttendanceTypeId,
    pub(crate) visit_booked: StatusId,
    pub(crate) tower: TagId,
}

impl Cast {
    /// Sets the account up.
    pub(crate) fn hire(engine: &Engine) -> Result<Self, Error> {
        let admin = engine.admin();
        admin.set_account(&Account {
            name: "Construtora Horizonte".to_owned(),
            finish_requires: vec![FinishRequirement::AttendanceType],
            ..Account::default()
        })?;
        let department = |name: &str, reopen| {
            let command = CreateDepartment { name: name.to_owned(), reopen, ..CreateDepartment::default() };
            admin.create_department(&command).map(|done| done.outcome.id)
        };
        let sales = department("Vendas", ReopenPolicy::default())?;
        let maintenance = department("Manutenção", ReopenPolicy::Never)?;
        let number = number();
        let channel = admin.create_channel(&CreateChannel {
            kind: ChannelKind::WhatsApp,
            name: "WhatsApp".to_owned(),
            number_id: number.phone_number_id,
            display_number: number.display_phone_number,
            waba_id: number.waba_id,
            portfolio_id: number.portfolio,
            default_department: sales,
            rules: None,
        })?;
        let attendant = |name: &str, role: &str, departments: &[DepartmentId]| {
            let supervises = role == SUPERVISOR;
            let departments = departments.iter().map(|id| Membership { department_id: *id, supervises }).collect();
            let command = CreateAttendant { name: name.to_owned(), login: None, role: role.to_owned(), departments };
            admin.create_attendant(&command).map(|done| done.outcome.id)
        };
        Ok(Self {
            channel: channel.outcome.id,
            sales,
            maintenance,
            ana: attendant("Ana", ATTENDANT, &[sales])?,
            bruno: attendant("Bruno", ATTENDANT, &[sales])?,
            carla: attendant("Carla", SUPERVISOR, &[sales, maintenance])?,
            davi: attendant("Davi", ATTENDANT, &[maintenance])?,
            elisa: attendant("Elisa", ATTENDANT, &[maintenance])?,
            commercial: admin.create_attendance_type("Comercial")?.outcome.id,
            repair: admin.create_attendance_type("Manutenção")?.outcome.id,
            visit_booked: admin.create_status("Visita agendada", Phase::InConversation)?.outcome.id,
            tower: admin.create_tag("torre-b")?.outcome.id,
        })
    }
}
