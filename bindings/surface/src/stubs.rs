//! The stubs of the Python package: what a type checker and an editor know of the mirror. What is written by hand stands
//! in `bindings/python/stubs/by_hand.pyi`, and is put in at its places.

use std::fmt::Write as _;

use crate::model::{Door, Field, Kind, Method, Shape, Surface, Ty, Variant, snake};
use crate::python::{
    Given, argument_default, default_of, doc, given, is_literal, is_property, is_words, method_doc, method_name,
    spelled,
};
use crate::rust_only;

/// What is written by hand: the head of the file, and what each door has beside core's methods.
const BY_HAND: &str = include_str!("../../python/stubs/by_hand.pyi");

/// The line that the methods of a door stand in for.
fn mark(door: &str) -> String {
    format!("    # The methods of core's {door} stand here.\n")
}

/// The stub file.
///
/// # Errors
/// What cannot be mirrored; a door for which the hand-written part has no place.
pub fn stubs(surface: &Surface) -> Result<String, String> {
    let mut out = BY_HAND.to_owned();
    for door in &surface.doors {
        let mark = mark(door.name);
        if !out.contains(&mark) {
            return Err(format!("by_hand.pyi has no line `{}`", mark.trim()));
        }
        out = out.replace(&mark, &methods(surface, door));
    }
    let mut names = Vec::new();
    let mirrored = surface.mirrored()?;
    for shape in mirrored.iter().filter(|shape| surface.is_id(shape)) {
        writeln!(out, "{0} = NewType(\"{0}\", int)", shape.name).ok();
        text(&mut out, "", &doc(&shape.docs));
        names.push(shape.name.clone());
    }
    for shape in &mirrored {
        match &shape.kind {
            Kind::Choice(variants) if is_words(variants) => words(&mut out, surface, shape, variants),
            Kind::Record(fields) => record(&mut out, surface, shape, fields),
            Kind::Choice(variants) => choice(&mut out, surface, shape, variants),
            Kind::Coat | Kind::Opaque => continue,
        }
        names.push(shape.name.clone());
    }
    let by_hand = BY_HAND.lines().filter_map(|line| line.strip_prefix("class ")?.split(['(', ':', '[']).next());
    let functions = BY_HAND.lines().filter_map(|line| line.strip_prefix("def ")?.split('(').next());
    names.extend(by_hand.chain(functions).filter(|name| !name.starts_with('_')).map(ToOwned::to_owned));
    names.sort();
    let listed: Vec<_> = names.iter().map(|name| format!("    {name:?},\n")).collect();
    out = out.replace("__all__: list[str]\n", &format!("__all__ = [\n{}]\n", listed.concat()));
    Ok(out)
}

/// A docstring.
fn text(out: &mut String, indent: &str, words: &str) {
    if words.is_empty() {
        return;
    }
    let words = words.replace('\\', "\\\\").replace("\"\"\"", "'''").replace('\n', &format!("\n{indent}"));
    let words: Vec<_> = words.lines().map(str::trim_end).collect();
    writeln!(out, "{indent}\"\"\"{}\"\"\"", words.join("\n")).ok();
}

/// A type as an outcome has it, or as an argument takes it.
fn hint(ty: &Ty, taken: bool) -> String {
    let of = |inner: &Ty| hint(inner, taken);
    match ty {
        Ty::Unit => "None".to_owned(),
        Ty::Bool => "bool".to_owned(),
        Ty::U8 | Ty::U16 | Ty::U32 | Ty::U64 | Ty::I32 | Ty::I64 => "int".to_owned(),
        Ty::F64 => "float".to_owned(),
        Ty::Text => "str".to_owned(),
        Ty::Bytes => "bytes".to_owned(),
        Ty::Span => "timedelta".to_owned(),
        Ty::Named(name) => match name.as_str() {
            "Timestamp" => "datetime".to_owned(),
            "CivilDate" => "date".to_owned(),
            "usize" => "int".to_owned(),
            name => name.to_owned(),
        },
        Ty::Maybe(inner) => format!("{} | None", of(inner)),
        Ty::List(inner) if taken => format!("Iterable[{}]", of(inner)),
        Ty::Set(inner) if taken => format!("Iterable[{}]", of(inner)),
        Ty::Map(key, value) if taken => format!("Mapping[{}, {}]", of(key), of(value)),
        Ty::List(inner) => format!("list[{}]", of(inner)),
        Ty::Set(inner) => format!("frozenset[{}]", of(inner)),
        Ty::Map(key, value) => format!("dict[{}, {}]", of(key), of(value)),
        Ty::Boxed(inner) => of(inner),
        Ty::Other(words) => words.clone(),
    }
}

/// A parameter that may be left out.
fn optional(ty: &Ty, shown: &str) -> String {
    match ty {
        Ty::Maybe(_) => format!("{} = None", hint(ty, true)),
        ty if is_literal(ty) && shown != "None" => format!("{} = {shown}", hint(ty, true)),
        _ => format!("{} | None = None", hint(ty, true)),
    }
}

fn constructor(out: &mut String, surface: &Surface, shape: &Shape, fields: &[Field], indent: &str, positional: bool) {
    let mut parameters = String::new();
    for field in fields {
        match default_of(surface, shape, field) {
            None => write!(parameters, ", {}: {}", spelled(&field.name), hint(&field.ty, true)).ok(),
            Some(default) => {
                write!(parameters, ", {}: {}", spelled(&field.name), optional(&field.ty, &default.shown)).ok()
            }
        };
    }
    let star = if fields.is_empty() || positional { "" } else { ", *" };
    writeln!(out, "{indent}def __new__(cls{star}{parameters}) -> Self: ...").ok();
    let names: Vec<_> = fields.iter().map(|field| format!("{:?}", spelled(&field.name))).collect();
    let comma = if names.len() == 1 { "," } else { "" };
    if !names.is_empty() {
        writeln!(out, "{indent}__match_args__ = ({}{comma})", names.join(", ")).ok();
    }
    for field in fields {
        writeln!(
            out,
            "{indent}@property\n{indent}def {}(self) -> {}: ...",
            spelled(&field.name),
            hint(&field.ty, false)
        )
        .ok();
        text_inside(out, indent, &doc(&field.docs));
    }
}

/// A docstring in the place of the three dots that were just written.
fn text_inside(out: &mut String, indent: &str, words: &str) {
    if words.is_empty() {
        return;
    }
    out.truncate(out.len() - " ...\n".len());
    out.push('\n');
    text(out, &format!("{indent}    "), words);
}

fn value_methods(out: &mut String, surface: &Surface, shape: &Shape) {
    for method in surface.shown_methods(shape) {
        let gives = hint(&method.gives, false);
        if is_property(method) {
            writeln!(out, "    @property\n    def {}(self) -> {gives}: ...", method_name(shape, method)).ok();
        } else {
            let mut parameters = String::new();
            for (at, argument) in method.arguments.iter().enumerate() {
                match argument_default(surface, argument, at + 1) {
                    None => write!(parameters, ", {}: {}", argument.name, hint(&argument.ty, true)).ok(),
                    Some(default) => {
                        write!(parameters, ", {}: {}", argument.name, optional(&argument.ty, &default.shown)).ok()
                    }
                };
            }
            writeln!(out, "    def {}(self{parameters}) -> {gives}: ...", method_name(shape, method)).ok();
        }
        text_inside(out, "    ", &doc(&method.docs));
    }
}

fn record(out: &mut String, surface: &Surface, shape: &Shape, fields: &[Field]) {
    writeln!(out, "\n@final\nclass {}(Record):", shape.name).ok();
    text(out, "    ", &doc(&shape.docs));
    constructor(out, surface, shape, fields, "    ", false);
    value_methods(out, surface, shape);
}

fn choice(out: &mut String, surface: &Surface, shape: &Shape, variants: &[Variant]) {
    writeln!(out, "\nclass {}(Record):", shape.name).ok();
    text(out, "    ", &doc(&shape.docs));
    value_methods(out, surface, shape);
    for variant in variants {
        writeln!(out, "    @final\n    class {}({}):", spelled(&variant.name), shape.name).ok();
        text(out, "        ", &doc(&variant.docs));
        constructor(out, surface, shape, &variant.shown_fields(), "        ", !variant.named);
    }
}

fn words(out: &mut String, surface: &Surface, shape: &Shape, variants: &[Variant]) {
    writeln!(out, "\nclass {}(StrEnum):", shape.name).ok();
    text(out, "    ", &doc(&shape.docs));
    for variant in variants {
        writeln!(out, "    {} = {:?}", snake(&variant.name).to_uppercase(), surface.word_of(shape, variant)).ok();
        text(out, "    ", &doc(&variant.docs));
    }
    value_methods(out, surface, shape);
}

fn methods(surface: &Surface, door: &Door) -> String {
    let mut out = String::new();
    for method in &door.methods {
        if !rust_only::by_hand(&format!("{}::{}", door.name, method.name)) {
            one(&mut out, surface, method);
        }
    }
    out
}

fn one(out: &mut String, surface: &Surface, method: &Method) {
    let (mut head, mut keywords) = (String::new(), String::new());
    for (at, given) in given(surface, method).into_iter().enumerate() {
        match given {
            Given::Value(argument) => match argument_default(surface, argument, at) {
                None => write!(head, ", {}: {}", argument.name, hint(&argument.ty, true)).ok(),
                Some(default) => write!(head, ", {}: {}", argument.name, optional(&argument.ty, &default.shown)).ok(),
            },
            Given::Fields { shape, fields, .. } => {
                for field in fields {
                    match default_of(surface, shape, field) {
                        None => write!(keywords, ", {}: {}", spelled(&field.name), hint(&field.ty, true)).ok(),
                        Some(default) => {
                            write!(keywords, ", {}: {}", spelled(&field.name), optional(&field.ty, &default.shown)).ok()
                        }
                    };
                }
                Some(())
            }
        };
    }
    if method.command {
        keywords.push_str(", request_id: str | None = None");
    }
    let star = if keywords.is_empty() { "" } else { ", *" };
    let gives = hint(&method.gives, false);
    let gives = if method.command { format!("Done[{gives}]") } else { gives };
    writeln!(out, "    def {}(self{head}{star}{keywords}) -> {gives}: ...", method.name).ok();
    text_inside(out, "    ", &method_doc(surface, method));
}
