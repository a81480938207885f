//! The table by which a driver calls any operation by its name (`ffi-tests/DRIVERS.md`), in Kotlin and in Swift: the arguments
//! are read from JSON, the outcome is written as JSON.

use std::fmt::Write as _;

use crate::model::{Door, Method, Surface, Ty};
use crate::rust_only;

/// A language in which the table is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Kotlin.
    Kotlin,
    /// Swift.
    Swift,
}

/// What the drivers do by hand, since it takes or gives what no JSON tells (`ffi-tests/DRIVERS.md`, "A few are special").
const SPECIAL: [&str; 7] = [
    "Desk::fit",
    "Engine::fit",
    "Desk::message_file",
    "Desk::gallery_file",
    "Engine::pump",
    "Engine::pump_modules",
    "Admin::kept",
];

/// The table.
#[must_use]
pub fn table(surface: &Surface, language: Language) -> String {
    let mut out = String::from("// Written from core's source by guiche-surface.\n\n");
    out.push_str(match language {
        Language::Kotlin => "package guiche.scenarios\n\nimport guiche.*\nimport java.time.Instant\nimport kotlinx.serialization.json.JsonElement\n",
        Language::Swift => "import Foundation\nimport Guiche\n",
    });
    for door in &surface.doors {
        self::door(&mut out, surface, door, language);
    }
    out
}

fn door(out: &mut String, surface: &Surface, door: &Door, language: Language) {
    let (name, lower) = (door.name, door.name.to_lowercase());
    match language {
        Language::Kotlin => writeln!(
            out,
            "\ninternal fun {lower}Operation({lower}: {name}, name: String, args: List<JsonElement>, request: String?): Outcome? = when (name) {{"
        ),
        Language::Swift => writeln!(
            out,
            "\nfunc {lower}Operation(_ {lower}: {name}, _ name: String, _ args: [Any], _ request: String?) throws -> Outcome? {{\n    switch name {{"
        ),
    }
    .ok();
    for method in &door.methods {
        let whole = format!("{name}::{}", method.name);
        if !rust_only::by_hand(&whole) && !SPECIAL.contains(&whole.as_str()) {
            one(out, surface, &lower, method, language);
        }
    }
    out.push_str(match language {
        Language::Kotlin => "    else -> null\n}\n",
        Language::Swift => "    default: return nil\n    }\n}\n",
    });
}

fn one(out: &mut String, surface: &Surface, on: &str, method: &Method, language: Language) {
    let swift = language == Language::Swift;
    let mut given: Vec<String> = Vec::new();
    for (at, argument) in method.arguments.iter().enumerate() {
        let value = read(surface, &argument.ty, &format!("args[{at}]"), language, 0);
        given.push(if swift { format!("{}: {value}", camel(&argument.name)) } else { value });
    }
    if method.command {
        given.push(if swift { "requestId: request".to_owned() } else { "requestId = request".to_owned() });
    }
    let call = format!("{on}.{}({})", camel(&method.name), given.join(", "));
    let outcome = if method.command { "done.outcome" } else { "done" };
    let repeated = if method.command {
        "done.repeated"
    } else if swift {
        "nil"
    } else {
        "null"
    };
    let json = write(surface, &method.gives, outcome, language, 0);
    match language {
        Language::Kotlin if method.gives == Ty::Unit => {
            writeln!(out, "    {:?} -> {{\n        {call}\n        Outcome(\"null\", null)\n    }}", method.name)
        }
        Language::Kotlin => writeln!(
            out,
            "    {:?} -> {{\n        val done = {call}\n        Outcome({json}, {repeated})\n    }}",
            method.name
        ),
        Language::Swift if method.gives == Ty::Unit => {
            writeln!(
                out,
                "    case {:?}:\n        try {call}\n        return Outcome(json: \"null\", repeated: nil)",
                method.name
            )
        }
        Language::Swift => writeln!(
            out,
            "    case {:?}:\n        let done = try {call}\n        return Outcome(json: {json}, repeated: {repeated})",
            method.name
        ),
    }
    .ok();
}

/// The value of a type that a piece of JSON holds.
fn read(surface: &Surface, ty: &Ty, from: &str, language: Language, depth: usize) -> String {
    let swift = language == Language::Swift;
    let item = format!("item{depth}");
    let inner = |inner: &Ty| read(surface, inner, &item, language, depth + 1);
    match ty {
        Ty::Bool => format!("flag({from})"),
        Ty::U32 => format!("count({from})"),
        Ty::U64 => format!("size({from})"),
        Ty::I64 => format!("number({from})"),
        Ty::Text => format!("text({from})"),
        Ty::Named(name) if name == "Timestamp" => format!("instant({from})"),
        Ty::Named(name) => match surface.types.get(name) {
            Some(shape) if surface.is_id(shape) && swift => format!("Id(raw: id({from}))"),
            Some(shape) if surface.is_id(shape) => format!("Id(id({from}))"),
            _ if swift => format!("read{name}({from})"),
            _ => format!("read{name}({from})"),
        },
        Ty::Maybe(of) if swift => format!("try maybe({from}) {{ {item} in try {} }}", inner(of)),
        Ty::Maybe(of) => format!("maybe({from}) {{ {item} -> {} }}", inner(of)),
        Ty::List(of) if swift => format!("try list({from}).map {{ {item} in try {} }}", inner(of)),
        Ty::List(of) => format!("list({from}).map {{ {item} -> {} }}", inner(of)),
        Ty::Set(of) if swift => format!("Set(try list({from}).map {{ {item} in try {} }})", inner(of)),
        Ty::Set(of) => format!("list({from}).map {{ {item} -> {} }}.toSet()", inner(of)),
        Ty::Boxed(of) => read(surface, of, from, language, depth),
        other => format!("/* {other:?} */"),
    }
}

/// The JSON of a value.
fn write(surface: &Surface, ty: &Ty, value: &str, language: Language, depth: usize) -> String {
    let swift = language == Language::Swift;
    let item = format!("item{depth}");
    let inner = |inner: &Ty| write(surface, inner, &item, language, depth + 1);
    match ty {
        Ty::Bool | Ty::U32 | Ty::U64 | Ty::I64 if swift => format!("String({value})"),
        Ty::Bool | Ty::U32 | Ty::U64 | Ty::I64 => format!("{value}.toString()"),
        Ty::Text => format!("quoted({value})"),
        Ty::Named(name) if name == "Timestamp" => format!("milliseconds({value})"),
        Ty::Named(name) => match surface.types.get(name) {
            Some(shape) if surface.is_id(shape) => format!("quoted({value}.raw)"),
            _ if swift => format!("try toJson(value: .{}(value: {value}))", camel_variant(name)),
            _ => format!("toJson(AnyValue.Of{name}({value}))"),
        },
        Ty::Maybe(of) if swift => {
            format!("{}{value}.map {{ {item} in {} }} ?? \"null\"", trying(surface, of), inner(of))
        }
        Ty::Maybe(of) => format!("({value}?.let {{ {item} -> {} }} ?: \"null\")", inner(of)),
        Ty::List(of) | Ty::Set(of) if swift => {
            format!("joined({}{value}.map {{ {item} in {} }})", trying(surface, of), inner(of))
        }
        Ty::List(of) | Ty::Set(of) => format!("joined({value}.map {{ {item} -> {} }})", inner(of)),
        Ty::Boxed(of) => write(surface, of, value, language, depth),
        Ty::Unit => "\"null\"".to_owned(),
        other => format!("/* {other:?} */"),
    }
}

/// Swift's `try`, where writing a value may fail: it warns of one that cannot.
fn trying(surface: &Surface, ty: &Ty) -> &'static str {
    match ty {
        Ty::Named(name) if name == "Timestamp" => "",
        Ty::Named(name) => match surface.types.get(name) {
            Some(shape) if surface.is_id(shape) => "",
            _ => "try ",
        },
        Ty::Maybe(of) | Ty::List(of) | Ty::Set(of) | Ty::Boxed(of) => trying(surface, of),
        _ => "",
    }
}

/// `snake_case` as `camelCase`.
fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut up = false;
    for letter in name.chars() {
        match (letter, up) {
            ('_', _) => up = true,
            (letter, true) => {
                out.extend(letter.to_uppercase());
                up = false;
            }
            (letter, false) => out.push(letter),
        }
    }
    out
}

fn camel_variant(name: &str) -> String {
    format!("of{name}")
}

/// Functions that read the values of the API's own types.
#[must_use]
pub fn readers(surface: &Surface, language: Language) -> String {
    let mut names: Vec<String> = Vec::new();
    for method in surface.doors.iter().flat_map(|door| &door.methods) {
        method.arguments.iter().for_each(|argument| argument.ty.names(&mut names));
    }
    names.sort();
    names.dedup();
    let mut out = String::new();
    for name in names {
        let Some(shape) = surface.types.get(&name) else { continue };
        if surface.is_id(shape) || rust_only::own_shape(&name) || !surface.has_json(shape) {
            continue;
        }
        match language {
            Language::Kotlin => writeln!(
                out,
                "\ninternal fun read{name}(json: JsonElement): {name} = (fromJson({name:?}, json.toString()) as AnyValue.Of{name}).value"
            ),
            Language::Swift => writeln!(
                out,
                "\nfunc read{name}(_ json: Any) throws -> {name} {{\n    guard case let .of{name}(value) = try fromJson(name: {name:?}, json: written(json)) else {{\n        \
                 throw Trouble(words: \"no {name}\")\n    }}\n    return value\n}}"
            ),
        }
        .ok();
    }
    out
}
