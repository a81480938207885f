//! The templates of a sandbox in the hands of a test.

use crate::ids;
use crate::sandbox::Sandbox;
use crate::template::{Category, Template, TemplateBuilder, TemplateStatus};

impl Sandbox {
    /// Adds a template to an account. Returns its id.
    pub fn add_template(&self, waba_id: &str, template: &TemplateBuilder) -> String {
        let mut world = self.shared.world();
        let id = ids::object(&mut world.random);
        let template = template.build(id.clone(), waba_id);
        world.templates.push(template);
        id
    }

    /// The templates of every account, as they are now.
    pub fn templates(&self) -> Vec<Template> {
        self.shared.world().templates.clone()
    }

    /// Changes the status of a template in every account that has it, and queues the
    /// `message_template_status_update` of each. False when no account has it.
    pub fn set_template_status(&self, name: &str, language: &str, status: TemplateStatus) -> bool {
        self.shared.world().set_template_status(name, language, status)
    }

    /// Rejects a template for a reason, for example `TAG_CONTENT_MISMATCH`. False when no account has it.
    pub fn reject_template(&self, name: &str, language: &str, reason: &str) -> bool {
        self.shared.world().reject_template(name, language, reason)
    }

    /// An event that is no status of its own (`FLAGGED`, `LOCKED`, `REINSTATED`, `UNARCHIVED`): the
    /// webhook is queued and the template stays as it is.
    pub fn template_event(&self, name: &str, language: &str, event: &str) -> bool {
        self.shared.world().template_event(name, language, event)
    }

    /// Replaces the body of a template, as an edit on Meta's side does. Messages made from an older
    /// copy are then refused with 132000.
    pub fn edit_template_body(&self, name: &str, language: &str, body: &str) -> bool {
        self.shared.world().edit_template_body(name, language, body)
    }

    /// A new quality score (`GREEN`, `YELLOW`, `RED`, `UNKNOWN`) and its webhook.
    pub fn set_template_quality(&self, name: &str, language: &str, score: &str) -> bool {
        self.shared.world().set_template_quality(name, language, score)
    }

    /// Holds messages made from a template for quality assessment, or stops holding them.
    pub fn set_template_paced(&self, name: &str, language: &str, paced: bool) {
        for template in &mut self.shared.world().templates {
            if template.name == name && template.language == language {
                template.paced = paced;
            }
        }
    }

    /// Bad feedback: the quality is red and the template paused for 3 hours, the second time for 6, the
    /// third time disabled. It comes back by itself when the clock is moved.
    pub fn pause_template_for_quality(&self, name: &str, language: &str) -> bool {
        self.shared.world().pause_for_quality(name, language)
    }

    /// Archives a template; 28 days later it is deleted.
    pub fn archive_template(&self, name: &str, language: &str) -> bool {
        self.shared.world().archive_template(name, language)
    }

    /// Brings an archived template back to its former status.
    pub fn unarchive_template(&self, name: &str, language: &str) -> bool {
        self.shared.world().unarchive_template(name, language)
    }

    /// Announces that a category will be corrected; a day later it is.
    pub fn announce_template_category(&self, name: &str, language: &str, correct: Category) -> bool {
        self.shared.world().announce_category(name, language, correct)
    }

    /// Corrects a category at once.
    pub fn change_template_category(&self, name: &str, language: &str, category: Category) -> bool {
        self.shared.world().change_category(name, language, category)
    }
}
