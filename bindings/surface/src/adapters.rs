//! What an adapter knows of core's values, as methods of them: core must not know it, and bindings show it beside core's own
//! methods, so that nobody has to ask whose knowledge it is.

/// The methods, as their source would declare them. The binding of each language carries them out.
pub(crate) const METHODS: &str = r"
impl Delivery {
    /// What to tell the attendant about it: why it failed, why it waits for another try, or why it is held. `None` where there
    /// is nothing of these to tell. The same error reads otherwise while the engine goes on trying and once it has given up.
    pub fn advice(&self, locale: Locale) -> Option<String> {}
}

impl PlatformError {
    /// What to tell the attendant about it where nothing is tried again by itself. Of a message, [`Delivery::advice`] knows
    /// whether it is.
    pub fn advice(&self, locale: Locale) -> String {}
}
";
