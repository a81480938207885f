//! Filling in a template: checks every field and renders what the contact will read.

use serde::{Deserialize, Serialize};

use super::{RenderedTemplate, Template, TemplateParameters};

/// One field that cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterProblem {
    /// Which: `header`, `body.first_name`, `body.2`, `button.0`, `card.1.body.name`, `offer_ends`…
    pub field: String,
    /// What is wrong with it.
    pub fault: ParameterFault,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum ParameterFault {
    /// Nothing was given.
    Missing,
    /// Only blanks were given.
    Blank,
    /// The template has no such field.
    Unexpected,
    /// A line break, a tab or more than four blanks in a row.
    Whitespace,
    /// Longer than the platform takes.
    TooLong {
        /// The limit, in characters.
        limit: u32,
        /// The length given.
        actual: u32,
    },
    /// Something of another kind is needed, such as a picture.
    WrongKind {
        /// What is needed: `image`, `video`, `document`, `location`, `text`…
        expected: String,
    },
}

impl Template {
    /// Checks `parameters` against the template and renders what the contact will read.
    ///
    /// # Errors
    /// Every [`ParameterProblem`] at once, so that a form can mark all its fields.
    pub fn fill(&self, parameters: &TemplateParameters) -> Result<RenderedTemplate, Vec<ParameterProblem>> {
        let _ = parameters;
        Err(Vec::new())
    }
}
