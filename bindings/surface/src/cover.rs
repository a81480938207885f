//! What values can do: which of their methods a binding shows, and whether everything that core makes public is shown or
//! listed as Rust-only.

use std::collections::BTreeSet;

use crate::model::{Kind, Method, Receiver, Shape, Surface, Ty};
use crate::rust_only;

impl Surface {
    /// The methods of a mirrored type that its class has.
    #[must_use]
    pub fn shown_methods(&self, shape: &Shape) -> Vec<&Method> {
        let all = self.values.get(&shape.name).map(Vec::as_slice).unwrap_or_default();
        let shown = all.iter().filter(|method| {
            let whole = format!("{}::{}", shape.name, method.name);
            method.receiver == Receiver::Value && rust_only::reason(&whole).is_none() && !is_own_word(shape, method)
        });
        shown.collect()
    }

    /// Public methods of values and functions that no binding shows though no list says why; and names on the lists that
    /// core does not have.
    ///
    /// # Errors
    /// As [`Surface::mirrored`].
    pub fn uncovered(&self) -> Result<Vec<String>, String> {
        let mirrored = self.mirrored()?;
        let names: BTreeSet<&str> = mirrored.iter().map(|shape| shape.name.as_str()).collect();
        let mut found = Vec::new();
        let accounted =
            |other: &str| rust_only::reason(other).is_some() || rust_only::FUNCTIONS_BY_HAND.contains(&other);
        for other in self.others.iter().filter(|other| !accounted(other)) {
            let Some((owner, name)) = other.split_once("::") else { continue };
            let method = self.values.get(owner).and_then(|methods| methods.iter().find(|method| method.name == name));
            let shown = match (method, names.contains(owner)) {
                (Some(method), true) => match method.receiver {
                    // Values of a binding never change.
                    Receiver::Changing => true,
                    Receiver::None => false,
                    Receiver::Value => {
                        let mut types = Vec::new();
                        method.gives.names(&mut types);
                        method.arguments.iter().for_each(|argument| argument.ty.names(&mut types));
                        let foreign = method.gives.is_foreign()
                            || method.arguments.iter().any(|argument| argument.ty.is_foreign());
                        let known = |ty: &String| {
                            names.contains(ty.as_str()) || matches!(ty.as_str(), "Timestamp" | "CivilDate" | "usize")
                        };
                        !foreign && !method.fallible && types.iter().all(known)
                    }
                },
                _ => false,
            };
            if !shown {
                found.push(other.clone());
            }
        }
        let known = |name: &str| self.others.contains(name) || self.types.contains_key(name);
        found.extend(
            rust_only::listed().filter(|name| !known(name)).map(|name| format!("{name}, which core does not have")),
        );
        Ok(found)
    }
}

/// Whether a method only says the word that a choice of bare words is in a binding.
fn is_own_word(shape: &Shape, method: &Method) -> bool {
    let words =
        matches!(&shape.kind, Kind::Choice(variants) if variants.iter().all(|variant| variant.fields.is_empty()));
    words && method.name == "word" && method.gives == Ty::Text
}
