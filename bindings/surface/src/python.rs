//! The mirror for Python: a table for every record and every choice, of which frozen classes are made when the module is
//! imported; a `StrEnum` for every choice of bare words; and the methods of the doors with keyword arguments.
//!
//! Classes are made from tables because half a thousand of PyO3's own, with a getter for each field, would be megabytes of
//! code that says the same thing.

use std::fmt::Write as _;

use crate::model::{Argument, Door, Field, Kind, Method, Shape, Surface, Ty, Variant, snake, unlinked};
use crate::rust_only;

/// The Rust source of the mirror.
///
/// # Errors
/// What cannot be mirrored and is not listed as Rust-only.
pub fn mirror(surface: &Surface) -> Result<String, String> {
    let uncovered = surface.uncovered()?;
    if !uncovered.is_empty() {
        return Err(format!("neither mirrored nor listed in rust_only.rs: {}", uncovered.join(", ")));
    }
    let mut out = String::from("// Written from core's source by guiche-surface while this crate is built.\n\n");
    let (mut tables, mut words, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for shape in surface.mirrored()? {
        let path = core(surface, &shape.name);
        match &shape.kind {
            Kind::Choice(variants) if is_words(variants) => {
                self::words(&mut out, surface, shape, variants);
                words.push(path);
            }
            Kind::Record(_) | Kind::Choice(_) => {
                table(&mut out, surface, shape);
                tables.push(path);
            }
            Kind::Coat => {
                writeln!(out, "impl_id!({path});\n").ok();
                ids.push(shape.name.clone());
            }
            Kind::Opaque => {}
        }
    }
    for door in &surface.doors {
        methods(&mut out, surface, door)?;
    }
    out.push_str("pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {\n");
    for name in &ids {
        writeln!(out, "    crate::shape::register_id(module, {name:?})?;").ok();
    }
    for path in &words {
        writeln!(out, "    crate::words::register::<{path}>(module)?;").ok();
    }
    for path in &tables {
        writeln!(out, "    crate::record::register::<{path}>(module)?;").ok();
    }
    out.push_str("    Ok(())\n}\n");
    Ok(out)
}

/// Whether no variant of a choice holds anything.
pub(crate) fn is_words(variants: &[Variant]) -> bool {
    variants.iter().all(|variant| variant.fields.is_empty())
}

/// The path of a type of core.
fn core(surface: &Surface, name: &str) -> String {
    match surface.types.get(name) {
        Some(shape) => format!("guiche_core::{}::{name}", surface.public_module(shape)),
        None => name.to_owned(),
    }
}

/// A type of core as Rust writes it.
fn rust(surface: &Surface, ty: &Ty) -> String {
    let of = |inner: &Ty| rust(surface, inner);
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
        Ty::Bytes => "crate::shape::Bytes".to_owned(),
        Ty::Span => "std::time::Duration".to_owned(),
        Ty::Named(name) => core(surface, name),
        Ty::Maybe(inner) => format!("Option<{}>", of(inner)),
        Ty::List(inner) => format!("Vec<{}>", of(inner)),
        Ty::Set(inner) => format!("std::collections::BTreeSet<{}>", of(inner)),
        Ty::Map(key, value) => format!("std::collections::BTreeMap<{}, {}>", of(key), of(value)),
        Ty::Boxed(inner) => format!("Box<{}>", of(inner)),
        Ty::Other(words) => words.clone(),
    }
}

/// Rust's documentation as Python's: links become words, and what is about Rust goes.
pub(crate) fn doc(lines: &[String]) -> String {
    let whole = unlinked(&lines.join("\n"));
    whole.replace("# Errors\n", "Raises:\n").replace("::", ".").replace("`None`", "None").trim().to_owned()
}

/// What something holds, by name, as the tables write it.
fn named(surface: &Surface, shape: &Shape, fields: &[Field]) -> String {
    let mut out = String::from("&[");
    for field in fields {
        let needed = default_of(surface, shape, field).is_none();
        write!(out, "Named {{ name: {:?}, doc: {:?}, needed: {needed} }}, ", spelled(&field.name), doc(&field.docs))
            .ok();
    }
    out.push(']');
    out
}

/// A name of core as Python may say it: its keywords get an underscore.
pub(crate) fn spelled(name: &str) -> String {
    match name.trim_start_matches("r#") {
        word @ ("from" | "class" | "import" | "in" | "is" | "not" | "and" | "or" | "def" | "del" | "pass"
        | "global" | "with" | "lambda" | "None" | "True" | "False") => format!("{word}_"),
        word => word.to_owned(),
    }
}

/// What a field is when it is left out.
pub(crate) fn default_of(surface: &Surface, shape: &Shape, field: &Field) -> Option<Otherwise> {
    let otherwise = |rust: String, shown: &str| Some(Otherwise { rust, shown: shown.to_owned() });
    if let Some(literal) = surface.default_of(shape, field) {
        let rust = match (&field.ty, literal.as_str()) {
            (Ty::Maybe(_), _) => "|| None".to_owned(),
            (Ty::Text, _) => "String::new".to_owned(),
            (Ty::List(_) | Ty::Set(_) | Ty::Map(..), _) => "Default::default".to_owned(),
            (_, literal) => format!("|| {literal}"),
        };
        return otherwise(rust, &shown(&literal));
    }
    match (surface.may_be_left_out(shape, field), &field.ty) {
        ((true, _), _) if surface.has_default(&shape.name) => {
            otherwise(format!("|| {}::default().{}", core(surface, &shape.name), field.name), "None")
        }
        ((_, true), Ty::Named(name)) if surface.has_default(name) => otherwise("Default::default".to_owned(), "None"),
        _ => None,
    }
}

/// The fields of a record or variant, taken from what was given.
fn taken(surface: &Surface, shape: &Shape, fields: &[Field], with_names: bool) -> String {
    let mut made = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let ty = rust(surface, &field.ty);
        let value = match default_of(surface, shape, field) {
            None => format!("given.need::<{ty}>({at})?"),
            Some(default) => format!("given.or::<{ty}>({at}, {})?", default.rust),
        };
        let value = if field.ty == Ty::Bytes { format!("{value}.0") } else { value };
        made.push(if with_names { format!("{}: {value}", field.name) } else { value });
    }
    made.join(", ")
}

/// A field as Python sees it.
fn show(surface: &Surface, ty: &Ty, held: &str) -> String {
    match ty {
        Ty::Bytes => format!("crate::shape::show_bytes(&{held}, place.py())"),
        _ if is_part(surface, ty) => format!("{held}.show_at(place)"),
        _ => format!("{held}.show(place.py())"),
    }
}

/// Whether it is a record or a list of records, which are shown where they lie.
fn is_part(surface: &Surface, ty: &Ty) -> bool {
    match ty {
        Ty::Maybe(inner) | Ty::Boxed(inner) => is_part(surface, inner),
        Ty::List(inner) => is_table(surface, inner),
        _ => is_table(surface, ty),
    }
}

/// Whether it has a table: not an id, nor a choice of bare words, nor what has a shape of its own in Python.
fn is_table(surface: &Surface, ty: &Ty) -> bool {
    let Ty::Named(name) = ty else { return false };
    !rust_only::own_shape(name)
        && surface.types.get(name).is_some_and(|shape| match &shape.kind {
            Kind::Record(_) => true,
            Kind::Choice(variants) => !is_words(variants),
            Kind::Coat | Kind::Opaque => false,
        })
}

fn table(out: &mut String, surface: &Surface, shape: &Shape) {
    let path = core(surface, &shape.name);
    let (mut variants, mut made, mut which) = (String::new(), String::new(), String::new());
    let (mut fields, mut parts) = (String::new(), String::new());
    let mut shown = |pattern: String, ty: &Ty, held: &str| {
        writeln!(fields, "            {pattern} => {},", show(surface, ty, held)).ok();
        if is_part(surface, ty) {
            writeln!(parts, "            {pattern} => {held}.nth(nth),").ok();
        }
    };
    let classes = match &shape.kind {
        Kind::Record(held) => {
            writeln!(
                variants,
                "            Variant {{ name: \"\", doc: \"\", fields: {} }},",
                named(surface, shape, held)
            )
            .ok();
            writeln!(made, "            0 => {path} {{ {} }},", taken(surface, shape, held, true)).ok();
            which.push_str("            _ => 0,\n");
            for (at, field) in held.iter().enumerate() {
                shown(format!("(_, {at})"), &field.ty, &format!("self.{}", field.name));
            }
            1
        }
        Kind::Choice(choices) => {
            for (number, variant) in choices.iter().enumerate() {
                let held = variant.shown_fields();
                let (name, doc) = (&variant.name, doc(&variant.docs));
                writeln!(
                    variants,
                    "            Variant {{ name: {:?}, doc: {doc:?}, fields: {} }},",
                    spelled(name),
                    named(surface, shape, &held)
                )
                .ok();
                let inside = taken(surface, shape, &held, variant.named);
                let inside = match (held.is_empty(), variant.named) {
                    (true, _) => String::new(),
                    (_, true) => format!(" {{ {inside} }}"),
                    (_, false) => format!("({inside})"),
                };
                writeln!(made, "            {number} => {path}::{name}{inside},").ok();
                writeln!(which, "            {path}::{name} {{ .. }} => {number},").ok();
                for (at, field) in held.iter().enumerate() {
                    let bound = if variant.named {
                        format!("{{ {}: it, .. }}", field.name)
                    } else {
                        format!("{{ {at}: it, .. }}")
                    };
                    shown(format!("({path}::{name} {bound}, {at})"), &field.ty, "it");
                }
            }
            choices.len() + 1
        }
        Kind::Coat | Kind::Opaque => return,
    };
    let choice = matches!(shape.kind, Kind::Choice(_));
    let read = if surface.has_json(shape) { "Some(crate::record::read::<Self>)" } else { "None" };
    let json = if surface.has_json(shape) { "Some(serde_json::to_string(self))" } else { "None" };
    let same = match (shape.derives.contains("PartialEq"), surface.has_json(shape)) {
        (true, _) => "self == other".to_owned(),
        (false, true) => "serde_json::to_string(self).ok() == serde_json::to_string(other).ok()".to_owned(),
        // What ports are given and answer once: the very same object.
        (false, false) => "std::ptr::eq(self, other)".to_owned(),
    };
    let text = if surface.has_debug(shape) {
        "format!(\"{self:?}\")".to_owned()
    } else {
        format!("{:?}.to_owned()", shape.name)
    };
    writeln!(
        out,
        "impl Data for {path} {{\n    fn table() -> &'static Table {{\n        \
         static CLASSES: [PyOnceLock<Py<PyType>>; {classes}] = [const {{ PyOnceLock::new() }}; {classes}];\n        \
         static TABLE: Table = Table {{\n            name: {:?},\n            doc: {:?},\n            choice: {choice},\n            variants: &[\n{variants}            ],\n            \
         methods: &{},\n            classes: &CLASSES,\n            make: crate::record::make::<{path}>,\n            read: {},\n        }};\n        &TABLE\n    }}\n    \
         fn make(variant: usize, given: &Given<'_>) -> PyResult<Self> {{\n        Ok(match variant {{\n{made}            _ => return Err(crate::record::abstract_choice(Self::table())),\n        }})\n    }}\n    \
         fn variant(&self) -> usize {{\n        match self {{\n{which}        }}\n    }}\n    \
         fn field(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {{\n        match (self, place.at) {{\n{fields}            _ => Err(crate::record::no_field()),\n        }}\n    }}\n    \
         fn part(&self, at: usize, nth: usize) -> Option<&dyn crate::record::Value> {{\n        match (self, at) {{\n{parts}            _ => None,\n        }}\n    }}\n    \
         fn same(&self, other: &Self) -> bool {{ {same} }}\n    \
         fn json(&self) -> Option<serde_json::Result<String>> {{ {json} }}\n    \
         fn text(&self) -> String {{ {text} }}\n}}\nimpl_data!({path});\n",
        shape.name,
        doc(&shape.docs),
        shown_methods(surface, shape, &path),
        read.replace("Self", &path),
    )
    .ok();
}

/// A method's name in its class. What an enum of Python says of its members by itself keeps its meaning.
pub(crate) fn method_name(shape: &Shape, method: &Method) -> String {
    match (&shape.kind, method.name.as_str()) {
        (Kind::Choice(variants), "name" | "value") if is_words(variants) => format!("{}_in", method.name),
        (_, name) => spelled(name),
    }
}

/// A method without arguments reads as a property.
pub(crate) fn is_property(method: &Method) -> bool {
    method.arguments.is_empty()
}

/// The table of what a value can do.
fn shown_methods(surface: &Surface, shape: &Shape, path: &str) -> String {
    let mut out = String::from("[");
    for method in surface.shown_methods(shape) {
        let mut arguments = String::new();
        let (mut taken, mut handed) = (String::new(), Vec::new());
        for (at, argument) in method.arguments.iter().enumerate() {
            let default = argument_default(surface, argument, at + 1);
            write!(
                arguments,
                "Named {{ name: {:?}, doc: \"\", needed: {} }}, ",
                spelled(&argument.name),
                default.is_none()
            )
            .ok();
            let ty = rust(surface, &argument.ty);
            match default {
                None => writeln!(taken, "let a{at} = given.need::<{ty}>({at})?;").ok(),
                Some(default) => writeln!(taken, "let a{at} = given.or::<{ty}>({at}, {})?;", default.rust).ok(),
            };
            handed.push(handed_over(argument, &format!("a{at}")));
        }
        let words = matches!(&shape.kind, Kind::Choice(variants) if is_words(variants));
        let this = if words {
            format!("&<{path} as Take>::take(this)?")
        } else {
            format!("crate::record::of::<{path}>(this)?")
        };
        write!(
            out,
            "Method {{ name: {:?}, doc: {:?}, property: {}, arguments: &[{arguments}], run: |this, given| {{ let _ = given; let me = {this}; {taken} me.{}({}).show(this.py()) }} }}, ",
            method_name(shape, method),
            doc(&method.docs),
            is_property(method),
            method.name,
            handed.join(", ")
        )
        .ok();
    }
    out.push(']');
    out
}

fn words(out: &mut String, surface: &Surface, shape: &Shape, variants: &[Variant]) {
    let path = core(surface, &shape.name);
    let members: Vec<_> = variants
        .iter()
        .map(|variant| format!("({:?}, {:?})", snake(&variant.name).to_uppercase(), surface.word_of(shape, variant)))
        .collect();
    let all: Vec<_> = variants.iter().map(|variant| format!("{path}::{}", variant.name)).collect();
    writeln!(
        out,
        "impl Words for {path} {{\n    const NAME: &'static str = {:?};\n    const DOC: &'static str = {:?};\n    \
         const MEMBERS: &'static [(&'static str, &'static str)] = &[{}];\n    const ALL: &'static [Self] = &[{}];\n    \
         fn cell() -> &'static PyOnceLock<Members> {{ static CELL: PyOnceLock<Members> = PyOnceLock::new(); &CELL }}\n    \
         fn index(&self) -> usize {{ *self as usize }}\n    \
         fn methods() -> &'static [Method] {{ static METHODS: &[Method] = &{}; METHODS }}\n}}\nimpl_words!({path});\n",
        shape.name,
        doc(&shape.docs),
        members.join(", "),
        all.join(", "),
        shown_methods(surface, shape, &path),
    )
    .ok();
}

fn methods(out: &mut String, surface: &Surface, door: &Door) -> Result<(), String> {
    writeln!(out, "#[pymethods]\nimpl {} {{", door.name).ok();
    for method in &door.methods {
        let whole = format!("{}::{}", door.name, method.name);
        if rust_only::by_hand(&whole) {
            continue;
        }
        if let Some(argument) = method.arguments.iter().find(|argument| argument.is_foreign()) {
            return Err(format!("{whole}: `{}` has no mirror; list it in rust_only.rs", argument.name));
        }
        one(out, surface, door, method);
    }
    out.push_str("}\n\n");
    Ok(())
}

/// An argument as Python has it: a value, or a record whose fields are keywords of their own.
pub(crate) enum Given<'a> {
    Value(&'a Argument),
    Fields { argument: &'a Argument, shape: &'a Shape, fields: &'a [Field] },
}

/// The arguments of a method as Python has them.
pub(crate) fn given<'a>(surface: &'a Surface, method: &'a Method) -> Vec<Given<'a>> {
    let each = method.arguments.iter().map(|argument| match &argument.ty {
        Ty::Named(name) if !rust_only::as_value(name) => match surface.types.get(name) {
            Some(shape) => match &shape.kind {
                Kind::Record(fields) => Given::Fields { argument, shape, fields },
                _ => Given::Value(argument),
            },
            None => Given::Value(argument),
        },
        _ => Given::Value(argument),
    });
    each.collect()
}

/// What an argument is when it is left out.
pub(crate) struct Otherwise {
    /// As Rust makes it.
    pub(crate) rust: String,
    /// As a signature shows it.
    pub(crate) shown: String,
}

/// What an argument of a method is when it is left out. The first argument always says what it is about.
pub(crate) fn argument_default(surface: &Surface, argument: &Argument, at: usize) -> Option<Otherwise> {
    let otherwise = |rust: &str, shown: &str| Some(Otherwise { rust: rust.to_owned(), shown: shown.to_owned() });
    match &argument.ty {
        Ty::Maybe(_) => otherwise("|| None", "None"),
        Ty::U32 if argument.name == "limit" => otherwise("|| 50", "50"),
        Ty::Bool if at > 0 && argument.name == "typing" => otherwise("|| false", "False"),
        Ty::I64 if argument.name == "cursor" => otherwise("|| 0", "0"),
        Ty::Named(name) if at > 0 => {
            if surface.has_default(name) {
                otherwise("Default::default", "None")
            } else {
                None
            }
        }
        _ => None,
    }
}

/// How an argument that came by value is handed to core.
fn handed_over(argument: &Argument, name: &str) -> String {
    match (&argument.ty, argument.borrowed) {
        (Ty::Maybe(inner), _) if argument.borrows_inside => match **inner {
            Ty::Text => format!("{name}.as_deref()"),
            _ => format!("{name}.as_ref()"),
        },
        (_, true) => format!("&{name}"),
        (_, false) => name.to_owned(),
    }
}

/// A literal that is the same in a signature of PyO3, as a default.
pub(crate) fn is_literal(ty: &Ty) -> bool {
    matches!(ty, Ty::Bool | Ty::U32 | Ty::U64 | Ty::I64)
}

#[derive(Default)]
struct Taking {
    head: Vec<String>,
    keywords: Vec<String>,
    /// The parameters of the Rust function, in the order of the signature.
    head_parameters: String,
    keyword_parameters: String,
    taken: String,
}

impl Taking {
    /// One parameter, at its place in the signature; what of it was given is a value of that type in the body.
    fn parameter(&mut self, surface: &Surface, keyword: bool, name: &str, ty: &Ty, default: Option<(String, String)>) {
        let whole = rust(surface, ty);
        let parameters = if keyword { &mut self.keyword_parameters } else { &mut self.head_parameters };
        let signature = match default {
            // What has no literal of its own is None in the signature.
            Some((_, shown)) if is_literal(ty) && shown != "None" => {
                write!(parameters, ", {name}: {whole}").ok();
                let shown = match shown.as_str() {
                    "False" => "false",
                    "True" => "true",
                    other => other,
                };
                format!("{name}={shown}")
            }
            Some((rust, _)) => {
                write!(parameters, ", {name}: Option<&Bound<'_, PyAny>>").ok();
                writeln!(
                    self.taken,
                    "        let {name} = crate::shape::taken_or::<{whole}>({name}, {name:?}, {rust})?;"
                )
                .ok();
                format!("{name}=None")
            }
            None => {
                write!(parameters, ", {name}: &Bound<'_, PyAny>").ok();
                writeln!(self.taken, "        let {name} = crate::shape::taken::<{whole}>({name}, {name:?})?;").ok();
                name.to_owned()
            }
        };
        if keyword { self.keywords.push(signature) } else { self.head.push(signature) }
    }

    fn signature(&self) -> String {
        match (self.head.is_empty(), self.keywords.is_empty()) {
            (_, true) => self.head.join(", "),
            (true, false) => format!("*, {}", self.keywords.join(", ")),
            (false, false) => format!("{}, *, {}", self.head.join(", "), self.keywords.join(", ")),
        }
    }
}

fn one(out: &mut String, surface: &Surface, door: &Door, method: &Method) {
    let mut taking = Taking::default();
    let mut handed = Vec::new();
    for (at, given) in given(surface, method).into_iter().enumerate() {
        match given {
            Given::Value(argument) => {
                let default = argument_default(surface, argument, at).map(|default| (default.rust, default.shown));
                taking.parameter(surface, false, &spelled(&argument.name), &argument.ty, default);
                handed.push(handed_over(argument, &spelled(&argument.name)));
            }
            Given::Fields { argument, shape, fields } => {
                for field in fields {
                    let default = default_of(surface, shape, field).map(|default| (default.rust, default.shown));
                    taking.parameter(surface, true, &spelled(&field.name), &field.ty, default);
                }
                let names: Vec<_> =
                    fields.iter().map(|field| format!("{}: {}", field.name, spelled(&field.name))).collect();
                writeln!(
                    taking.taken,
                    "        let the_{} = {} {{ {} }};",
                    argument.name,
                    core(surface, &shape.name),
                    names.join(", ")
                )
                .ok();
                handed.push(handed_over(argument, &format!("the_{}", argument.name)));
            }
        }
    }
    if method.command {
        taking.keywords.push("request_id=None".to_owned());
        taking.keyword_parameters.push_str(", request_id: Option<String>");
    }
    let at = match (door.name, method.command) {
        ("Engine", _) | (_, false) => "self.core()",
        (_, true) => "self.asking(request_id)",
    };
    let call = format!("core.{}({})", method.name, handed.join(", "));
    let call = if method.fallible { call } else { format!("Ok({call})") };
    let give = if method.command { "crate::shape::done(py, result)" } else { "result.hand(py)" };
    writeln!(
        out,
        "    #[doc = {:?}]\n    #[pyo3(signature = ({}))]\n    #[allow(clippy::too_many_arguments)]\n    fn {}(&self, py: Python<'_>{}{}) -> PyResult<Py<PyAny>> {{\n\
         {}        let core = {at}.map_err(|error| crate::fault::raise(py, error))?;\n        let result = crate::fault::outside(py, || {call})?;\n        {give}\n    }}",
        method_doc(surface, method),
        taking.signature(),
        method.name,
        taking.head_parameters,
        taking.keyword_parameters,
        taking.taken,
    )
    .ok();
}

/// A literal as Python writes it.
pub(crate) fn shown(literal: &str) -> String {
    match literal {
        "false" => "False".to_owned(),
        "true" => "True".to_owned(),
        other => other.to_owned(),
    }
}

/// A method's documentation with that of its keyword arguments, before what it raises.
pub(crate) fn method_doc(surface: &Surface, method: &Method) -> String {
    let whole = doc(&method.docs);
    let mut keywords = String::new();
    for given in given(surface, method) {
        if let Given::Fields { fields, .. } = given {
            for field in fields {
                write!(keywords, "\n    {}: {}", spelled(&field.name), doc(&field.docs).replace('\n', "\n        "))
                    .ok();
            }
        }
    }
    if method.command {
        keywords.push_str("\n    request_id: The same id again answers what it answered before and does nothing.");
    }
    if keywords.is_empty() {
        return whole;
    }
    match whole.split_once("\n\nRaises:") {
        Some((before, raises)) => format!("{before}\n\nArguments:{keywords}\n\nRaises:{raises}"),
        None => format!("{whole}\n\nArguments:{keywords}"),
    }
}
