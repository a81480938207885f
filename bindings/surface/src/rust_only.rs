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
    ("Engine::ingest", "takes bytes without copying them"),
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
    ("Self", "a door's own methods"),
];

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
