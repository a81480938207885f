//! The mirror for Python: a frozen class for every record and for every variant of a choice, a `StrEnum` for every choice of
//! bare words, and the methods of the doors with keyword arguments.

use std::fmt::Write as _;

use crate::model::{Argument, Door, Field, Kind, Method, Shape, Surface, Ty, Variant, snake};
use crate::rust_only;

/// The Rust source of the mirror.
///
/// # Errors
/// What cannot be mirrored and is not listed as Rust-only.
pub fn mirror(surface: &Surface) -> Result<String, String> {
    let mut out = String::from("// Written from core's source by guiche-surface while this crate is built.\n\n");
    let mirrored = surface.mirrored()?;
    let (mut classes, mut words, mut variants_of) = (Vec::new(), Vec::new(), Vec::new());
    for shape in &mirrored {
        match &shape.kind {
            Kind::Record(fields) => {
                record(&mut out, surface, shape, fields);
                classes.push(shape.name.clone());
            }
            Kind::Choice(variants) if is_words(variants) => {
                self::words(&mut out, surface, shape, variants);
                words.push(shape.name.clone());
            }
            Kind::Choice(variants) => {
                choice(&mut out, surface, shape, variants);
                classes.push(shape.name.clone());
                variants_of.extend(variants.iter().map(|variant| (shape.name.clone(), variant.name.clone())));
            }
            Kind::Coat => id(&mut out, surface, shape),
            Kind::Opaque => {}
        }
    }
    for door in &surface.doors {
        methods(&mut out, surface, door)?;
    }
    out.push_str("pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {\n    let py = module.py();\n");
    for name in &classes {
        writeln!(out, "    module.add_class::<{name}>()?;").ok();
    }
    for name in &words {
        writeln!(out, "    module.add({name:?}, <{} as Words>::class(py)?)?;", core(surface, name)).ok();
    }
    for (owner, name) in &variants_of {
        writeln!(out, "    crate::shape::nest::<{owner}, {owner}{name}>(py, {name:?})?;").ok();
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

fn docs(out: &mut String, indent: &str, lines: &[String]) {
    if !lines.is_empty() {
        writeln!(out, "{indent}#[doc = {:?}]", lines.join("\n")).ok();
    }
}

/// The parameters of a constructor: those without a default first, all by keyword.
fn parameters(surface: &Surface, shape: Option<&Shape>, fields: &[Field]) -> (String, String, String) {
    let mut signature = Vec::new();
    let mut parameters = Vec::new();
    let mut made = Vec::new();
    for field in fields {
        let name = &field.name;
        let default = match shape {
            Some(shape) => surface.default_of(shape, field),
            None => matches!(field.ty, Ty::Maybe(_)).then(|| "None".to_owned()),
        };
        signature.push(if default.is_some() { format!("{name}=None") } else { name.clone() });
        let ty = rust(surface, &field.ty);
        match (default, &field.ty) {
            (None, _) => {
                parameters.push(format!("{name}: &Bound<'_, PyAny>"));
                made.push(format!("{name}: crate::shape::taken::<{ty}>({name}, {name:?})?"));
            }
            (Some(_), Ty::Maybe(_)) => {
                parameters.push(format!("{name}: Option<&Bound<'_, PyAny>>"));
                made.push(format!("{name}: crate::shape::taken_or::<{ty}>({name}, {name:?}, || None)?"));
            }
            (Some(literal), ty_of) => {
                let otherwise = match (ty_of, literal.as_str()) {
                    (Ty::Text, _) => "String::new".to_owned(),
                    (Ty::List(_) | Ty::Set(_) | Ty::Map(..), _) => "Default::default".to_owned(),
                    (_, literal) => format!("|| {literal}"),
                };
                parameters.push(format!("{name}: Option<&Bound<'_, PyAny>>"));
                made.push(format!("{name}: crate::shape::taken_or::<{ty}>({name}, {name:?}, {otherwise})?"));
            }
        }
    }
    (signature.join(", "), parameters.join(", "), made.join(", "))
}

fn record(out: &mut String, surface: &Surface, shape: &Shape, fields: &[Field]) {
    let (name, path) = (&shape.name, core(surface, &shape.name));
    docs(out, "", &shape.docs);
    writeln!(out, "#[pyclass(frozen, module = \"guiche\")]\npub(crate) struct {name}(pub(crate) {path});").ok();
    writeln!(out, "#[pymethods]\nimpl {name} {{").ok();
    let (signature, parameters, made) = parameters(surface, Some(shape), fields);
    let star = if fields.is_empty() { "" } else { "*, " };
    writeln!(
        out,
        "    #[new]\n    #[pyo3(signature = ({star}{signature}))]\n    fn new({parameters}) -> PyResult<Self> {{"
    )
    .ok();
    writeln!(out, "        Ok(Self({path} {{ {made} }}))\n    }}").ok();
    for field in fields {
        docs(out, "    ", &field.docs);
        writeln!(
            out,
            "    #[getter]\n    fn {0}(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {{ self.0.{0}.give(py) }}",
            field.name
        )
        .ok();
    }
    let names: Vec<_> = fields.iter().map(|field| format!("{:?}", field.name)).collect();
    writeln!(
        out,
        "    #[classattr]\n    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyAny>> {{ crate::shape::names(py, &[{}]) }}",
        names.join(", ")
    )
    .ok();
    common(out, surface, shape);
    out.push_str("}\n");
    writeln!(out, "impl Shape for {path} {{").ok();
    writeln!(out, "    fn give(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {{ Ok(Py::new(py, {name}(self.clone()))?.into_any()) }}").ok();
    writeln!(out, "    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {{ crate::shape::record::<{name}, Self>(value, |class| class.0.clone()) }}").ok();
    writeln!(out, "    fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {{\n        let dict = PyDict::new(py);")
        .ok();
    for field in fields {
        writeln!(out, "        dict.set_item({0:?}, self.{0}.plain(py)?)?;", field.name).ok();
    }
    out.push_str("        Ok(dict.into_any().unbind())\n    }\n}\n\n");
}

/// What every class has: equality, a hash, a text, a dict and JSON.
fn common(out: &mut String, surface: &Surface, shape: &Shape) {
    let path = core(surface, &shape.name);
    let equal = shape.derives.contains("PartialEq");
    if equal {
        out.push_str("    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool { other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0) }\n");
    }
    out.push_str("    fn __repr__(&self) -> String { crate::shape::text(&self.0) }\n");
    out.push_str("    /// The value as a dict of plain values; instants stay aware datetimes.\n    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> { self.0.plain(py) }\n");
    if surface.has_json(shape) {
        if equal {
            out.push_str("    fn __hash__(&self) -> u64 { crate::shape::hash(&self.0) }\n");
        }
        out.push_str("    /// The value as JSON, as the engine itself writes it.\n    fn to_json(&self) -> PyResult<String> { crate::shape::to_json(&self.0) }\n");
        writeln!(
            out,
            "    /// The value that JSON holds.\n    #[staticmethod]\n    fn from_json(py: Python<'_>, text: &str) -> PyResult<Py<PyAny>> {{ crate::shape::from_json::<{path}>(py, text) }}"
        )
        .ok();
    } else if equal {
        out.push_str("    fn __hash__(&self) -> u64 { crate::shape::hash_text(&self.0) }\n");
    }
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
        "impl Words for {path} {{\n    const NAME: &'static str = {:?};\n    const DOCS: &'static str = {:?};\n    \
         const MEMBERS: &'static [(&'static str, &'static str)] = &[{}];\n    const ALL: &'static [Self] = &[{}];\n    \
         fn cell() -> &'static PyOnceLock<Members> {{ static CELL: PyOnceLock<Members> = PyOnceLock::new(); &CELL }}\n    \
         fn index(&self) -> usize {{ *self as usize }}\n}}\nimpl_words!({path});\n",
        shape.name,
        shape.docs.join("\n"),
        members.join(", "),
        all.join(", ")
    )
    .ok();
}

fn id(out: &mut String, surface: &Surface, shape: &Shape) {
    if surface.is_id(shape) {
        writeln!(out, "impl_id!({});\n", core(surface, &shape.name)).ok();
    }
}

fn choice(out: &mut String, surface: &Surface, shape: &Shape, variants: &[Variant]) {
    let (name, path) = (&shape.name, core(surface, &shape.name));
    docs(out, "", &shape.docs);
    writeln!(out, "#[pyclass(frozen, subclass, module = \"guiche\")]\npub(crate) struct {name}(pub(crate) {path});")
        .ok();
    writeln!(out, "#[pymethods]\nimpl {name} {{").ok();
    common(out, surface, shape);
    out.push_str("}\n");
    let tag = surface.tag_of(shape);
    for variant in variants {
        variant_class(out, surface, shape, variant);
    }
    writeln!(out, "impl Shape for {path} {{\n    fn give(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {{\n        let base = {name}(self.clone());\n        Ok(match self {{").ok();
    for variant in variants {
        writeln!(
            out,
            "            {path}::{0} {{ .. }} => Py::new(py, PyClassInitializer::from(base).add_subclass({name}{0}))?.into_any(),",
            variant.name
        )
        .ok();
    }
    writeln!(
        out,
        "        }})\n    }}\n    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {{ crate::shape::record::<{name}, Self>(value, |class| class.0.clone()) }}\n    \
         fn plain(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {{\n        match self {{"
    )
    .ok();
    for variant in variants {
        let word = surface.word_of(shape, variant);
        let binding = pattern(variant);
        write!(out, "            {path}::{}{binding} => ", variant.name).ok();
        match (tag.as_deref(), variant.fields.as_slice(), variant.named) {
            (None, [], _) => writeln!(out, "{word:?}.plain(py),").ok(),
            (None, [_], false) => writeln!(out, "crate::shape::tagged(py, {word:?}, f0.plain(py)?),").ok(),
            (tag, fields, named) => {
                let tag = tag.unwrap_or("variant");
                write!(out, "{{ let dict = PyDict::new(py); dict.set_item({tag:?}, {word:?})?; ").ok();
                for (at, field) in fields.iter().enumerate() {
                    match (named, surface.content_of(shape)) {
                        (true, _) => write!(out, "dict.set_item({0:?}, {0}.plain(py)?)?; ", field.name).ok(),
                        (false, Some(content)) => write!(out, "dict.set_item({content:?}, f{at}.plain(py)?)?; ").ok(),
                        (false, None) => write!(out, "crate::shape::merge(&dict, f{at}.plain(py)?)?; ").ok(),
                    };
                }
                writeln!(out, "Ok(dict.into_any().unbind()) }}").ok()
            }
        };
    }
    out.push_str("        }\n    }\n}\n\n");
}

/// The pattern that binds what a variant holds.
fn pattern(variant: &Variant) -> String {
    let names = held(variant);
    match (names.is_empty(), variant.named) {
        (true, _) => String::new(),
        (false, true) => format!(" {{ {} }}", names.join(", ")),
        (false, false) => format!("({})", names.join(", ")),
    }
}

fn held(variant: &Variant) -> Vec<String> {
    let name = |(at, field): (usize, &Field)| if variant.named { field.name.clone() } else { format!("f{at}") };
    variant.fields.iter().enumerate().map(name).collect()
}

fn variant_class(out: &mut String, surface: &Surface, shape: &Shape, variant: &Variant) {
    let (owner, path) = (&shape.name, core(surface, &shape.name));
    let class = format!("{owner}{}", variant.name);
    let fields: Vec<Field> = variant.shown_fields();
    docs(out, "", &variant.docs);
    writeln!(
        out,
        "#[pyclass(frozen, extends = {owner}, module = \"guiche\", name = {:?})]\npub(crate) struct {class};\n#[pymethods]\nimpl {class} {{",
        variant.name
    )
    .ok();
    let (signature, parameters, made) = parameters(surface, None, &fields);
    let built = match (variant.fields.is_empty(), variant.named) {
        (true, _) => format!("{path}::{}", variant.name),
        (false, true) => format!("{path}::{} {{ {made} }}", variant.name),
        (false, false) => {
            format!("{path}::{}({})", variant.name, made.trim_start_matches("value: "))
        }
    };
    let star = if fields.is_empty() || !variant.named { "" } else { "*, " };
    writeln!(
        out,
        "    #[new]\n    #[pyo3(signature = ({star}{signature}))]\n    fn new({parameters}) -> PyResult<PyClassInitializer<Self>> {{\n        \
         Ok(PyClassInitializer::from({owner}({built})).add_subclass(Self))\n    }}"
    )
    .ok();
    for (at, field) in fields.iter().enumerate() {
        docs(out, "    ", &field.docs);
        let bound = held(variant);
        let this = &bound[at];
        let pattern = if variant.named { format!("{{ {this}, .. }}") } else { format!("({this})") };
        writeln!(
            out,
            "    #[getter]\n    fn {0}(slf: PyRef<'_, Self>, py: Python<'_>) -> PyResult<Py<PyAny>> {{\n        match &slf.as_super().0 {{\n            \
             {path}::{1} {pattern} => {this}.give(py),\n            #[allow(unreachable_patterns)]\n            _ => Err(crate::shape::other_variant()),\n        }}\n    }}",
            field.name, variant.name
        )
        .ok();
    }
    let names: Vec<_> = fields.iter().map(|field| format!("{:?}", field.name)).collect();
    writeln!(
        out,
        "    #[classattr]\n    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyAny>> {{ crate::shape::names(py, &[{}]) }}\n}}",
        names.join(", ")
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

fn one(out: &mut String, surface: &Surface, door: &Door, method: &Method) {
    let mut head = Vec::new();
    let mut keywords = Vec::new();
    let mut parameters = String::new();
    let mut taken = String::new();
    let mut handed = Vec::new();
    for given in given(surface, method) {
        match given {
            Given::Value(argument) => {
                let name = &argument.name;
                let ty = rust(surface, &argument.ty);
                let otherwise = match &argument.ty {
                    Ty::Maybe(_) => Some("|| None"),
                    Ty::U32 if name == "limit" => Some("|| 50"),
                    _ => None,
                };
                match otherwise {
                    None => {
                        head.push(name.clone());
                        write!(parameters, ", {name}: &Bound<'_, PyAny>").ok();
                        writeln!(taken, "        let {name} = crate::shape::taken::<{ty}>({name}, {name:?})?;").ok();
                    }
                    Some(otherwise) => {
                        head.push(format!("{name}=None"));
                        write!(parameters, ", {name}: Option<&Bound<'_, PyAny>>").ok();
                        writeln!(
                            taken,
                            "        let {name} = crate::shape::taken_or::<{ty}>({name}, {name:?}, {otherwise})?;"
                        )
                        .ok();
                    }
                }
                handed.push(match (&argument.ty, argument.borrowed) {
                    (Ty::Maybe(inner), _) if argument.borrows_inside => match **inner {
                        Ty::Text => format!("{name}.as_deref()"),
                        _ => format!("{name}.as_ref()"),
                    },
                    (_, true) => format!("&{name}"),
                    (_, false) => name.clone(),
                });
            }
            Given::Fields { argument, shape, fields } => {
                let (signature, declared, made) = self::parameters(surface, Some(shape), fields);
                keywords.push(signature);
                write!(parameters, ", {declared}").ok();
                let name = &argument.name;
                writeln!(taken, "        let {name} = {} {{ {made} }};", core(surface, &shape.name)).ok();
                handed.push(if argument.borrowed { format!("&{name}") } else { name.clone() });
            }
        }
    }
    if method.command {
        keywords.push("request_id=None".to_owned());
        parameters.push_str(", request_id: Option<String>");
    }
    let mut signature = head.join(", ");
    if !keywords.is_empty() {
        if !signature.is_empty() {
            signature.push_str(", ");
        }
        signature.push_str("*, ");
        signature.push_str(&keywords.join(", "));
    }
    docs(out, "    ", &method.docs);
    let at = match (door.name, method.command) {
        ("Engine", _) | (_, false) => "self.core()?",
        (_, true) => "self.asking(request_id)?",
    };
    let call = format!("core.{}({})", method.name, handed.join(", "));
    let call = if method.fallible { call } else { format!("Ok::<_, guiche_core::error::Error>({call})") };
    let give = if method.command { "crate::shape::done(py, result)" } else { "result.give(py)" };
    writeln!(
        out,
        "    #[pyo3(signature = ({signature}))]\n    #[allow(clippy::too_many_arguments)]\n    fn {}(&self, py: Python<'_>{parameters}) -> PyResult<Py<PyAny>> {{\n\
         {taken}        let core = {at};\n        let result = crate::fault::outside(py, move || {call})?;\n        {give}\n    }}",
        method.name
    )
    .ok();
}
