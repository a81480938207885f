//! The mirror for UniFFI: every record, choice and id in reach, and the methods of the doors.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Argument, Door, Field, Kind, Method, Shape, Surface, Ty, Variant, unlinked};
use crate::rust_only;

/// The Rust source of the mirror.
///
/// # Errors
/// What cannot be mirrored and is not listed as Rust-only.
pub fn mirror(surface: &Surface) -> Result<String, String> {
    let mut out = String::from("// Written from core's source by guiche-surface while this crate is built.\n\n");
    let mut collections = BTreeSet::new();
    let mut outcomes = BTreeSet::new();
    let mirrored: Vec<&Shape> = surface.mirrored()?;
    for shape in &mirrored {
        writeln!(out, "pub use guiche_core::{}::{};", surface.public_module(shape), shape.name).ok();
    }
    out.push('\n');
    for shape in &mirrored {
        match &shape.kind {
            Kind::Record(fields) => record(&mut out, surface, shape, fields, &mut collections),
            Kind::Choice(variants) => choice(&mut out, shape, variants, &mut collections),
            Kind::Coat if surface.is_id(shape) => id(&mut out, shape),
            Kind::Coat | Kind::Opaque => {}
        }
    }
    for door in &surface.doors {
        methods(&mut out, door, &mut collections, &mut outcomes)?;
    }
    for (name, gives) in outcomes {
        outcome(&mut out, &name, &gives);
    }
    for (alias, ty) in collections {
        collection(&mut out, &alias, &ty);
    }
    Ok(out)
}

fn docs(out: &mut String, indent: &str, lines: &[String]) {
    for line in unlinked(&lines.join("\n")).lines() {
        writeln!(out, "{indent}#[doc = {:?}]", format!(" {line}")).ok();
    }
}

fn record(out: &mut String, surface: &Surface, shape: &Shape, fields: &[Field], into: &mut BTreeSet<(String, Ty)>) {
    docs(out, "", &shape.docs);
    writeln!(out, "#[uniffi::remote(Record)]\npub struct {} {{", shape.name).ok();
    for field in fields {
        docs(out, "    ", &field.docs);
        match (surface.default_of(shape, field), &field.ty) {
            (None, _) => {}
            (Some(_), Ty::Map(..)) => out.push_str("    #[uniffi(default)]\n"),
            (Some(default), _) => {
                writeln!(out, "    #[uniffi(default = {default})]").ok();
            }
        }
        writeln!(out, "    pub {}: {},", field.name, written(&field.ty, into)).ok();
    }
    out.push_str("}\n\n");
}

fn choice(out: &mut String, shape: &Shape, variants: &[Variant], into: &mut BTreeSet<(String, Ty)>) {
    docs(out, "", &shape.docs);
    writeln!(out, "#[uniffi::remote(Enum)]\npub enum {} {{", shape.name).ok();
    for variant in variants {
        docs(out, "    ", &variant.docs);
        write!(out, "    {}", variant.name).ok();
        match (variant.fields.as_slice(), variant.named) {
            ([], _) => {}
            (fields, true) => {
                out.push_str(" {\n");
                for field in fields {
                    docs(out, "        ", &field.docs);
                    writeln!(out, "        {}: {},", field.name, written(&field.ty, into)).ok();
                }
                out.push_str("    }");
            }
            (fields, false) => {
                let fields: Vec<_> = fields.iter().map(|field| written(&field.ty, into)).collect();
                write!(out, "({})", fields.join(", ")).ok();
            }
        }
        out.push_str(",\n");
    }
    out.push_str("}\n\n");
}

fn id(out: &mut String, shape: &Shape) {
    let name = &shape.name;
    writeln!(
        out,
        "uniffi::custom_type!({name}, i64, {{ remote, lower: |id| id.raw(), try_lift: |raw| Ok({name}::from_raw(raw)) }});\n"
    )
    .ok();
}

/// A type as the mirror writes it; sets and maps get a name, by which they are turned into what UniFFI knows.
fn written(ty: &Ty, into: &mut BTreeSet<(String, Ty)>) -> String {
    match ty {
        Ty::Set(inner) => {
            written(inner, into);
            let alias = format!("{}Set", word(inner));
            into.insert((alias.clone(), ty.clone()));
            alias
        }
        Ty::Map(key, value) => {
            written(key, into);
            written(value, into);
            let alias = format!("{}By{}", word(value), word(key));
            into.insert((alias.clone(), ty.clone()));
            alias
        }
        Ty::Maybe(inner) => format!("Option<{}>", written(inner, into)),
        Ty::List(inner) => format!("Vec<{}>", written(inner, into)),
        Ty::Boxed(inner) => format!("Box<{}>", written(inner, into)),
        other => plain(other),
    }
}

/// A type without sets and maps in it.
fn plain(ty: &Ty) -> String {
    match ty {
        Ty::Unit => "()".to_owned(),
        Ty::Bool => "bool".to_owned(),
        Ty::U8 => "u8".to_owned(),
        Ty::U16 => "u16".to_owned(),
        Ty::U32 => "u32".to_owned(),
        Ty::U64 => "u64".to_owned(),
        Ty::I32 => "i32".to_owned(),
        Ty::I64 => "i64".to_owned(),
        Ty::F64 => "f64".to_owned(),
        Ty::Text => "String".to_owned(),
        Ty::Bytes => "Vec<u8>".to_owned(),
        Ty::Span => "std::time::Duration".to_owned(),
        Ty::Named(name) => name.clone(),
        Ty::Maybe(inner) => format!("Option<{}>", plain(inner)),
        Ty::List(inner) => format!("Vec<{}>", plain(inner)),
        Ty::Boxed(inner) => format!("Box<{}>", plain(inner)),
        Ty::Set(inner) => format!("std::collections::BTreeSet<{}>", plain(inner)),
        Ty::Map(key, value) => format!("std::collections::BTreeMap<{}, {}>", plain(key), plain(value)),
        Ty::Other(words) => words.clone(),
    }
}

/// A type as part of a name.
fn word(ty: &Ty) -> String {
    match ty {
        Ty::Text => "Text".to_owned(),
        Ty::Named(name) => name.clone(),
        Ty::Maybe(inner) => format!("Maybe{}", word(inner)),
        Ty::List(inner) => format!("{}List", word(inner)),
        Ty::Boxed(inner) => word(inner),
        Ty::U32 => "Count".to_owned(),
        other => plain(other).to_uppercase(),
    }
}

fn collection(out: &mut String, alias: &str, ty: &Ty) {
    let mut none = BTreeSet::new();
    let known = match ty {
        Ty::Set(inner) => format!("std::collections::HashSet<{}>", written(inner, &mut none)),
        Ty::Map(key, value) => {
            format!("std::collections::HashMap<{}, {}>", written(key, &mut none), written(value, &mut none))
        }
        _ => return,
    };
    writeln!(
        out,
        "type {alias} = {};\nuniffi::custom_type!({alias}, {known}, {{ remote, lower: |all| all.into_iter().collect(), \
         try_lift: |all| Ok(all.into_iter().collect()) }});\n",
        plain(ty)
    )
    .ok();
}

fn outcome(out: &mut String, name: &str, gives: &Ty) {
    let ty = written(gives, &mut BTreeSet::new());
    writeln!(
        out,
        "/// What came of a command.\n#[derive(uniffi::Record)]\npub struct {name} {{\n    /// Its outcome.\n    pub outcome: {ty},\n    \
         /// Whether the same request had been carried out before: nothing was done this time.\n    pub repeated: bool,\n}}\n\n\
         impl From<guiche_core::engine::Done<{ty}>> for {name} {{\n    fn from(done: guiche_core::engine::Done<{ty}>) -> Self {{\n        \
         Self {{ outcome: done.outcome, repeated: done.repeated }}\n    }}\n}}\n"
    )
    .ok();
}

fn methods(
    out: &mut String,
    door: &Door,
    collections: &mut BTreeSet<(String, Ty)>,
    outcomes: &mut BTreeSet<(String, Ty)>,
) -> Result<(), String> {
    writeln!(out, "#[uniffi::export]\nimpl {} {{", door.name).ok();
    for method in &door.methods {
        let whole = format!("{}::{}", door.name, method.name);
        if rust_only::by_hand(&whole) {
            continue;
        }
        if let Some(argument) = method.arguments.iter().find(|argument| argument.is_foreign()) {
            return Err(format!("{whole}: `{}` has no mirror; list it in rust_only.rs", argument.name));
        }
        one(out, door, method, collections, outcomes);
    }
    out.push_str("}\n\n");
    Ok(())
}

fn one(
    out: &mut String,
    door: &Door,
    method: &Method,
    collections: &mut BTreeSet<(String, Ty)>,
    outcomes: &mut BTreeSet<(String, Ty)>,
) {
    docs(out, "    ", &method.docs);
    let mut defaults: Vec<String> = Vec::new();
    let mut parameters = String::from("&self");
    let mut given = Vec::new();
    for argument in &method.arguments {
        let name = &argument.name;
        write!(parameters, ", {name}: {}", written(&argument.mirrored(), collections)).ok();
        given.push(handed_over(argument));
        match &argument.ty {
            Ty::Maybe(_) => defaults.push(format!("{name} = None")),
            Ty::U32 if name == "limit" => defaults.push(format!("{name} = 50")),
            _ => {}
        }
    }
    if method.command {
        parameters.push_str(", request_id: Option<String>");
        defaults.push("request_id = None".to_owned());
    }
    if !defaults.is_empty() {
        writeln!(out, "    #[uniffi::method(default({}))]", defaults.join(", ")).ok();
    }
    let gives = match (&method.gives, method.command) {
        (gives, true) => {
            let name = format!("Done{}", word(gives));
            written(gives, collections);
            outcomes.insert((name.clone(), gives.clone()));
            name
        }
        (Ty::Boxed(inner), false) => written(inner, collections),
        (gives, false) => written(gives, collections),
    };
    let at = match (door.name, method.command) {
        ("Engine", _) => "self.core()?".to_owned(),
        (_, true) => "self.asking(request_id)?".to_owned(),
        (_, false) => "self.core()?".to_owned(),
    };
    let call = format!("{at}.{}({})", method.name, given.join(", "));
    let call = if method.fallible { format!("{call}?") } else { call };
    let body = match (&method.gives, method.command) {
        (_, true) => format!("Ok({call}.into())"),
        (Ty::Boxed(_), false) => format!("Ok((*{call}).clone())"),
        _ => format!("Ok({call})"),
    };
    writeln!(
        out,
        "    pub fn {}({parameters}) -> Result<{gives}, crate::GuicheError> {{\n        {body}\n    }}\n",
        method.name
    )
    .ok();
}

/// How an argument that came by value is handed to core.
fn handed_over(argument: &Argument) -> String {
    let name = &argument.name;
    match (&argument.ty, argument.borrowed) {
        (Ty::Maybe(inner), _) if argument.borrows_inside => match **inner {
            Ty::Text => format!("{name}.as_deref()"),
            _ => format!("{name}.as_ref()"),
        },
        (_, true) => format!("&{name}"),
        (_, false) => name.clone(),
    }
}

/// The Rust source of every value that a call takes or gives as JSON, in the shape of core's own serialisation.
///
/// # Errors
/// Those of [`mirror`].
pub fn json(surface: &Surface) -> Result<String, String> {
    let mut out = String::new();
    let mirrored = surface.mirrored()?;
    let named = surface.named_by_methods();
    let written = mirrored.iter().copied().filter(|shape| named.contains(&shape.name) && surface.has_json(shape));
    let written: Vec<&Shape> = written.collect();
    out.push_str(
        "/// Any value that a call takes or gives: what [`crate::to_json`] writes and [`crate::from_json`] reads.\n\
         #[derive(uniffi::Enum)]\n#[allow(clippy::large_enum_variant)] // one at a time\npub enum AnyValue {\n",
    );
    for shape in &written {
        writeln!(
            out,
            "    /// A `{0}`.\n    Of{0} {{\n        /// The value.\n        value: {0},\n    }},",
            shape.name
        )
        .ok();
    }
    out.push_str("}\n\npub(crate) fn write_any(value: &AnyValue) -> serde_json::Result<String> {\n    match value {\n");
    for shape in &written {
        writeln!(out, "        AnyValue::Of{} {{ value }} => serde_json::to_string(value),", shape.name).ok();
    }
    out.push_str(
        "    }\n}\n\npub(crate) fn read_any(name: &str, json: &str) -> Option<serde_json::Result<AnyValue>> {\n    Some(match name {\n",
    );
    for shape in &written {
        writeln!(
            out,
            "        {0:?} => serde_json::from_str(json).map(|value| AnyValue::Of{0} {{ value }}),",
            shape.name
        )
        .ok();
    }
    out.push_str("        _ => return None,\n    })\n}\n");
    Ok(out)
}
