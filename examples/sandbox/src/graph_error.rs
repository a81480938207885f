//! Errors as the Graph API writes them: in an answer, or inside a `failed` status.
//!
//! Source: Meta, support/error-codes (2025-12-12 and 2026-06-18 revisions). Titles are not stable and
//! HTTP statuses are unreliable at Meta; a program that reads either instead of the code is wrong, and
//! the sandbox does not try to make it right.

use serde_json::{Map, Value, json};

/// One Graph error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) http: u16,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) details: Option<String>,
    pub(crate) is_transient: bool,
}

/// Code, HTTP status, title. What the sandbox answers by itself and what a script may make it answer.
const KNOWN: &[(i64, u16, &str)] = &[
    (0, 401, "AuthException"),
    (1, 400, "API Unknown"),
    (2, 503, "API Service"),
    (3, 500, "API Method"),
    (4, 400, "API Too Many Calls"),
    (10, 403, "Permission Denied"),
    (33, 400, "Parameter value is not valid"),
    (100, 400, "Invalid parameter"),
    (190, 401, "Access token has expired"),
    (200, 403, "API Permission"),
    (368, 403, "Temporarily blocked for policies violations"),
    (80007, 400, "Rate limit issues"),
    (130403, 400, "User is blocked by the business"),
    (130429, 400, "Rate limit hit"),
    (130472, 400, "User's number is part of an experiment"),
    (130497, 403, "Business account is restricted from messaging users in this country"),
    (131000, 500, "Something went wrong"),
    (131005, 403, "Access denied"),
    (131008, 400, "Required parameter is missing"),
    (131009, 400, "Parameter value is not valid"),
    (131016, 500, "Service unavailable"),
    (131021, 400, "Recipient cannot be sender"),
    (131026, 400, "Message undeliverable"),
    (131030, 400, "Recipient phone number not in allowed list"),
    (131031, 403, "Account has been locked"),
    (131037, 400, "Display name is not approved"),
    (131042, 400, "Business eligibility payment issue"),
    (131044, 400, "Business eligibility payment issue for calls"),
    (131045, 500, "Incorrect certificate"),
    (131047, 400, "Re-engagement message"),
    (131048, 400, "Spam rate limit hit"),
    (131049, 400, "This message was not delivered to maintain healthy ecosystem engagement"),
    (131050, 400, "User has stopped receiving marketing messages"),
    (131051, 400, "Unsupported message type"),
    (131052, 400, "Media download error"),
    (131053, 400, "Media upload error"),
    (131055, 400, "Only marketing templates are supported here"),
    (131056, 400, "(Business Account, Consumer Account) pair rate limit hit"),
    (131057, 500, "Account in maintenance mode"),
    (131059, 400, "Invalid cursor"),
    (131060, 400, "This message is currently unavailable"),
    (131062, 400, "Business-scoped user ids are not supported for this message"),
    (131063, 400, "Marketing messages are not available on this API"),
    (131064, 400, "Messaging limit reached after template misclassification"),
    (132000, 400, "Number of parameters does not match the expected number of params"),
    (132001, 404, "Template name does not exist in the translation"),
    (132005, 400, "Translated text too long"),
    (132007, 400, "Template format character policy violated"),
    (132008, 400, "Template parameter value is not valid"),
    (132012, 400, "Parameter format does not match format in the created template"),
    (132015, 400, "Template is paused"),
    (132016, 400, "Template is disabled"),
    (132018, 400, "There was an issue with the parameters in your template"),
    (132068, 400, "Flow is blocked"),
    (132069, 400, "Flow is throttled"),
    (133000, 500, "Incomplete deregistration"),
    (133004, 503, "Server temporarily unavailable"),
    (133005, 400, "Two-step verification PIN mismatch"),
    (133006, 400, "Phone number re-verification needed"),
    (133008, 400, "Too many two-step verification PIN guesses"),
    (133009, 400, "Two-step verification PIN guessed too fast"),
    (133010, 400, "Phone number not registered"),
    (133015, 400, "Wait a few minutes before registering"),
    (133016, 400, "Too many registrations"),
    (134011, 400, "Payments terms of service are not accepted"),
    (134100, 400, "Only marketing messages are supported"),
    (134101, 400, "Template is still syncing"),
    (134102, 500, "Template is not available"),
    (135000, 400, "Generic user error"),
    (136024, 400, "Phone number already verified"),
    (137000, 400, "Recipient identity key hash mismatch"),
    (139100, 400, "Some users could not be blocked"),
    (139101, 400, "The list of blocked users is full"),
    (139102, 400, "The list of blocked users changed meanwhile"),
    (139103, 500, "Internal error of the block list"),
    (139200, 400, "Direct Send is blocked"),
    (2494100, 400, "Phone number in maintenance"),
];

impl GraphError {
    /// A known code with the text for `error_data.details`. A code without a row gets a neutral title,
    /// so that a script may use codes that Meta adds later.
    pub(crate) fn new(code: i64, details: impl Into<String>) -> Self {
        let (http, title) = KNOWN
            .iter()
            .find(|(known, _, _)| *known == code)
            .map_or((400, "Something went wrong"), |(_, http, title)| (*http, *title));
        Self {
            http,
            code,
            subcode: None,
            kind: "OAuthException",
            title: title.to_owned(),
            details: Some(details.into()),
            is_transient: false,
        }
    }

    /// Code 100 about a named parameter, which Meta explains in `message` and not in the details.
    pub(crate) fn parameter(text: impl Into<String>) -> Self {
        Self { title: text.into(), details: None, ..Self::new(100, "") }
    }

    pub(crate) fn missing(details: impl Into<String>) -> Self {
        Self::new(131008, details)
    }

    pub(crate) fn invalid(details: impl Into<String>) -> Self {
        Self::new(131009, details)
    }

    /// What the Graph API says about ids that do not exist and about ids the token may not see: the
    /// two are the same on purpose.
    pub(crate) fn unknown_object(method: &str, id: &str) -> Self {
        Self {
            subcode: Some(33),
            kind: "GraphMethodException",
            title: format!(
                "Unsupported {} request. Object with ID '{id}' does not exist, cannot be loaded due to \
                 missing permissions, or does not support this operation",
                method.to_ascii_lowercase()
            ),
            details: None,
            ..Self::new(100, "")
        }
    }

    /// Expired or wrong access token.
    pub(crate) fn token() -> Self {
        Self {
            subcode: Some(463),
            title: "Error validating access token: the session is invalid or has expired".to_owned(),
            details: None,
            ..Self::new(190, "")
        }
    }

    pub(crate) fn with_http(mut self, http: u16) -> Self {
        self.http = http;
        self
    }

    pub(crate) fn transient(mut self, is_transient: bool) -> Self {
        self.is_transient = is_transient;
        self
    }

    /// The body of an answer.
    pub(crate) fn answer(&self, fbtrace_id: &str) -> Value {
        // Graph leaves the "(#code)" out of token and unknown-object messages.
        let message =
            if self.subcode.is_some() { self.title.clone() } else { format!("(#{}) {}", self.code, self.title) };
        let mut error = Map::new();
        error.insert("message".into(), message.into());
        error.insert("type".into(), self.kind.into());
        error.insert("code".into(), self.code.into());
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".into(), subcode.into());
        }
        if let Some(details) = &self.details {
            error.insert("error_data".into(), json!({ "messaging_product": "whatsapp", "details": details }));
        }
        if self.is_transient {
            error.insert("is_transient".into(), true.into());
        }
        error.insert("fbtrace_id".into(), fbtrace_id.into());
        json!({ "error": error })
    }

    /// The element of `statuses[].errors[]` or `messages[].errors[]`.
    pub(crate) fn in_webhook(&self) -> Value {
        json!({
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": { "details": self.details.as_deref().unwrap_or(&self.title) },
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_the_code_in_text_and_in_data() {
        let answer = GraphError::new(131056, "Too many messages").answer("Atrace");
        assert_eq!(answer["error"]["code"], 131056);
        assert!(answer["error"]["message"].as_str().unwrap().starts_with("(#131056) "));
        assert_eq!(answer["error"]["error_data"]["details"], "Too many messages");
        assert_eq!(answer["error"]["fbtrace_id"], "Atrace");
    }

    #[test]
    fn a_code_without_a_row_still_has_a_shape() {
        let error = GraphError::new(999_999, "new at Meta");
        assert_eq!((error.http, error.code), (400, 999_999));
    }
}
