//! What happens to templates on Meta's side, and the webhooks that tell it.
//!
//! Source: Meta, webhooks/reference/message_template_status_update,
//! message_template_components_update, message_template_quality_update: account-level fields, with
//! `entry[].time` and without `metadata`.

use serde_json::{Value, json};

use crate::clock::seconds;
use crate::template::{Template, TemplateStatus};
use crate::world::World;

impl World {
    pub(crate) fn set_template_status(&mut self, name: &str, language: &str, status: TemplateStatus) -> bool {
        let now = self.now();
        self.change_template(name, language, |template| {
            let unpaused = template.status == TemplateStatus::Paused && status == TemplateStatus::Approved;
            template.status = status;
            template.updated_at_ms = now;
            template.due = None;
            template.paused_at_ms = (status == TemplateStatus::Paused).then_some(now);
            let mut value = json!({ "event": status.as_str(), "reason": "NONE" });
            match status {
                TemplateStatus::Rejected => {
                    value["reason"] = template.rejected_reason.as_deref().unwrap_or("NONE").into();
                    if value["reason"] == "INVALID_FORMAT" {
                        value["rejection_info"] = json!({
                            "reason": "The format is not valid.", "recommendation": "Change the format.",
                        });
                    }
                }
                TemplateStatus::Paused if template.paced => value["other_info"] = other_info("RATE_LIMITING_PAUSE"),
                TemplateStatus::Paused if template.pauses > 1 => value["other_info"] = other_info("SECOND_PAUSE"),
                TemplateStatus::Paused => value["other_info"] = other_info("FIRST_PAUSE"),
                TemplateStatus::Disabled => {
                    value["other_info"] = other_info("DISABLED");
                    value["disable_info"] = json!({ "disable_date": seconds(now).to_string() });
                }
                TemplateStatus::Approved if unpaused => value["other_info"] = other_info("UNPAUSE"),
                _ => {}
            }
            ("message_template_status_update", value)
        })
    }

    pub(crate) fn reject_template(&mut self, name: &str, language: &str, reason: &str) -> bool {
        for template in &mut self.templates {
            if template.name == name && template.language == language {
                template.rejected_reason = Some(reason.to_owned());
            }
        }
        self.set_template_status(name, language, TemplateStatus::Rejected)
    }

    pub(crate) fn template_event(&mut self, name: &str, language: &str, event: &str) -> bool {
        self.change_template(name, language, |_| {
            ("message_template_status_update", json!({ "event": event, "reason": Value::Null }))
        })
    }

    pub(crate) fn edit_template_body(&mut self, name: &str, language: &str, body: &str) -> bool {
        self.change_template(name, language, |template| {
            for component in &mut template.components {
                if component["type"] == "BODY" {
                    component["text"] = body.into();
                }
            }
            ("message_template_components_update", json!({ "message_template_element": body }))
        })
    }

    pub(crate) fn set_template_quality(&mut self, name: &str, language: &str, score: &str) -> bool {
        self.change_template(name, language, |template| {
            let before = std::mem::replace(&mut template.quality, score.to_owned());
            let value = json!({ "previous_quality_score": before, "new_quality_score": score });
            ("message_template_quality_update", value)
        })
    }

    pub(crate) fn change_template(
        &mut self,
        name: &str,
        language: &str,
        change: impl Fn(&mut Template) -> (&'static str, Value),
    ) -> bool {
        let mut updates = Vec::new();
        for template in &mut self.templates {
            if template.name == name && template.language == language {
                let (field, mut value) = change(template);
                // A number too long for a double, as Meta sends it.
                value["message_template_id"] = template.id.parse::<u64>().unwrap_or_default().into();
                value["message_template_name"] = name.into();
                value["message_template_language"] = language.into();
                value["message_template_category"] = template.category.as_str().into();
                updates.push((template.waba_id.clone(), field, value));
            }
        }
        let changed = !updates.is_empty();
        for (waba_id, field, value) in updates {
            self.enqueue_account(&waba_id, field, value);
        }
        changed
    }
}

fn other_info(title: &str) -> Value {
    json!({ "title": title, "description": "The template received negative feedback." })
}
