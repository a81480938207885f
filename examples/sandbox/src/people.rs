//! The people on the other side: who they are to each business.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::ids;
use crate::phone;
use crate::random::Random;

/// Position of a person in [`People`]. People are never removed.
pub(crate) type PersonId = usize;

/// Who a simulated client is. `ClientOptions::new(name, phone)` is a person with a BSUID, a visible
/// phone and no username.
#[derive(Clone)]
pub struct ClientOptions {
    pub(crate) name: Option<String>,
    pub(crate) phone: String,
    pub(crate) username: Option<String>,
    pub(crate) bsuid: Option<String>,
    pub(crate) with_bsuid: bool,
    pub(crate) phone_hidden: bool,
    pub(crate) ninth_digit_dropped: bool,
    pub(crate) on_whatsapp: bool,
    pub(crate) in_marketing_experiment: bool,
}

impl ClientOptions {
    /// A person by name and full phone number (punctuation and `+` are ignored).
    pub fn new(name: impl Into<String>, phone: &str) -> Self {
        Self {
            name: Some(name.into()),
            phone: phone.chars().filter(char::is_ascii_digit).collect(),
            username: None,
            bsuid: None,
            with_bsuid: true,
            phone_hidden: false,
            ninth_digit_dropped: false,
            on_whatsapp: true,
            in_marketing_experiment: false,
        }
    }

    /// Webhooks carry no profile: some clients send none.
    #[must_use]
    pub fn nameless(mut self) -> Self {
        self.name = None;
        self
    }

    /// A username, with or without `@`.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// This BSUID in the portfolio of the number the client talks to, instead of one from the seed.
    #[must_use]
    pub fn bsuid(mut self, bsuid: impl Into<String>) -> Self {
        self.bsuid = Some(bsuid.into());
        self
    }

    /// Webhooks carry no BSUID, as before April 2026.
    #[must_use]
    pub fn without_bsuid(mut self) -> Self {
        self.with_bsuid = false;
        self
    }

    /// Webhooks carry no phone (`from`, `wa_id`, `recipient_id` are absent): the person has a username
    /// and hides the number. Source: Meta, business-scoped-user-ids (2026-09-15).
    #[must_use]
    pub fn phone_hidden(mut self) -> Self {
        self.phone_hidden = true;
        self.with_bsuid = true;
        self
    }

    /// The `wa_id` is the other form of the number: without Brazil's ninth digit, with Mexico's `1` or
    /// Argentina's `9`. Both forms reach the person.
    #[must_use]
    pub fn without_ninth_digit(mut self) -> Self {
        self.ninth_digit_dropped = true;
        self
    }

    /// The number has no WhatsApp: messages to it fail with 131026.
    #[must_use]
    pub fn not_on_whatsapp(mut self) -> Self {
        self.on_whatsapp = false;
        self
    }

    /// One of the few to whom Meta sends no marketing (130472), unless a window is open.
    #[must_use]
    pub fn in_marketing_experiment(mut self) -> Self {
        self.in_marketing_experiment = true;
        self
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("phone_hidden", &self.phone_hidden)
            .field("with_bsuid", &self.with_bsuid)
            .field("on_whatsapp", &self.on_whatsapp)
            .finish_non_exhaustive()
    }
}

/// A person's present state.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: Option<String>,
    pub(crate) username: Option<String>,
    /// The number as the platform writes it.
    pub(crate) wa_id: String,
    pub(crate) phone_hidden: bool,
    pub(crate) on_whatsapp: bool,
    pub(crate) online: bool,
    pub(crate) sends_read_receipts: bool,
    /// Business numbers this person blocked.
    pub(crate) blocked: BTreeSet<String>,
    /// Business numbers whose marketing this person stopped.
    pub(crate) marketing_stopped: BTreeSet<String>,
    /// Business numbers that blocked this person.
    pub(crate) blocked_by: BTreeSet<String>,
    pub(crate) in_marketing_experiment: bool,
    /// How often the person reinstalled: each time the identity key is another.
    pub(crate) identity_changes: u32,
    with_bsuid: bool,
    /// By portfolio: other portfolios see another id.
    bsuids: BTreeMap<String, String>,
}

impl Person {
    fn new(options: &ClientOptions, portfolio: &str) -> Self {
        let other_form = options.ninth_digit_dropped.then(|| phone::other_form(&options.phone)).flatten();
        Self {
            name: options.name.clone(),
            username: options.username.clone(),
            wa_id: other_form.unwrap_or_else(|| options.phone.clone()),
            phone_hidden: options.phone_hidden,
            on_whatsapp: options.on_whatsapp,
            online: true,
            sends_read_receipts: true,
            blocked: BTreeSet::new(),
            marketing_stopped: BTreeSet::new(),
            blocked_by: BTreeSet::new(),
            in_marketing_experiment: options.in_marketing_experiment,
            identity_changes: 0,
            with_bsuid: options.with_bsuid,
            bsuids: options.bsuid.iter().map(|bsuid| (portfolio.to_owned(), bsuid.clone())).collect(),
        }
    }

    /// The id a portfolio knows the person by, made on first use.
    pub(crate) fn bsuid(&mut self, portfolio: &str, random: &mut Random) -> Option<String> {
        self.with_bsuid.then(|| {
            self.bsuids
                .entry(portfolio.to_owned())
                .or_insert_with(|| ids::bsuid(random, phone::country_letters(&self.wa_id)))
                .clone()
        })
    }

    /// Another number. Meta then gives the person new ids (webhooks/reference/messages/system,
    /// 2026-08-11). Returns the ids that are no longer valid.
    pub(crate) fn change_number(&mut self, digits: &str) -> BTreeMap<String, String> {
        digits.clone_into(&mut self.wa_id);
        std::mem::take(&mut self.bsuids)
    }

    /// Another id for a portfolio. Returns the one that is no longer valid.
    pub(crate) fn change_bsuid(&mut self, portfolio: &str) -> Option<String> {
        self.bsuids.remove(portfolio)
    }

    /// What `recipient_identity_key_hash` is compared with.
    pub(crate) fn identity_key_hash(&self) -> String {
        let digest = Sha256::digest(format!("{} {}", self.wa_id, self.identity_changes));
        hex::encode(&digest[..8])
    }

    /// Whoever hides the phone is known by the BSUID: without either nobody could answer.
    pub(crate) fn hide_phone(&mut self) {
        self.phone_hidden = true;
        self.with_bsuid = true;
    }

    pub(crate) fn visible_phone(&self) -> Option<&str> {
        (!self.phone_hidden).then_some(self.wa_id.as_str())
    }
}

/// Everyone the sandbox knows.
#[derive(Default)]
pub(crate) struct People {
    list: Vec<Person>,
}

impl People {
    /// The person with this phone, or a new one. Asking again for a phone gives the same person, so
    /// that two parts of a test can talk about the same Maria.
    pub(crate) fn meet(&mut self, options: &ClientOptions, portfolio: &str) -> PersonId {
        if let Some(known) = self.by_phone(&options.phone) {
            return known;
        }
        self.list.push(Person::new(options, portfolio));
        self.list.len() - 1
    }

    pub(crate) fn get(&self, id: PersonId) -> &Person {
        &self.list[id]
    }

    pub(crate) fn get_mut(&mut self, id: PersonId) -> &mut Person {
        &mut self.list[id]
    }

    /// Who answers at this number: first the exact form, then the other form of the same line.
    pub(crate) fn by_phone(&self, digits: &str) -> Option<PersonId> {
        let exact = |digits: &str| self.list.iter().position(|person| person.wa_id == digits);
        exact(digits).or_else(|| exact(&phone::other_form(digits)?))
    }

    pub(crate) fn by_bsuid(&self, portfolio: &str, bsuid: &str) -> Option<PersonId> {
        self.list
            .iter()
            .position(|person| person.with_bsuid && person.bsuids.get(portfolio).is_some_and(|known| known == bsuid))
    }
}
