//! Message templates: what a WABA has, and how a test adds one.

use serde_json::{Map, Value, json};

/// Where a template stands. Source: Meta, templates/overview and its list endpoint; only `Approved`
/// ones can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateStatus {
    /// Sendable.
    Approved,
    /// In review.
    Pending,
    /// Review said no.
    Rejected,
    /// Paused for quality: sends are refused with 132015.
    Paused,
    /// Disabled for quality: sends are refused with 132016.
    Disabled,
    /// The rejection is being appealed.
    InAppeal,
    /// Unused for long.
    Archived,
    /// Gone, messages included.
    Deleted,
    /// Deleted while messages are in flight.
    PendingDeletion,
}

impl TemplateStatus {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::Pending => "PENDING",
            Self::Rejected => "REJECTED",
            Self::Paused => "PAUSED",
            Self::Disabled => "DISABLED",
            Self::InAppeal => "IN_APPEAL",
            Self::Archived => "ARCHIVED",
            Self::Deleted => "DELETED",
            Self::PendingDeletion => "PENDING_DELETION",
        }
    }

    /// Reads the API's spelling.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Approved,
            Self::Pending,
            Self::Rejected,
            Self::Paused,
            Self::Disabled,
            Self::InAppeal,
            Self::Archived,
            Self::Deleted,
            Self::PendingDeletion,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
    }
}

/// What a template is for; it decides price and marketing rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// About something the person asked for.
    Utility,
    /// Everything that promotes.
    Marketing,
    /// One-time codes.
    Authentication,
}

impl Category {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utility => "UTILITY",
            Self::Marketing => "MARKETING",
            Self::Authentication => "AUTHENTICATION",
        }
    }
}

/// A template of one WABA in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Numeric id, as a string.
    pub id: String,
    /// Owner.
    pub waba_id: String,
    /// Name, shared by the languages.
    pub name: String,
    /// Language code with underscore.
    pub language: String,
    /// Category.
    pub category: Category,
    /// Present status.
    pub status: TemplateStatus,
    /// `{{name}}` placeholders instead of `{{1}}`.
    pub named: bool,
    /// Definition as the list endpoint shows it.
    pub components: Vec<Value>,
    /// Why review said no.
    pub rejected_reason: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality: String,
    /// Sends are held for quality assessment (Meta, templates/template-pacing).
    pub paced: bool,
}

impl Template {
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        self.components.iter().find(|component| component["type"] == kind)
    }

    /// As the API shows it.
    pub(crate) fn json(&self) -> Map<String, Value> {
        let mut shown = Map::new();
        shown.insert("id".into(), self.id.as_str().into());
        shown.insert("name".into(), self.name.as_str().into());
        shown.insert("language".into(), self.language.as_str().into());
        shown.insert("status".into(), self.status.as_str().into());
        shown.insert("category".into(), self.category.as_str().into());
        let format = if self.named { "NAMED" } else { "POSITIONAL" };
        shown.insert("parameter_format".into(), format.into());
        shown.insert("components".into(), self.components.clone().into());
        let reason = self.rejected_reason.as_deref().unwrap_or("NONE");
        shown.insert("rejected_reason".into(), reason.into());
        shown.insert("quality_score".into(), json!({ "score": self.quality }));
        shown
    }
}

/// The placeholders of a text, in order of first appearance: `["1", "2"]` or `["first_name"]`.
pub(crate) fn placeholders(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
        rest = after;
    }
    names
}

/// Builds a template for `Sandbox::add_template` or `SandboxConfig::templates`.
///
/// Parameters are named when the body or header has a placeholder that is not a number. Nothing is
/// reviewed: the sandbox accepts definitions that Meta would refuse.
#[derive(Debug, Clone)]
pub struct TemplateBuilder {
    name: String,
    language: String,
    category: Category,
    status: TemplateStatus,
    rejected_reason: Option<String>,
    paced: bool,
    header: Option<Value>,
    body: String,
    footer: Option<String>,
    buttons: Vec<Value>,
    cards: Vec<Vec<Value>>,
}

impl TemplateBuilder {
    /// An approved utility template with a body.
    pub fn new(name: impl Into<String>, language: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            language: language.into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            rejected_reason: None,
            paced: false,
            header: None,
            body: body.into(),
            footer: None,
            buttons: Vec::new(),
            cards: Vec::new(),
        }
    }

    /// Another category.
    #[must_use]
    pub fn category(mut self, category: Category) -> Self {
        self.category = category;
        self
    }

    /// Another status at the start.
    #[must_use]
    pub fn status(mut self, status: TemplateStatus) -> Self {
        self.status = status;
        self
    }

    /// Rejected, with Meta's reason, for example `TAG_CONTENT_MISMATCH`.
    #[must_use]
    pub fn rejected(mut self, reason: impl Into<String>) -> Self {
        self.status = TemplateStatus::Rejected;
        self.rejected_reason = Some(reason.into());
        self
    }

    /// Sends are held for quality assessment.
    #[must_use]
    pub fn paced(mut self) -> Self {
        self.paced = true;
        self
    }

    /// A text header with at most one placeholder.
    #[must_use]
    pub fn header_text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut header = json!({ "type": "HEADER", "format": "TEXT", "text": text });
        let names = placeholders(&text);
        if !names.is_empty() {
            header["example"] = if is_named(&names) {
                json!({ "header_text_named_params": named_examples(&names) })
            } else {
                json!({ "header_text": positional_examples(&names) })
            };
        }
        self.header = Some(header);
        self
    }

    /// A header whose asset comes with each send: `IMAGE`, `VIDEO`, `DOCUMENT` or `LOCATION`.
    #[must_use]
    pub fn header_format(mut self, format: &str) -> Self {
        self.header = Some(media_header(format));
        self
    }

    /// A footer.
    #[must_use]
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(text.into());
        self
    }

    /// A quick reply button.
    #[must_use]
    pub fn quick_reply(mut self, label: &str) -> Self {
        self.buttons.push(json!({ "type": "QUICK_REPLY", "text": label }));
        self
    }

    /// A link button; `{{1}}` at the end of the address makes it vary.
    #[must_use]
    pub fn url(mut self, label: &str, url: &str) -> Self {
        self.buttons.push(url_button(label, url));
        self
    }

    /// A button that calls a phone.
    #[must_use]
    pub fn phone(mut self, label: &str, number: &str) -> Self {
        self.buttons.push(json!({ "type": "PHONE_NUMBER", "text": label, "phone_number": number }));
        self
    }

    /// A button that copies an offer code.
    #[must_use]
    pub fn copy_code(mut self, example: &str) -> Self {
        let label = if self.language.starts_with("pt") { "Copiar código" } else { "Copy offer code" };
        self.buttons.push(json!({ "type": "COPY_CODE", "text": label, "example": [example] }));
        self
    }

    /// The copy button of a one-time code; makes the category authentication.
    #[must_use]
    pub fn otp(mut self, label: &str) -> Self {
        self.category = Category::Authentication;
        // The list shows OTP buttons as links with a variable, which is also how they are sent.
        self.buttons.push(json!({
            "type": "URL", "text": label,
            "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}",
            "example": ["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"]
        }));
        self
    }

    /// Any other button, as the definition shows it.
    #[must_use]
    pub fn button(mut self, definition: Value) -> Self {
        self.buttons.push(definition);
        self
    }

    /// A carousel card with a media header (`IMAGE` or `VIDEO`), a text and one link button.
    #[must_use]
    pub fn card(mut self, format: &str, text: &str, label: &str, url: &str) -> Self {
        self.cards.push(vec![
            media_header(format),
            body_component(text),
            json!({ "type": "BUTTONS", "buttons": [url_button(label, url)] }),
        ]);
        self
    }

    pub(crate) fn build(&self, id: String, waba_id: &str) -> Template {
        let header_text = self.header.as_ref().and_then(|header| header["text"].as_str());
        let named =
            is_named(&placeholders(&self.body)) || header_text.is_some_and(|text| is_named(&placeholders(text)));
        let mut components: Vec<Value> = self.header.iter().cloned().collect();
        components.push(body_component(&self.body));
        components.extend(self.footer.iter().map(|text| json!({ "type": "FOOTER", "text": text })));
        if !self.buttons.is_empty() {
            components.push(json!({ "type": "BUTTONS", "buttons": self.buttons }));
        }
        if !self.cards.is_empty() {
            let cards: Vec<Value> = self.cards.iter().map(|components| json!({ "components": components })).collect();
            components.push(json!({ "type": "CAROUSEL", "cards": cards }));
        }
        Template {
            id,
            waba_id: waba_id.to_owned(),
            name: self.name.clone(),
            language: self.language.clone(),
            category: self.category,
            status: self.status,
            named,
            components,
            rejected_reason: self.rejected_reason.clone(),
            quality: "UNKNOWN".to_owned(),
            paced: self.paced,
        }
    }
}

fn is_named(names: &[String]) -> bool {
    names.iter().any(|name| name.parse::<u32>().is_err())
}

fn positional_examples(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("example {name}")).collect()
}

fn named_examples(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| json!({ "param_name": name, "example": format!("example {name}") })).collect()
}

fn body_component(text: &str) -> Value {
    let mut body = json!({ "type": "BODY", "text": text });
    let names = placeholders(text);
    if !names.is_empty() {
        body["example"] = if is_named(&names) {
            json!({ "body_text_named_params": named_examples(&names) })
        } else {
            json!({ "body_text": [positional_examples(&names)] })
        };
    }
    body
}

fn media_header(format: &str) -> Value {
    let mut header = json!({ "type": "HEADER", "format": format });
    if format != "LOCATION" {
        // A real handle is an address in Meta's content network; nobody may send it in a message.
        header["example"] = json!({ "header_handle": ["https://scontent.whatsapp.net/v/sample"] });
    }
    header
}

fn url_button(label: &str, url: &str) -> Value {
    let mut button = json!({ "type": "URL", "text": label, "url": url });
    if url.contains("{{") {
        button["example"] = json!([url.replace("{{1}}", "example")]);
    }
    button
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_listed_once_and_in_order() {
        assert_eq!(placeholders("{{2}} a {{1}} b {{2}} {{"), ["2", "1"]);
        assert_eq!(placeholders("Hi {{ first_name }}"), ["first_name"]);
    }

    #[test]
    fn a_placeholder_that_is_no_number_makes_the_template_named() {
        let build = |body: &str| TemplateBuilder::new("t", "en_US", body).build("1".into(), "2");
        assert!(build("Hi {{first_name}}").named);
        assert!(!build("Hi {{1}}").named);
        assert!(!build("Hi").named);
    }
}
