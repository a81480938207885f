//! What a sandbox is started with.

use std::collections::BTreeSet;
use std::fmt;

use crate::delivery::DeliveryShape;
use crate::direct_send::DirectSend;
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
    /// Refuse, with code 100 and a text that begins with `Pedantic:` or names the key, what Meta lets
    /// pass and no careful client writes: `to` and `recipient` together, a `to` that is no phone, a
    /// top-level key that means nothing.
    pub pedantic: bool,
    /// Messages per second of each business number, in and out (130429). Meta allows 80, but a held
    /// clock puts everything into one second, so nothing is counted unless asked.
    pub throughput_per_second: Option<u32>,
    /// Calls per hour and account to templates, numbers and accounts (80007). Meta allows 200, or 5,000
    /// with a registered number; not counted unless asked.
    pub management_calls_per_hour: Option<u32>,
    /// Marketing templates that a person may get outside windows in 24 h (131049). Meta does not publish
    /// its number.
    pub marketing_per_person_and_day: Option<u32>,
    /// Templates an account may have (2388019): 250, or 6,000 with a verified portfolio.
    pub templates_per_account: usize,
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
            pedantic: false,
            throughput_per_second: None,
            management_calls_per_hour: None,
            marketing_per_person_and_day: None,
            templates_per_account: 250,
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
    /// The app that is subscribed: resumable uploads name it.
    pub app_id: String,
    /// Whether messages may go out under Direct Send.
    pub direct_send: DirectSend,
    /// Whether what is not free is paid for; without it those messages fail with 131042.
    pub payment_method: bool,
    /// Whether marketing templates may be sent here (131063 otherwise).
    pub marketing_enabled: bool,
    /// Messages per second of this number, before the configuration's.
    pub throughput: Option<u32>,
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
            app_id: format!("10{phone_number_id}"),
            direct_send: DirectSend::NotEnabled,
            payment_method: true,
            marketing_enabled: true,
            throughput: None,
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

    /// Sets the app.
    #[must_use]
    pub fn app(mut self, app_id: impl Into<String>) -> Self {
        self.app_id = app_id.into();
        self
    }

    /// Sets what Direct Send does.
    #[must_use]
    pub fn direct_send(mut self, direct_send: DirectSend) -> Self {
        self.direct_send = direct_send;
        self
    }

    /// Takes the payment method away.
    #[must_use]
    pub fn without_payment_method(mut self) -> Self {
        self.payment_method = false;
        self
    }

    /// Moves marketing to the other API.
    #[must_use]
    pub fn without_marketing(mut self) -> Self {
        self.marketing_enabled = false;
        self
    }

    /// Limits its messages per second, for example 20 for a number that is also in the WhatsApp Business
    /// app.
    #[must_use]
    pub fn throughput(mut self, messages_per_second: u32) -> Self {
        self.throughput = Some(messages_per_second);
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
            .app("10000000000000001")
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
