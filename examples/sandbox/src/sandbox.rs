//! The handle that starts, moves and stops a sandbox.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::account_updates;
use crate::client::Client;
use crate::config::SandboxConfig;
use crate::control_transfer;
use crate::delivery::{DeliveryShape, Part, Webhook};
use crate::fault::{FaultRule, RandomFaults};
use crate::graph_error::GraphError;
use crate::health::Health;
use crate::modules::ModuleTicket;
use crate::people::ClientOptions;
use crate::post::{self, DeliveryReport, VerifyFailure};
use crate::record::{ReceivedMessage, accepted_twice};
use crate::sent::Progress;
use crate::server::Server;
use crate::statuses::Step;
use crate::world::World;

/// How often the delivering thread looks at the clock when nothing wakes it.
const LOOK: Duration = Duration::from_millis(50);

/// A running sandbox. Dropping it closes every connection and waits for its threads.
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
    /// `None` in process.
    server: Option<Server>,
    delivering: Option<JoinHandle<()>>,
}

/// What the threads and the handles share.
pub(crate) struct Shared {
    world: Mutex<World>,
    round: Mutex<()>,
    pub(crate) stopping: AtomicBool,
    stopped: Condvar,
    stop_lock: Mutex<()>,
    pub(crate) agent: ureq::Agent,
    pub(crate) control: bool,
}

impl Shared {
    // A thread that panicked leaves data that is still worth looking at: tests are about to fail anyway.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn delivering(&self) -> MutexGuard<'_, ()> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> i64 {
        self.world().now()
    }

    /// Waits in real time; ends early when the sandbox stops.
    pub(crate) fn wait(&self, length: Duration) {
        let until = Instant::now() + length;
        let mut guard = self.stop_lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !self.stopping.load(Ordering::SeqCst) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            guard = self.stopped.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn stop(&self) {
        let _guard = self.stop_lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.stopping.store(true, Ordering::SeqCst);
        self.stopped.notify_all();
    }
}

impl Sandbox {
    /// Starts listening.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub fn start(config: SandboxConfig) -> std::io::Result<Self> {
        let listener = TcpListener::bind(&config.listen)?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let auto_deliver = config.auto_deliver;
        let mut sandbox = Self::unplugged(config);
        sandbox.shared.world().base_url = base_url;
        sandbox.server = Some(Server::start(listener, Arc::clone(&sandbox.shared))?);
        sandbox.delivering = if auto_deliver { Some(deliver_always(&sandbox.shared)?) } else { None };
        Ok(sandbox)
    }

    /// A sandbox that nobody reaches yet.
    pub(crate) fn unplugged(config: SandboxConfig) -> Self {
        let shared = Arc::new(Shared {
            control: config.control,
            world: Mutex::new(World::new(config, "http://127.0.0.1".to_owned())),
            round: Mutex::new(()),
            stopping: AtomicBool::new(false),
            stopped: Condvar::new(),
            stop_lock: Mutex::new(()),
            agent: post::agent(),
        });
        Self { shared, server: None, delivering: None }
    }

    /// `http://127.0.0.1:PORT`, without a Graph version.
    pub fn base_url(&self) -> String {
        self.shared.world().base_url.clone()
    }

    /// Where webhooks go from now on. Updates already queued keep the address they were queued with.
    pub fn set_callback_url(&self, url: impl Into<String>) {
        self.shared.world().config.callback_url = Some(url.into());
    }

    // --- The clock.

    /// Milliseconds since 1970 by the sandbox's clock.
    pub fn now_ms(&self) -> i64 {
        self.shared.now()
    }

    /// Holds the clock at an instant.
    pub fn set_now(&self, now_ms: i64) {
        let mut world = self.shared.world();
        world.clock.set(now_ms);
        world.catch_up();
    }

    /// Moves the clock. A running one keeps running from there.
    pub fn advance(&self, by_ms: i64) {
        let mut world = self.shared.world();
        world.clock.advance(by_ms);
        world.catch_up();
    }

    // --- The people.

    /// A person who talks to the first business number. The same phone is the same person.
    pub fn client(&self, name: &str, phone: &str) -> Client {
        self.client_with(&ClientOptions::new(name, phone))
    }

    /// A person with particulars. They only count the first time a phone is named.
    pub fn client_with(&self, options: &ClientOptions) -> Client {
        let (number, person) = {
            let mut world = self.shared.world();
            let first = world.config.numbers.first().cloned().unwrap_or_default();
            let person = world.people.meet(options, &first.portfolio);
            (first.phone_number_id, person)
        };
        Client::new(Arc::clone(&self.shared), person, number)
    }

    // --- What was received.

    /// Every body posted to the messages of a number, in order, refused ones and receipts included.
    pub fn received(&self) -> Vec<ReceivedMessage> {
        self.shared.world().log.clone()
    }

    /// The client ids (`biz_opaque_callback_data`) under which more than one message was accepted. A
    /// careful sender keeps this empty whatever the faults.
    pub fn client_ids_accepted_twice(&self) -> Vec<String> {
        accepted_twice(&self.shared.world().log)
    }

    // --- Faults.

    /// Applies a fault to the next message.
    pub fn next_message(&self, fault: crate::Fault) {
        self.script(fault);
    }

    /// Adds a rule: a [`FaultRule`], or a bare [`Fault`](crate::Fault) for the next message.
    pub fn script(&self, rule: impl Into<FaultRule>) {
        self.shared.world().faults.add(rule.into());
    }

    /// Faults by probability from now on.
    pub fn set_random_faults(&self, faults: RandomFaults) {
        self.shared.world().faults.random = faults;
    }

    /// No more faults.
    pub fn clear_faults(&self) {
        self.shared.world().faults.clear();
    }

    /// Makes an access token invalid (190), or valid again.
    pub fn set_token_valid(&self, token: &str, valid: bool) {
        let expired = &mut self.shared.world().expired_tokens;
        expired.retain(|known| known != token);
        if !valid {
            expired.push(token.to_owned());
        }
    }

    /// What a number, an account or a template answers about its health.
    pub fn set_health(&self, object_id: &str, health: Health) {
        self.shared.world().health.insert(object_id.to_owned(), health);
    }

    // --- The neighbour modules.

    /// What the modules have of every contact: `{"record": {"kind", "number", "module"}, "title", "status", "url"}`.
    pub fn set_module_records(&self, records: Vec<Value>) {
        self.shared.world().modules.records = records;
    }

    /// The tickets that the modules opened, in order.
    pub fn module_tickets(&self) -> Vec<ModuleTicket> {
        self.shared.world().modules.tickets.clone()
    }

    // --- Messages that were sent.

    /// Releases messages held for quality: their statuses follow. Returns how many.
    pub fn release_held(&self) -> usize {
        self.end_holding(|world, wamid| {
            if let Some(message) = world.sent.get_mut(wamid) {
                message.progress = Progress::Accepted;
            }
            world.plan_statuses(wamid);
        })
    }

    /// Drops messages held for quality: they fail with 132015 (Meta, templates/template-pacing).
    /// Returns how many.
    pub fn drop_held(&self) -> usize {
        self.end_holding(|world, wamid| {
            let now = world.now();
            let error = GraphError::new(132015, "Template is paused due to low quality");
            world.step(wamid, &Step::Failed(error), now);
        })
    }

    fn end_holding(&self, end: impl Fn(&mut World, &str)) -> usize {
        let mut world = self.shared.world();
        let held: Vec<String> = world
            .sent
            .values()
            .filter(|message| message.progress == Progress::Held)
            .map(|message| message.wamid.clone())
            .collect();
        for wamid in &held {
            end(&mut world, wamid);
        }
        held.len()
    }

    /// Lets a message fail now, whatever it was going to do. False when it is unknown or was delivered.
    pub fn fail_message(&self, wamid: &str, code: i64) -> bool {
        let mut world = self.shared.world();
        let now = world.now();
        world.step(wamid, &Step::Failed(GraphError::new(code, "Failed by the test")), now)
    }

    /// Forgets a person's window, as when Meta refuses although the person wrote (a known issue listed
    /// in messages/send-messages).
    pub fn close_window(&self, client: &Client) {
        self.shared.world().windows.close(client.phone_number_id(), client.person);
    }

    // --- Accounts.

    /// Queues any account-level update (`account_update`, `account_alerts` and so on) as given.
    pub fn account_update(&self, waba_id: &str, field: &str, value: Value) {
        self.shared.world().enqueue_account(waba_id, field, value);
    }

    /// Queues an update of an account or a number with a sample of its contents: a field of the reference
    /// (`account_update`, `account_alerts`, `phone_number_quality_update`, `security` ...) and one of its
    /// events, or the first one. False for what is not in the list or whose account is unknown.
    pub fn account_event(&self, waba_id: &str, field: &str, event: Option<&str>) -> bool {
        let mut world = self.shared.world();
        let sample = account_updates::sample(&world, waba_id, field, event);
        sample.is_some_and(|value| {
            world.enqueue_account(waba_id, field, value);
            true
        })
    }

    /// What the dashboard's test button sends: signed, and about nobody.
    pub fn dashboard_test(&self, waba_id: &str) {
        self.shared.world().enqueue_dashboard_test(waba_id);
    }

    /// An error about the number itself, outside any message (`value.errors`).
    pub fn number_error(&self, phone_number_id: &str, code: i64) {
        let mut world = self.shared.world();
        let now = world.now();
        let element = GraphError::new(code, "Reported by the test").in_webhook();
        let part = Part::Listed { field: "messages", list: "errors", element, contact: None };
        world.enqueue(phone_number_id, now, part);
    }

    /// Meta's own agent answers the customers of a number: messages and statuses come on `standby` until
    /// the business sends a service message.
    pub fn meta_agent_answers(&self, phone_number_id: &str) {
        control_transfer::agent_takes_over(&mut self.shared.world(), phone_number_id);
    }

    /// The business blocks a person, or no longer: messages are refused with 130403.
    pub fn set_blocked(&self, client: &Client, blocked: bool) {
        let mut world = self.shared.world();
        let by = &mut world.people.get_mut(client.person).blocked_by;
        if blocked {
            by.insert(client.phone_number_id().to_owned());
        } else {
            by.remove(client.phone_number_id());
        }
    }

    /// The requests that followed a redirect to another host; true for those that took the token along.
    pub fn followed_redirects(&self) -> Vec<bool> {
        self.shared.world().followed_redirects.clone()
    }

    // --- Webhooks.

    /// How webhooks are shaped from now on. Delays are drawn when an update happens, the rest when it
    /// goes out.
    pub fn set_shape(&self, shape: DeliveryShape) {
        self.shared.world().queue.shape = shape;
    }

    /// The deliveries that are due, signed, without posting them. They stay in the queue.
    pub fn pending(&self) -> Vec<Webhook> {
        let mut guard = self.shared.world();
        let world = &mut *guard;
        let now = world.clock.now();
        world.queue.due(now, &mut world.random)
    }

    /// The deliveries that are due, removed from the queue: to feed an engine without HTTP.
    pub fn take_pending(&self) -> Vec<Webhook> {
        let mut guard = self.shared.world();
        let world = &mut *guard;
        let now = world.clock.now();
        world.queue.take_due(now, &mut world.random)
    }

    /// Posts what is due on the sandbox's clock. What is not answered with 200 comes again later: after
    /// 10 s, 1 min, 5 min, 30 min, 2 h, then every 6 h, for 7 days.
    pub fn deliver_pending(&self) -> DeliveryReport {
        self.shared.deliver_due()
    }

    /// Makes every waiting update and every delivery that was put off due now.
    pub fn hurry(&self) {
        let mut world = self.shared.world();
        let now = world.now();
        world.queue.hurry(now);
    }

    /// How many updates are in the queue, due or not.
    pub fn waiting(&self) -> usize {
        self.shared.world().queue.waiting()
    }

    /// When the next webhook is due, in milliseconds since 1970: where to move the clock to.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.shared.world().queue.next_due()
    }

    /// Does the GET handshake with the callback URL.
    ///
    /// # Errors
    ///
    /// When there is no address, no answer, or another answer than the challenge.
    pub fn verify_callback(&self, verify_token: &str) -> Result<(), VerifyFailure> {
        self.shared.verify(verify_token)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.stop();
        if let Some(server) = &mut self.server {
            server.stop();
        }
        if let Some(delivering) = self.delivering.take() {
            let _ = delivering.join();
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

/// The thread of `auto_deliver`.
fn deliver_always(shared: &Arc<Shared>) -> std::io::Result<JoinHandle<()>> {
    let shared = Arc::clone(shared);
    thread::Builder::new().name("sandbox-deliver".to_owned()).spawn(move || {
        while !shared.stopping.load(Ordering::SeqCst) {
            let due = {
                let world = shared.world();
                world.queue.anything_to_post(world.now())
            };
            if due {
                shared.deliver_due();
            }
            shared.wait(LOOK);
        }
    })
}
