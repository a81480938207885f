//! The rules of [`InboxQuery`](guiche_core::store::InboxQuery) and of markers as SQL conditions on an attendance `a`.
//!
//! Everything that callers give is bound. Lists are padded, so that few statements serve all lengths.

use guiche_core::attendance::Phase;
use guiche_core::id::{AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, StatusId, TagId};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::Named;

use crate::attendance::tag_bytes;
use crate::words;

/// Whether it is unseen by whom the mark `s` is of; of a shelf of open ones.
pub(crate) const UNSEEN: &str = "(s.unseen IS 1 OR a.inbound > coalesce(s.inbound, 0))";
/// The same of a shelf on which finished ones lie too.
pub(crate) const OPEN_AND_UNSEEN: &str = "(a.phase < 3 AND (s.unseen IS 1 OR a.inbound > coalesce(s.inbound, 0)))";
/// Of nobody's eyes, and of finished ones.
pub(crate) const NOTHING: &str = "0";

/// A query as SQL.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Bound>,
}

/// What is bound: filters are about numbers, but for the bytes of tags, words, and long lists, which are JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    Number(i64),
    Bytes([u8; 10]),
    Text(String),
}

impl rusqlite::ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Bound::Number(number) => number.to_sql(),
            Bound::Bytes(bytes) => Ok(bytes.as_slice().into()),
            Bound::Text(text) => text.to_sql(),
        }
    }
}

impl Sql {
    pub(crate) fn bind(&mut self, value: i64) -> String {
        self.place(Bound::Number(value))
    }

    pub(crate) fn bind_text(&mut self, value: String) -> String {
        self.place(Bound::Text(value))
    }

    fn place(&mut self, value: Bound) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// Adds a condition to those that must hold.
    pub(crate) fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }

    pub(crate) fn and_some(&mut self, condition: Option<String>) {
        if let Some(condition) = condition {
            self.and(&condition);
        }
    }

    pub(crate) fn is(&mut self, column: &str, value: Option<i64>) {
        if let Some(value) = value {
            let place = self.bind(value);
            self.and(&format!("a.{column} = {place}"));
        }
    }

    /// A list of values. Its length is rounded up, by repeating the last one, so that few statements are prepared.
    pub(crate) fn list(&mut self, values: impl IntoIterator<Item = i64>) -> String {
        let values: Vec<i64> = values.into_iter().collect();
        let padding = values.last().copied().into_iter().cycle();
        let padded: Vec<i64> = values.iter().copied().chain(padding).take(values.len().next_power_of_two()).collect();
        let places: Vec<String> = padded.into_iter().map(|value| self.bind(value)).collect();
        places.join(", ")
    }

    /// That a column has one of the values; of no values, any.
    pub(crate) fn any<T: Copy>(&mut self, column: &str, values: &[T], raw: fn(T) -> i64) -> Option<String> {
        match values {
            [] => None,
            [one] => {
                let place = self.bind(raw(*one));
                Some(format!("a.{column} = {place}"))
            }
            _ => {
                let list = self.list(values.iter().copied().map(raw));
                Some(format!("a.{column} IN ({list})"))
            }
        }
    }

    pub(crate) fn tagged(&mut self, tag: TagId) -> String {
        let place = self.place(Bound::Bytes(tag_bytes(tag)));
        format!("instr(a.tags, {place}) > 0")
    }

    /// `permission::sees`.
    pub(crate) fn sees(&mut self, sight: &Sight, trash: bool) -> Option<String> {
        let Sight::Desk(DeskSight { attendant_id, whole, unassigned, trash: sees_trash }) = sight else { return None };
        let own = self.bind(attendant_id.raw());
        let mut seen = format!("(a.assignee_id = {own}");
        if !trash || *sees_trash {
            if let Some(whole) = self.any("department_id", whole, DepartmentId::raw) {
                seen.push_str(&format!(" OR {whole}"));
            }
            if let Some(unassigned) = self.any("department_id", unassigned, DepartmentId::raw) {
                seen.push_str(&format!(" OR (a.assignee_id IS NULL AND {unassigned})"));
            }
        }
        seen.push(')');
        Some(seen)
    }

    /// Who has it: one of these, or nobody; of neither, anybody.
    pub(crate) fn assigned(&mut self, assignees: &[AttendantId], unassigned: bool) -> Option<String> {
        let theirs = self.any("assignee_id", assignees, AttendantId::raw);
        match (theirs, unassigned) {
            (None, false) => None,
            (None, true) => Some("a.assignee_id IS NULL".to_owned()),
            (theirs, false) => theirs,
            (Some(theirs), true) => Some(format!("(a.assignee_id IS NULL OR {theirs})")),
        }
    }

    /// In one of these phases. They are few: they are written, not bound.
    pub(crate) fn phases(phases: &[Phase]) -> Option<String> {
        let mut wanted: Vec<i64> = phases.iter().copied().map(words::phase_code).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        (!wanted.is_empty()).then(|| format!("a.phase IN ({})", wanted.join(", ")))
    }

    /// Of one of these contacts or with one of these tags.
    pub(crate) fn named(&mut self, named: &Named) -> String {
        let mut either = Vec::new();
        if !named.contacts.is_empty() {
            let contacts: Vec<String> = named.contacts.iter().map(|id| id.raw().to_string()).collect();
            let place = self.bind_text(format!("[{}]", contacts.join(",")));
            either.push(format!("a.contact_id IN (SELECT value FROM json_each({place}))"));
        }
        either.extend(named.tags.iter().map(|tag| self.tagged(*tag)));
        if either.is_empty() { NOTHING.to_owned() } else { format!("({})", either.join(" OR ")) }
    }

    /// Of one of these contacts, who are few.
    pub(crate) fn of_contacts(&mut self, contacts: &[ContactId]) -> Option<String> {
        self.any("contact_id", contacts, ContactId::raw)
    }

    /// What a marker shows; `unseen` is the condition for that.
    pub(crate) fn marker(&mut self, marker: &MarkerFilter, unseen: &str) -> String {
        // Every field is named, so that a new one has to be put in its place here.
        let MarkerFilter {
            phases,
            departments,
            assignees,
            unassigned,
            channels,
            statuses,
            types,
            tags,
            unseen: only_unseen,
        } = marker;
        let mut all: Vec<String> = [
            Self::phases(phases),
            self.any("department_id", departments, DepartmentId::raw),
            self.assigned(assignees, *unassigned),
            self.any("channel_id", channels, ChannelId::raw),
            self.any("status_id", statuses, StatusId::raw),
            self.any("type_id", types, AttendanceTypeId::raw),
            only_unseen.then(|| unseen.to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect();
        all.extend(tags.iter().map(|tag| self.tagged(*tag)));
        if all.is_empty() { "1".to_owned() } else { format!("({})", all.join(" AND ")) }
    }
}
