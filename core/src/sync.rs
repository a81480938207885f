//! Template sync: walk every page, compare, then replace in one commit (G-11).
//!
//! A listing that breaks off changes nothing. What vanished is marked, not dropped: history keeps what was sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::engine::{Command, Engine};
use crate::error::{Entity, Error, Refusal};
use crate::event::EventKind;
use crate::id::{ChannelId, TemplateId};
use crate::port::{SyncPage, SyncProgress, TransferError};
use crate::store::Row;
use crate::template::{Template, TemplateDefinition, TemplateStatus, TemplateTimes};
use crate::unit::Unit;

/// What a sync would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDiff {
    /// The messaging account.
    pub waba_id: String,
    /// Templates that are new here.
    pub added: Vec<TemplateDefinition>,
    /// Templates that differ.
    pub changed: Vec<TemplateDifference>,
    /// Templates that are no longer listed.
    pub vanished: Vec<TemplateKey>,
    /// How many are the same.
    pub unchanged: u32,
}

impl TemplateDiff {
    /// Whether there is nothing to apply.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.vanished.is_empty()
    }
}

/// The platform's key of a template within its account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TemplateKey {
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
}

/// A template that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDifference {
    /// As it is here.
    pub before: TemplateDefinition,
    /// As the platform lists it.
    pub after: TemplateDefinition,
    /// Whether its status is other.
    pub status_changed: bool,
    /// Whether its text or its fields are other.
    pub form_changed: bool,
}

/// Applies a difference in one commit: all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyTemplates {
    /// What [`Engine::diff_templates`] found.
    pub diff: TemplateDiff,
}

impl Command for ApplyTemplates {
    const NAME: &'static str = "apply_templates";
    type Outcome = TemplateDiff;

    fn run(&self, unit: &mut Unit<'_>) -> Result<TemplateDiff, Error> {
        if self.diff.is_empty() {
            return Ok(self.diff.clone());
        }
        let known = unit.stored().templates(&self.diff.waba_id)?;
        let mut known: BTreeMap<_, _> = known.into_iter().map(|row| (key(&row.definition), row)).collect();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for after in self.diff.added.iter().chain(self.diff.changed.iter().map(|difference| &difference.after)) {
            let template = match known.remove(&key(after)) {
                Some(before) => updated(before, after, unit.now),
                None => Template {
                    id: TemplateId::from_raw(unit.new_id()),
                    waba_id: self.diff.waba_id.clone(),
                    definition: after.clone(),
                    version: 1,
                    reason: None,
                    synced_at: unit.now,
                    previous: None,
                    noticed: TemplateTimes::default(),
                },
            };
            unit.happened(None, EventKind::TemplateSynced { template_id: template.id });
            unit.put(Row::Template(template));
        }
        for gone in &self.diff.vanished {
            if let Some(mut template) = known.remove(gone) {
                template.definition.status = TemplateStatus::Vanished;
                unit.happened(None, EventKind::TemplateSynced { template_id: template.id });
                unit.put(Row::Template(template));
            }
        }
        unit.happened(
            None,
            EventKind::TemplatesSynced {
                waba_id: self.diff.waba_id.clone(),
                added: count(self.diff.added.len()),
                changed: count(self.diff.changed.len()),
                vanished: count(self.diff.vanished.len()),
            },
        );
        Ok(self.diff.clone())
    }
}

/// How often a listing begins again because its cursor expired.
const RESTARTS: u32 = 2;
/// No account has more pages than this; a listing that goes on is broken (Meta: 6,000 templates at most).
const MOST_PAGES: u32 = 1_000;

impl Engine {
    /// What a sync of a channel's templates would change. Walks every page; writes nothing.
    ///
    /// # Errors
    /// `channel_has_no_templates`, `not_found`; `network_failed`, `platform_refused`, `answer_unreadable` if the listing
    /// breaks off.
    pub fn diff_templates(&self, channel: ChannelId) -> Result<TemplateDiff, Error> {
        self.compare_templates(channel, None)
    }

    /// As [`Engine::diff_templates`], telling `progress` after each page, which may end it.
    ///
    /// # Errors
    /// Those of [`Engine::diff_templates`]; `cancelled` if `progress` ended it.
    pub fn diff_templates_with(&self, channel: ChannelId, progress: &dyn SyncProgress) -> Result<TemplateDiff, Error> {
        self.compare_templates(channel, Some(progress))
    }

    fn compare_templates(
        &self,
        channel: ChannelId,
        progress: Option<&dyn SyncProgress>,
    ) -> Result<TemplateDiff, Error> {
        let channel = self.templated(channel)?;
        let (listed, is_whole) = self.list_templates(&channel, progress)?;
        let mut diff = self.read(|stored| Ok(diff(&channel.waba_id, &stored.templates(&channel.waba_id)?, &listed)))?;
        if !is_whole {
            // What is not among those read may be among those that could not be.
            diff.vanished.clear();
        }
        Ok(diff)
    }

    /// Lists, compares and applies.
    ///
    /// # Errors
    /// Those of [`Engine::diff_templates`] and of applying.
    pub fn sync_templates(&self, channel: ChannelId) -> Result<TemplateDiff, Error> {
        let diff = self.diff_templates(channel)?;
        Ok(self.admin().apply_templates(&diff)?.outcome)
    }

    /// As [`Engine::sync_templates`], telling `progress` after each page, which may end it: then nothing changes.
    ///
    /// # Errors
    /// Those of [`Engine::sync_templates`]; `cancelled` if `progress` ended it.
    pub fn sync_templates_with(&self, channel: ChannelId, progress: &dyn SyncProgress) -> Result<TemplateDiff, Error> {
        let diff = self.diff_templates_with(channel, progress)?;
        Ok(self.admin().apply_templates(&diff)?.outcome)
    }

    /// Every template of a channel's account, by name, then language, sendable or not.
    ///
    /// # Errors
    /// `not_found`.
    pub fn templates(&self, channel: ChannelId) -> Result<Vec<Template>, Error> {
        let channel = self.templated(channel)?;
        self.read(|stored| stored.templates(&channel.waba_id))
    }

    fn templated(&self, id: ChannelId) -> Result<Channel, Error> {
        let setup = self.setup()?;
        let channel = setup.channels.get(&id).ok_or_else(|| Error::not_found(Entity::Channel, id))?;
        if channel.rules.templates { Ok(channel.clone()) } else { Err(Refusal::ChannelHasNoTemplates.into()) }
    }

    /// Every page, beginning again if the cursor expires on the way; and whether every template on them could be read.
    fn list_templates(
        &self,
        channel: &Channel,
        progress: Option<&dyn SyncProgress>,
    ) -> Result<(Vec<TemplateDefinition>, bool), Error> {
        let platform = self.platform(channel.kind).ok_or_else(|| Error::store("no_platform"))?;
        let unreadable = |reason: &str| TransferError::Unreadable { reason: reason.to_owned() };
        let mut restarts = 0;
        'listing: loop {
            let mut listed = BTreeMap::new();
            let mut cursor: Option<String> = None;
            let mut read = SyncPage { pages: 0, templates: 0, unread: 0, is_last: false };
            for _ in 0..MOST_PAGES {
                let page = match platform.templates.page(channel, cursor.as_deref()) {
                    Err(TransferError::CursorExpired) if restarts < RESTARTS => {
                        restarts += 1;
                        continue 'listing;
                    }
                    answer => answer?,
                };
                // A template may be listed twice while others change: the later entry counts.
                read.pages += 1;
                read.templates = read.templates.saturating_add(u32::try_from(page.templates.len()).unwrap_or(u32::MAX));
                read.unread = read.unread.saturating_add(page.unread);
                read.is_last = page.next.is_none();
                listed.extend(page.templates.into_iter().map(|template| (key(&template), template)));
                if progress.is_some_and(|progress| !progress.page_read(&read)) {
                    return Err(TransferError::Cancelled.into());
                }
                match page.next {
                    None => return Ok((listed.into_values().collect(), read.unread == 0)),
                    Some(next) if Some(&next) == cursor.as_ref() => return Err(unreadable("cursor_repeats").into()),
                    Some(next) => cursor = Some(next),
                }
            }
            return Err(unreadable("too_many_pages").into());
        }
    }
}

fn key(definition: &TemplateDefinition) -> TemplateKey {
    TemplateKey { name: definition.name.clone(), language: definition.language.clone() }
}

fn updated(before: Template, after: &TemplateDefinition, now: crate::time::Timestamp) -> Template {
    let form_changed = form_changed(&before.definition, after);
    let status_changed = before.definition.status != after.status;
    Template {
        version: before.version + u32::from(form_changed),
        reason: if status_changed { None } else { before.reason },
        previous: if form_changed { Some(before.definition) } else { before.previous },
        definition: after.clone(),
        synced_at: now,
        ..before
    }
}

fn form_changed(before: &TemplateDefinition, after: &TemplateDefinition) -> bool {
    before.form != after.form || before.format != after.format
}

fn diff(waba_id: &str, known: &[Template], listed: &[TemplateDefinition]) -> TemplateDiff {
    let by_key: BTreeMap<_, _> = known.iter().map(|row| (key(&row.definition), &row.definition)).collect();
    let mut diff = TemplateDiff {
        waba_id: waba_id.to_owned(),
        added: Vec::new(),
        changed: Vec::new(),
        vanished: Vec::new(),
        unchanged: 0,
    };
    for after in listed {
        match by_key.get(&key(after)) {
            None => diff.added.push(after.clone()),
            Some(before) if *before == after => diff.unchanged += 1,
            Some(before) => diff.changed.push(TemplateDifference {
                before: (*before).clone(),
                after: after.clone(),
                status_changed: before.status != after.status,
                form_changed: form_changed(before, after),
            }),
        }
    }
    let listed: std::collections::BTreeSet<_> = listed.iter().map(key).collect();
    diff.vanished = known
        .iter()
        .filter(|row| row.definition.status != TemplateStatus::Vanished)
        .map(|row| key(&row.definition))
        .filter(|key| !listed.contains(key))
        .collect();
    diff
}
