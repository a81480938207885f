//! Everything the sandbox knows, behind one lock.
//!
//! The HTTP side and the handles of a test both change it in short steps; nothing waits while it holds
//! the lock.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Clock;
use crate::config::{BusinessNumber, SandboxConfig};
use crate::delivery::Queue;
use crate::fault::Faults;
use crate::health::Health;
use crate::ids;
use crate::media::MediaStore;
use crate::modules::Modules;
use crate::pair_limit::PairLimits;
use crate::people::{People, PersonId};
use crate::random::Random;
use crate::record::ReceivedMessage;
use crate::resumable::ResumableUploads;
use crate::sent::SentMessage;
use crate::template::Template;
use crate::throughput::Throughput;
use crate::window::Windows;

/// A message a person wrote.
#[derive(Debug, Clone)]
pub(crate) struct InboundMessage {
    pub(crate) phone_number_id: String,
    pub(crate) at_ms: i64,
    pub(crate) kind: String,
    pub(crate) revoked: bool,
}

pub(crate) struct World {
    pub(crate) config: SandboxConfig,
    pub(crate) base_url: String,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) faults: Faults,
    pub(crate) people: People,
    pub(crate) windows: Windows,
    pub(crate) pair_limits: PairLimits,
    pub(crate) templates: Vec<Template>,
    pub(crate) media: MediaStore,
    pub(crate) queue: Queue,
    pub(crate) log: Vec<ReceivedMessage>,
    /// What businesses sent, by wamid.
    pub(crate) sent: BTreeMap<String, SentMessage>,
    /// What people sent, by wamid.
    pub(crate) inbound: BTreeMap<String, InboundMessage>,
    /// Free service messages used, by business number and month.
    pub(crate) free_tier: BTreeMap<(String, (i64, u32)), u32>,
    /// By object id: a number, an account or a template.
    pub(crate) health: BTreeMap<String, Health>,
    pub(crate) expired_tokens: Vec<String>,
    pub(crate) throughput: Throughput,
    /// Marketing templates that were accepted for a person outside windows, and when.
    pub(crate) marketing_sent: Vec<(PersonId, i64)>,
    pub(crate) resumable: ResumableUploads,
    /// When templates were created and management calls made, by account.
    pub(crate) template_creations: BTreeMap<String, Vec<i64>>,
    pub(crate) management_calls: BTreeMap<String, Vec<i64>>,
    /// Names of approved templates that were deleted, by account, and until when they are taken.
    pub(crate) taken_names: Vec<(String, String, i64)>,
    /// Business numbers whose customers Meta's own agent answers.
    pub(crate) standby: BTreeSet<String>,
    /// Requests that followed a redirect, and whether they brought a token.
    pub(crate) followed_redirects: Vec<bool>,
    pub(crate) modules: Modules,
}

impl World {
    pub(crate) fn new(config: SandboxConfig, base_url: String) -> Self {
        let mut random = Random::seeded(config.seed);
        let mut wabas: Vec<&str> = Vec::new();
        for number in &config.numbers {
            if !wabas.contains(&number.waba_id.as_str()) {
                wabas.push(&number.waba_id);
            }
        }
        let templates = wabas
            .iter()
            .flat_map(|waba| config.templates.iter().map(move |template| (waba, template)))
            .map(|(waba, template)| template.build(ids::object(&mut random), waba))
            .collect();
        Self {
            clock: Clock::starting_at(config.start_at_ms),
            faults: Faults::with_random(config.random_faults),
            queue: Queue::new(config.shape.clone()),
            base_url,
            random,
            people: People::default(),
            windows: Windows::default(),
            pair_limits: PairLimits::default(),
            templates,
            media: MediaStore::default(),
            log: Vec::new(),
            sent: BTreeMap::new(),
            inbound: BTreeMap::new(),
            free_tier: BTreeMap::new(),
            health: BTreeMap::new(),
            expired_tokens: Vec::new(),
            throughput: Throughput::default(),
            marketing_sent: Vec::new(),
            resumable: ResumableUploads::default(),
            template_creations: BTreeMap::new(),
            management_calls: BTreeMap::new(),
            taken_names: Vec::new(),
            standby: BTreeSet::new(),
            followed_redirects: Vec::new(),
            modules: Modules::default(),
            config,
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    pub(crate) fn number(&self, phone_number_id: &str) -> Option<&BusinessNumber> {
        self.config.numbers.iter().find(|number| number.phone_number_id == phone_number_id)
    }

    /// Whether a token is good at all.
    pub(crate) fn token_is_valid(&self, token: &str) -> bool {
        !self.expired_tokens.iter().any(|expired| expired == token)
            && self.config.numbers.iter().any(|number| number.token == token)
    }

    pub(crate) fn token_reaches_number(&self, token: &str, phone_number_id: &str) -> bool {
        self.number(phone_number_id).is_some_and(|number| number.token == token)
    }

    pub(crate) fn token_reaches_waba(&self, token: &str, waba_id: &str) -> bool {
        self.config.numbers.iter().any(|number| number.waba_id == waba_id && number.token == token)
    }

    /// The BSUID of a person for the portfolio of a business number.
    pub(crate) fn bsuid(&mut self, person: PersonId, number: &BusinessNumber) -> Option<String> {
        self.people.get_mut(person).bsuid(&number.portfolio, &mut self.random)
    }

    pub(crate) fn fbtrace(&mut self) -> String {
        ids::fbtrace(&mut self.random)
    }
}
