//! What a sandbox is started with.

use std::collections::BTreeSet;
use std::fmt;

use crate::delivery::DeliveryShape;
use crate::fault::RandomFaults;
use crate::phone;
use crate::template::TemplateBuilder;

/// Settings of a sandbox. `SandboxConfig::default()` is one Brazilian business number, the default
/// catalogue of templates, a running clock and no faults.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// Address to listen on. Port 0 takes any free one; only loopback addresses make sense here.
    pub listen: String,
    /// The business numbers; several may share a WABA, a portfolio or a token.
    pub numbers: Vec<BusinessNumber>,
    /// Where webhooks are posted, unless a number has its own.
    pub callback_url: Option<String>,
    /// Everything random comes from it.
    pub seed: u64,
    /// The clock, in milliseconds since 1970, held until moved. `None` runs with the machine's time.
    pub start_at_ms: Option<i64>,
    /// How a free-form message outside the window is refused.
    pub window_refusal: WindowRefusal,
    /// Which doubtful events of a person open the window.
    pub window_policy: WindowPolicy,
    /// How long the free entry point of a click-to-WhatsApp ad lasts, in milliseconds after the first
    /// reply.
    /// 72 h through September 2026; Meta, pricing (updated 2026-09-28) says up to 7 days.
    pub free_entry_point_ms: i64,
    /// Which statuses follow an accepted message, and when.
    pub statuses: StatusPlan,
    /// How webhooks are grouped, ordered, repeated and delayed.
    pub shape: DeliveryShape,
    /// Faults by probability.
    pub random_faults: RandomFaults,
    /// Accept bare digits that already begin with the business's country code. Meta's documented
    /// behaviour (`false`) puts the country code in front of them again.
    pub forgive_missing_plus: bool,
    /// Whether inbound media objects carry a `url` (since November 2025, rolled out gradually).
    pub media_url_in_webhooks: bool,
    /// Templates of every WABA at the start.
    pub templates: Vec<TemplateBuilder>,
    /// Post webhooks from a thread of the sandbox's own, as soon as they are due.
    pub auto_deliver: bool,
    /// Every person answers each delivered message with this text.
    pub auto_reply: Option<String>,
    /// Serve `/control/...`, so that another process can play the people and break things.
    pub control: bool,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            numbers: vec![BusinessNumber::default()],
            callback_url: None,
            seed: 1,
            start_at_ms: None,
            window_refusal: WindowRefusal::default(),
            window_policy: WindowPolicy::default(),
            free_entry_point_ms: 72 * crate::clock::HOUR,
            statuses: StatusPlan::default(),
            shape: DeliveryShape::default(),
            random_faults: RandomFaults::default(),
            forgive_missing_plus: false,
            media_url_in_webhooks: true,
            templates: crate::catalogue::default_templates(),
            auto_deliver: false,
            auto_reply: None,
            control: false,
        }
    }
}

/// One business phone number and the accounts it belongs to.
#[derive(Clone, PartialEq, Eq)]
pub struct BusinessNumber {
    /// Path segment of its messages and media.
    pub phone_number_id: String,
    /// The WhatsApp Business Account (messaging account): owner of templates and of `entry[].id`.
    pub waba_id: String,
    /// Digits with country code, as in `metadata.display_phone_number`.
    pub display_phone_number: String,
    /// Name shown to people.
    pub verified_name: String,
    /// Access token that may use this number, its WABA and its media.
    pub token: String,
    /// Secret of the app that is subscribed: the key of webhook signatures.
    pub app_secret: String,
    /// Business portfolio: the scope of BSUIDs.
    pub portfolio: String,
    /// `Some` makes it a test number, which only writes to these numbers (131030). Numbers are compared
    /// as dialled, digit by digit: Meta's list does not know the other form of a Brazilian or
    /// Argentine number.
    pub allowed_recipients: Option<BTreeSet<String>>,
    /// Webhooks of this number's messages go here instead (Meta, webhooks/override).
    pub callback_url: Option<String>,
}

impl BusinessNumber {
    /// A number with a token, secret, WABA and portfolio of its own, all derived from its id.
    pub fn new(phone_number_id: impl Into<String>, display_phone_number: impl Into<String>) -> Self {
        let phone_number_id = phone_number_id.into();
        Self {
            waba_id: format!("30{phone_number_id}"),
            display_phone_number: display_phone_number.into(),
            verified_name: "Guichê".to_owned(),
            token: format!("token-of-{phone_number_id}"),
            app_secret: format!("secret-of-{phone_number_id}"),
            portfolio: format!("portfolio-of-{phone_number_id}"),
            allowed_recipients: None,
            callback_url: None,
            phone_number_id,
        }
    }

    /// Sets the WABA.
    #[must_use]
    pub fn waba(mut self, waba_id: impl Into<String>) -> Self {
        self.waba_id = waba_id.into();
        self
    }

    /// Sets the access token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Sets the app secret.
    #[must_use]
    pub fn app_secret(mut self, app_secret: impl Into<String>) -> Self {
        self.app_secret = app_secret.into();
        self
    }

    /// Sets the business portfolio.
    #[must_use]
    pub fn portfolio(mut self, portfolio: impl Into<String>) -> Self {
        self.portfolio = portfolio.into();
        self
    }

    /// Makes it a test number that only writes to these numbers.
    #[must_use]
    pub fn only_to<S: Into<String>>(mut self, numbers: impl IntoIterator<Item = S>) -> Self {
        self.allowed_recipients = Some(numbers.into_iter().map(Into::into).collect());
        self
    }

    /// Sends this number's webhooks to an address of their own.
    #[must_use]
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    pub(crate) fn country_code(&self) -> &str {
        phone::country_code(&self.display_phone_number)
    }
}

impl Default for BusinessNumber {
    fn default() -> Self {
        Self::new("20000000000000001", "551133334444")
            .waba("30000000000000001")
            .token("sandbox-token")
            .app_secret("sandbox-app-secret")
            .portfolio("sandbox-portfolio")
    }
}

// Token and secret stay out of logs, even here: people copy examples.
impl fmt::Debug for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusinessNumber")
            .field("phone_number_id", &self.phone_number_id)
            .field("waba_id", &self.waba_id)
            .field("portfolio", &self.portfolio)
            .finish_non_exhaustive()
    }
}

/// How 131047 comes back. Source: Meta, support/error-codes: the same error may come in the answer or
/// in a `failed` status; in practice it is mostly the latter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WindowRefusal {
    /// 200 with a wamid, then a `failed` status.
    #[default]
    Asynchronous,
    /// HTTP 400 at once.
    Synchronous,
}

/// Meta gives no list of which events open the 24 h window (messages/send-messages, updated
/// 2026-05-21, says "messages" and "calls"). These are the doubtful ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowPolicy {
    /// Adding a reaction opens it.
    pub reaction: bool,
    /// A message that the API cannot carry (poll, view once) opens it.
    pub unsupported: bool,
    /// Editing or deleting a message opens it.
    pub edit_or_revoke: bool,
}

impl Default for WindowPolicy {
    fn default() -> Self {
        Self { reaction: false, unsupported: true, edit_or_revoke: false }
    }
}

/// Which statuses follow an accepted message by themselves, in milliseconds after it. `None` leaves
/// that status to the test (`Client::reads`, `Client::receives`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusPlan {
    /// Until `sent`, or `failed` when the message fails later.
    pub sent_after_ms: Option<i64>,
    /// Until `delivered`.
    pub delivered_after_ms: Option<i64>,
    /// Until `read`.
    pub read_after_ms: Option<i64>,
}

impl StatusPlan {
    /// `sent` and `delivered` are due as soon as the message is accepted; reading is up to the test.
    pub const IMMEDIATE: Self = Self { sent_after_ms: Some(0), delivered_after_ms: Some(0), read_after_ms: None };
    /// A person with the phone in hand.
    pub const REALISTIC: Self =
        Self { sent_after_ms: Some(300), delivered_after_ms: Some(900), read_after_ms: Some(4_000) };
    /// Nothing happens by itself, failures included, until the test says so.
    pub const MANUAL: Self = Self { sent_after_ms: None, delivered_after_ms: None, read_after_ms: None };
}

impl Default for StatusPlan {
    fn default() -> Self {
        Self::IMMEDIATE
    }
}
