//! What is not mirrored by itself, each with its reason. Whatever core grows beyond these lists has to be mirrored.

/// Methods of the doors that the bindings write by hand, in the shape of their language, or do without.
const BY_HAND: &[(&str, &str)] = &[
    ("Engine::builder", "an engine is opened with its ports: `Engine.open`"),
    ("Engine::desk", "gives an object of the binding"),
    ("Engine::back_office", "gives an object of the binding"),
    ("Engine::admin", "gives an object of the binding"),
    ("Engine::subscribe", "gives a `Subscription`, which ends when it is closed"),
    ("Engine::unsubscribe", "closing the `Subscription`"),
    ("Engine::close", "also lets go of ports and listeners"),
    ("Engine::media_store", "files cross as paths: `store_media`, `message_file`, `gallery_file`"),
    ("Engine::store_media", "takes a path, or bytes"),
    ("Engine::diff_templates_with", "takes a port of the language's own"),
    ("Engine::sync_templates_with", "takes a port of the language's own"),
    ("Engine::ingest", "takes bytes of the language's own"),
    ("Engine::ingest_many", "takes bytes of the language's own"),
    ("Desk::request", "every command takes a `request_id`"),
    ("Admin::request", "every command takes a `request_id`"),
    ("Desk::attendant_id", "known without asking the engine"),
    ("Desk::change_tags", "takes lists"),
    ("Desk::open_message_file", "files cross as paths: `message_file`; as bytes: `read_message_file`"),
];

/// Types that the bindings have in a shape of their own.
const OWN_SHAPE: &[(&str, &str)] = &[
    ("Timestamp", "the language's own instant"),
    ("CivilDate", "the language's own civil date"),
    ("Engine", "an object"),
    ("Desk", "an object"),
    ("Admin", "an object"),
    ("EngineBuilder", "`Engine.open`"),
    ("Webhook", "holds bytes of the language's own"),
    ("Self", "a door's own methods"),
];

/// Types that no binding shows, with everything that they can do.
const TYPES: &[(&str, &str)] = &[
    ("ChangeSet", "what a store is handed"),
    ("CivilDate", "the language's own civil date"),
    ("Counts", "what the inbox counts; its figures are fields"),
    ("DocumentKind", "what a store keeps"),
    ("EngineBuilder", "`Engine.open`"),
    ("Error", "the language's own errors, with `code`, `retry` and `explain`"),
    ("InboxQuery", "what a store is asked"),
    ("MemoryMedia", "a store in memory is opened with its files"),
    ("MemoryStore", "a store in memory is opened with `Engine`"),
    ("ModulesError", "the language's own errors of a modules port"),
    ("NodeIds", "an engine leases its node number by itself"),
    ("Pair", "what a store keeps"),
    ("Row", "what a store is handed"),
    ("Times", "folds events by hand: `episode_times` does it"),
    ("Timestamp", "the language's own instant"),
    ("TranscriptWriter", "builds a transcript by hand: `Desk.transcript` does it"),
    ("Zone", "the language's own time zones"),
];

/// Methods of values that no binding shows.
const OF_VALUES: &[(&str, &str)] = &[
    ("ChannelKind::rules", "the default of a channel's own `rules`"),
    ("Attendant::supervises", "a look into a field"),
    ("Attendant::works_in", "a look into a field"),
    ("Channel::is", "a look into two fields"),
    ("DeliveryState::blocks", "a rule of the pump"),
    ("Handles::keys", "what a store is asked"),
    ("LinkKind::of_word", "a `LinkKind` is taken as the word that it is written with"),
    ("MarkerFilter::matches", "a rule of the inbox"),
    ("MediaFile::fit", "`Desk.fit` and `Engine.fit` know the channel's rules"),
    ("MediaFile::fits", "`Desk.fit` and `Engine.fit` know the channel's rules"),
    ("MediaFile::kind", "`Desk.fit` and `Engine.fit` know the channel's rules"),
    ("Role::standard", "the roles that a new account has"),
    ("SetupRow::key", "what a store is asked"),
    ("SetupRow::read", "what a store is asked"),
    ("Setup::channel_by_number", "a look into a map"),
    ("Setup::holds", "a rule of the engine: what is refused says which permission lacks"),
    ("TemplateStatus::from_platform", "a `TemplateStatus` comes from the platform"),
    ("TemplateParameters::named", "its fields are the constructor's"),
    ("TemplateParameters::positional", "its fields are the constructor's"),
    ("Template::fill", "`Desk.preview_template` fills and checks"),
    ("WindowRules::effect", "a rule of the window"),
    ("InteractiveRules::rule", "a look into a field"),
    ("WriteNote::new", "its fields are the arguments of `Desk.write_note`"),
];

/// Functions that no binding shows.
const FUNCTIONS: &[(&str, &str)] = &[
    ("attendance::transition", "the table of phases, which the commands keep"),
    ("error::store::store_code", "for bindings themselves"),
    ("export::csv::append_csv", "exports are written to CSV by the desk and the engine"),
    ("export::csv::write_csv", "exports are written to CSV by the desk and the engine"),
    ("gallery::in_scope", "a rule of galleries"),
    ("gallery::may_manage", "a rule of galleries"),
    ("module::is_web_address", "a rule of links"),
    ("outbox::budget::backoff", "a rule of the pump"),
    ("permission::reaches", "a rule of the engine"),
    ("permission::relation", "a rule of the engine"),
    ("permission::sees", "a rule of the engine"),
    ("permission::sight", "a rule of the engine"),
    ("phone::digits", "a rule of contacts"),
    ("phone::match_key", "a rule of contacts"),
    ("search::words::contact_words", "what a store keeps for the search"),
    ("search::words::entry_words", "what a store keeps for the search"),
    ("search::words::phone_words", "what a store keeps for the search"),
    ("search::words::words", "what a store keeps for the search"),
    ("times::episodes", "folds events by hand: `episode_times` does it"),
    ("window::service_window", "the rule behind `window`"),
];

/// Functions that every binding has, written by hand.
pub const FUNCTIONS_BY_HAND: &[&str] = &["template::fill::flatten_whitespace"];

/// The reason why a type with all that it can do, a method of a value, or a function is shown by no binding.
#[must_use]
pub fn reason(name: &str) -> Option<&'static str> {
    let owner = name.split_once("::").map_or(name, |(owner, _)| owner);
    let lists = TYPES
        .iter()
        .filter(|(own, _)| *own == owner)
        .chain(OF_VALUES.iter().chain(FUNCTIONS).filter(|(own, _)| *own == name));
    lists.map(|(_, reason)| *reason).next()
}

/// Every name on the lists of [`reason`] and on [`FUNCTIONS_BY_HAND`], so that none is left behind when core lets go of it.
pub fn listed() -> impl Iterator<Item = &'static str> {
    let with_reason = TYPES.iter().chain(OF_VALUES).chain(FUNCTIONS).map(|(name, _)| *name);
    with_reason.chain(FUNCTIONS_BY_HAND.iter().copied())
}

/// Whether a method is written by hand.
#[must_use]
pub fn by_hand(method: &str) -> bool {
    BY_HAND.iter().any(|(name, _)| *name == method)
}

/// Whether a type has a shape of its own in the bindings.
#[must_use]
pub fn own_shape(name: &str) -> bool {
    OWN_SHAPE.iter().any(|(own, _)| *own == name)
}

/// Records that Python takes as values; the fields of all others are keyword arguments of the call.
const AS_VALUE: &[&str] = &["Account", "MediaFile", "MessagePlace", "TemplateDiff", "TemplateParameters"];

/// Whether Python takes a record as a value.
#[must_use]
pub fn as_value(name: &str) -> bool {
    AS_VALUE.contains(&name)
}
