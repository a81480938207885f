//! The two languages of everything the command says to people.

use clap::ValueEnum;
use guiche_core::error::Locale;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Lang {
    /// Brazilian Portuguese.
    #[default]
    #[value(alias = "pt-BR", alias = "pt_BR")]
    Pt,
    /// English.
    #[value(alias = "en-US", alias = "en_US")]
    En,
}

impl Lang {
    /// The text of this language.
    pub(crate) fn say<'a>(self, pt: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Pt => pt,
            Lang::En => en,
        }
    }

    /// The engine's word for it.
    pub(crate) fn locale(self) -> Locale {
        match self {
            Lang::Pt => Locale::PtBr,
            Lang::En => Locale::En,
        }
    }
}
