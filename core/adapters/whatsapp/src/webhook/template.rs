//! What happened to a template.
//!
//! What it is about is told by the keys that are there, not by `field`: Meta's own example of a quality change carries
//! the field of a status change. Sources: Meta, webhooks/reference/{message_template_status_update,
//! message_template_quality_update, message_template_components_update, template_category_update}.

use guiche_core::inbound::{Element, TemplateChange, TemplateNotice};
use guiche_core::time::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::{Reason, Text, or_empty, parsed, some};

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    message_template_id: Option<Text<'a>>,
    #[serde(borrow)]
    message_template_name: Option<Text<'a>>,
    #[serde(borrow)]
    message_template_language: Option<Text<'a>>,
    #[serde(borrow)]
    event: Option<Text<'a>>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
    #[serde(borrow)]
    other_info: Option<&'a RawValue>,
    #[serde(borrow)]
    new_quality_score: Option<Text<'a>>,
    #[serde(borrow)]
    new_category: Option<Text<'a>>,
    #[serde(borrow)]
    correct_category: Option<Text<'a>>,
}

/// Whether changes of this field are about one template.
pub(crate) fn is_about_one(field: &str) -> bool {
    field.starts_with("message_template_") || field.starts_with("template_category_")
}

/// `at` is when the notice was made, as its entry says.
pub(crate) fn notice(raw: &str, at: Option<Timestamp>) -> Result<Element, Reason> {
    let value: Value<'_> = parsed(raw)?;
    let platform_id = or_empty(value.message_template_id.as_ref());
    let name = or_empty(value.message_template_name.as_ref());
    if platform_id.is_empty() && name.is_empty() {
        return Err("missing_id");
    }
    let change = if let Some(score) = some(value.new_quality_score.as_ref()) {
        TemplateChange::Quality { score }
    } else if let Some(current) = some(value.new_category.as_ref()) {
        // `new_category` is the present one while the change is only announced (`correct_category` is there), and the
        // new one once it is done.
        TemplateChange::Category { current, upcoming: some(value.correct_category.as_ref()) }
    } else if let Some(event) = some(value.event.as_ref()) {
        TemplateChange::Status {
            event: event.to_ascii_uppercase(),
            reason: some(value.reason.as_ref()),
            title: title(value.other_info),
        }
    } else {
        // All that is left is a change of the text: fetched again, not pieced together.
        TemplateChange::Components
    };
    // Meta writes `en-US` in one example and `en_US` everywhere else.
    let language = or_empty(value.message_template_language.as_ref()).replace('-', "_");
    Ok(Element::Template(TemplateNotice { platform_id, name, language, change, at }))
}

fn title(other_info: Option<&RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct Info<'a> {
        #[serde(borrow)]
        title: Option<Text<'a>>,
    }
    let info: Info<'_> = serde_json::from_str(other_info?.get()).ok()?;
    some(info.title.as_ref())
}
