//! What happens to templates with time: pauses that end, archived ones that are deleted, categories that
//! Meta corrects.
//!
//! Sources: Meta, templates/template-pausing (2025-10-22): 3 h, 6 h, then disabled, and back by itself;
//! templates/template-archival: deleted after 28 days; webhooks/reference/template_category_update.

use serde_json::json;

use crate::clock::{DAY, HOUR, seconds};
use crate::template::{Category, TemplateStatus};
use crate::world::World;

const ARCHIVED_FOR: i64 = 28 * DAY;
/// How long ahead Meta announces a change of category.
const ANNOUNCED_FOR: i64 = DAY;

impl World {
    /// Lets everything happen that the clock has reached.
    pub(crate) fn catch_up(&mut self) {
        let now = self.now();
        let due: Vec<(String, String, TemplateStatus)> = self
            .templates
            .iter()
            .filter_map(|template| {
                let (_, status) = template.due.filter(|(at, _)| *at <= now)?;
                Some((template.name.clone(), template.language.clone(), status))
            })
            .collect();
        for (name, language, status) in due {
            for template in &mut self.templates {
                if template.name == name && template.language == language {
                    template.due = None;
                }
            }
            self.set_template_status(&name, &language, status);
        }
        self.templates.retain(|template| template.status != TemplateStatus::Deleted);
        let announced: Vec<(String, String, Category)> = self
            .templates
            .iter()
            .filter(|template| template.correct_category.is_some() && template.updated_at_ms + ANNOUNCED_FOR <= now)
            .filter_map(|one| Some((one.name.clone(), one.language.clone(), one.correct_category?)))
            .collect();
        for (name, language, category) in announced {
            self.change_category(&name, &language, category);
        }
    }

    /// Bad feedback: red, and paused for 3 hours, then for 6, then disabled.
    pub(crate) fn pause_for_quality(&mut self, name: &str, language: &str) -> bool {
        let now = self.now();
        let Some(pauses) =
            self.templates.iter().find(|one| one.name == name && one.language == language).map(|one| one.pauses)
        else {
            return false;
        };
        self.set_template_quality(name, language, "RED");
        let status = if pauses < 2 { TemplateStatus::Paused } else { TemplateStatus::Disabled };
        for template in &mut self.templates {
            if template.name == name && template.language == language {
                template.pauses = pauses + 1;
            }
        }
        self.set_template_status(name, language, status);
        if status == TemplateStatus::Paused {
            let length = if pauses == 0 { 3 * HOUR } else { 6 * HOUR };
            for template in &mut self.templates {
                if template.name == name && template.language == language {
                    template.due = Some((now + length, TemplateStatus::Approved));
                }
            }
        }
        true
    }

    /// Archives an inactive template; it is deleted 28 days later unless it comes back.
    pub(crate) fn archive_template(&mut self, name: &str, language: &str) -> bool {
        let now = self.now();
        for template in &mut self.templates {
            if template.name == name && template.language == language {
                template.before_archive = Some(template.status);
            }
        }
        let archived = self.set_template_status(name, language, TemplateStatus::Archived);
        for template in &mut self.templates {
            if template.name == name && template.language == language {
                template.due = Some((now + ARCHIVED_FOR, TemplateStatus::Deleted));
            }
        }
        archived
    }

    /// Brings an archived template back to its former status; the event is not that status.
    pub(crate) fn unarchive_template(&mut self, name: &str, language: &str) -> bool {
        self.change_template(name, language, |template| {
            template.status = template.before_archive.take().unwrap_or(TemplateStatus::Approved);
            template.due = None;
            ("message_template_status_update", json!({ "event": "UNARCHIVED", "reason": "NONE" }))
        })
    }

    /// Announces a correction: `new_category` is the present one here.
    pub(crate) fn announce_category(&mut self, name: &str, language: &str, correct: Category) -> bool {
        let now = self.now();
        self.change_template(name, language, |template| {
            template.correct_category = Some(correct);
            template.updated_at_ms = now;
            let value = json!({
                "correct_category": correct.as_str(),
                "new_category": template.category.as_str(),
                "category_update_timestamp": seconds(now + ANNOUNCED_FOR),
            });
            ("template_category_update", value)
        })
    }

    /// Corrects the category: `new_category` is the new one here.
    pub(crate) fn change_category(&mut self, name: &str, language: &str, category: Category) -> bool {
        let now = self.now();
        self.change_template(name, language, |template| {
            let before = std::mem::replace(&mut template.category, category);
            template.previous_category = Some(before);
            template.correct_category = None;
            template.updated_at_ms = now;
            let value = json!({ "previous_category": before.as_str(), "new_category": category.as_str() });
            ("template_category_update", value)
        })
    }
}
