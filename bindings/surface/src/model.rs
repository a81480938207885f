//! The public surface of `guiche-core`, read from its source: the methods of its doors and every type in reach of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::{
    Attribute, Fields, FnArg, GenericArgument, ImplItem, Item, Pat, PathArguments, ReturnType, Type, Visibility,
};

/// The objects on which everything is called.
pub const DOORS: [&str; 3] = ["Engine", "Desk", "Admin"];

/// What errors hold, what ports take and give and what values tell of themselves, which no method of a door names.
const PORT_TYPES: [&str; 25] = [
    "Refusal",
    "Problem",
    "Entity",
    "Conflict",
    "Retry",
    "Locale",
    "PlatformError",
    "SendJob",
    "SendReport",
    "Address",
    "TemplatePage",
    "UploadedMedia",
    "FetchedMedia",
    "StoredMedia",
    "InboundItem",
    "SignatureError",
    "RecordQuery",
    "ModuleRecord",
    "RecordRef",
    "TicketOrder",
    "OpenedTicket",
    "Handles",
    "ChannelHealth",
    "SyncPage",
    "TemplateField",
];

/// The public surface of core.
pub struct Surface {
    /// The methods of each door, in the order of the source files.
    pub doors: Vec<Door>,
    /// Every public type of core by name.
    pub types: BTreeMap<String, Shape>,
    /// The names of the types that some method takes or gives, directly or inside another.
    pub reachable: BTreeSet<String>,
    /// Public methods and functions that belong to no door: `Type::name` or `module::name`.
    pub others: BTreeSet<String>,
    /// The public methods of values: of every type that is no door.
    pub values: BTreeMap<String, Vec<Method>>,
    /// The modules that are private, so that their types are known by the name of the module above.
    private_modules: BTreeSet<String>,
    /// The types that write their own `Default`.
    with_default: BTreeSet<String>,
    /// The types that write their own `Debug`.
    debugs: BTreeSet<String>,
    /// What `Default` gives a field, as a literal, by `Type.field`.
    literals: BTreeMap<String, String>,
}

/// An object of the API.
pub struct Door {
    /// Its name.
    pub name: &'static str,
    /// Its public methods.
    pub methods: Vec<Method>,
}

/// A public method of a door.
pub struct Method {
    /// Its name.
    pub name: String,
    /// Its documentation, line by line.
    pub docs: Vec<String>,
    /// What it takes, without `self`.
    pub arguments: Vec<Argument>,
    /// What it gives when all is well.
    pub gives: Ty,
    /// Whether it can fail.
    pub fallible: bool,
    /// Whether it is a command: its outcome says whether it was repeated, and it takes a request id.
    pub command: bool,
    /// On what it is called.
    pub receiver: Receiver,
}

/// On what a method is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// On nothing: it makes a value.
    None,
    /// On a value that stays as it is.
    Value,
    /// On a value that changes.
    Changing,
}

/// An argument of a method.
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// Whether core borrows it.
    pub borrowed: bool,
    /// Whether core borrows what is in the option.
    pub borrows_inside: bool,
}

/// A type as an argument, an outcome or a field has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ty {
    /// Nothing.
    Unit,
    /// `bool`.
    Bool,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `i64`.
    I64,
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `i32`.
    I32,
    /// `f64`.
    F64,
    /// `String` or `&str`.
    Text,
    /// `Vec<u8>` or `&[u8]`.
    Bytes,
    /// `Duration`.
    Span,
    /// A named type of core.
    Named(String),
    /// `Option`.
    Maybe(Box<Ty>),
    /// `Vec` or a slice.
    List(Box<Ty>),
    /// `BTreeSet`.
    Set(Box<Ty>),
    /// `BTreeMap`.
    Map(Box<Ty>, Box<Ty>),
    /// `Box` or `Arc`.
    Boxed(Box<Ty>),
    /// Something that no binding can mirror by itself; as it is written.
    Other(String),
}

/// A public type of core.
pub struct Shape {
    /// Its name.
    pub name: String,
    /// Its module, as `crate::attendance`.
    pub module: String,
    /// Its documentation, line by line.
    pub docs: Vec<String>,
    /// What it is made of.
    pub kind: Kind,
    /// The traits that it derives.
    pub derives: BTreeSet<String>,
    /// Its attributes for serde.
    pub serde: Vec<String>,
}

/// What a type is made of.
pub enum Kind {
    /// A record with named fields, all public.
    Record(Vec<Field>),
    /// A choice among variants.
    Choice(Vec<Variant>),
    /// One value in a coat of its own: ids, instants.
    Coat,
    /// Anything else: objects, traits, types with private parts.
    Opaque,
}

/// A field of a record or of a variant.
pub struct Field {
    /// Its name; empty when it has none.
    pub name: String,
    /// Its documentation, line by line.
    pub docs: Vec<String>,
    /// Its type.
    pub ty: Ty,
    /// Its attributes for serde.
    pub serde: Vec<String>,
}

/// A variant of a choice.
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Its documentation, line by line.
    pub docs: Vec<String>,
    /// What it holds.
    pub fields: Vec<Field>,
    /// Whether its fields have names.
    pub named: bool,
    /// Its attributes for serde.
    pub serde: Vec<String>,
}

impl Shape {
    /// What it is, in one word.
    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        match &self.kind {
            Kind::Record(_) => "record",
            Kind::Choice(variants) if variants.iter().all(|variant| variant.fields.is_empty()) => "words",
            Kind::Choice(_) => "choice",
            Kind::Coat => "coat",
            Kind::Opaque => "opaque",
        }
    }
}

impl Surface {
    /// Reads the source of core, and what adapters add to its values.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(source: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        collect(source, &mut files)?;
        files.sort();
        let mut surface = Self {
            doors: DOORS.iter().map(|name| Door { name, methods: Vec::new() }).collect(),
            types: BTreeMap::new(),
            reachable: BTreeSet::new(),
            others: BTreeSet::new(),
            values: BTreeMap::new(),
            private_modules: BTreeSet::new(),
            with_default: BTreeSet::new(),
            debugs: BTreeSet::new(),
            literals: BTreeMap::new(),
        };
        for file in &files {
            let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let parsed = syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            let module = module_of(source, file);
            for item in parsed.items {
                surface.item(&module, item)?;
            }
        }
        let adapters = syn::parse_file(crate::adapters::METHODS).map_err(|error| format!("adapters.rs: {error}"))?;
        for item in adapters.items {
            surface.item("adapters", item)?;
        }
        surface.reach();
        Ok(surface)
    }

    fn item(&mut self, module: &str, item: Item) -> Result<(), String> {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let kind = match &item.fields {
                    Fields::Named(named) if named.named.iter().all(|field| is_public(&field.vis)) => {
                        Kind::Record(named.named.iter().map(field).collect())
                    }
                    Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => Kind::Coat,
                    _ => Kind::Opaque,
                };
                self.add(module, item.ident.to_string(), &item.attrs, kind)
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let variants = item.variants.iter().map(|variant| Variant {
                    name: variant.ident.to_string(),
                    docs: docs(&variant.attrs),
                    fields: variant.fields.iter().map(field).collect(),
                    named: matches!(variant.fields, Fields::Named(_)),
                    serde: serde(&variant.attrs),
                });
                self.add(module, item.ident.to_string(), &item.attrs, Kind::Choice(variants.collect()))
            }
            Item::Macro(item) if item.mac.path.is_ident("ids") => {
                let mut docs = Vec::new();
                // `/// words` before each name.
                for token in item.mac.tokens {
                    match token {
                        proc_macro2::TokenTree::Group(group) => {
                            let text = group.stream().to_string();
                            if let Some(words) = text.strip_prefix("doc =") {
                                docs.push(words.trim().trim_matches('"').to_owned());
                            }
                        }
                        proc_macro2::TokenTree::Ident(name) => {
                            let name = name.to_string();
                            let docs = std::mem::take(&mut docs);
                            let shape = Shape {
                                name: name.clone(),
                                module: module.to_owned(),
                                docs,
                                kind: Kind::Coat,
                                derives: BTreeSet::new(),
                                serde: Vec::new(),
                            };
                            self.types.insert(name, shape);
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
            Item::Fn(item) if is_public(&item.vis) => {
                self.others.insert(format!("{}::{}", module.trim_start_matches("crate::"), item.sig.ident));
                Ok(())
            }
            Item::Mod(item) if !is_public(&item.vis) && item.content.is_none() => {
                self.private_modules.insert(if module == "lib" {
                    item.ident.to_string()
                } else {
                    format!("{module}::{}", item.ident)
                });
                Ok(())
            }
            Item::Impl(item) if item.trait_.as_ref().is_some_and(|(_, path, _)| path.is_ident("Default")) => {
                self.defaults(&item);
                Ok(())
            }
            Item::Impl(item) if item.trait_.as_ref().is_some_and(|(_, path, _)| is_debug(path)) => {
                if let Type::Path(path) = &*item.self_ty {
                    self.debugs.extend(path.path.segments.last().map(|segment| segment.ident.to_string()));
                }
                Ok(())
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Type::Path(path) = &*item.self_ty else { return Ok(()) };
                let Some(owner) = path.path.segments.last().map(|segment| segment.ident.to_string()) else {
                    return Ok(());
                };
                for member in item.items {
                    let ImplItem::Fn(member) = member else { continue };
                    if !is_public(&member.vis) {
                        continue;
                    }
                    match self.doors.iter_mut().find(|door| door.name == owner) {
                        Some(door) => door.methods.push(method(&member)),
                        None => {
                            self.others.insert(format!("{owner}::{}", member.sig.ident));
                            self.values.entry(owner.clone()).or_default().push(method(&member));
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, module: &str, name: String, attrs: &[Attribute], kind: Kind) -> Result<(), String> {
        let shape = Shape {
            name: name.clone(),
            module: module.to_owned(),
            docs: docs(attrs),
            kind,
            derives: derives(attrs),
            serde: serde(attrs),
        };
        // Two types of one name cannot both cross: bindings have one name space.
        // The command behind a method may be called as an answer is: what crosses is the answer.
        match self.types.get(&name) {
            Some(before) if before.module == "error" => {}
            _ => drop(self.types.insert(name, shape)),
        }
        Ok(())
    }

    /// Notes the literals that `Default` gives to fields.
    fn defaults(&mut self, item: &syn::ItemImpl) {
        let Type::Path(path) = &*item.self_ty else { return };
        let Some(owner) = path.path.segments.last().map(|segment| segment.ident.to_string()) else { return };
        self.with_default.insert(owner.clone());
        for member in &item.items {
            let ImplItem::Fn(member) = member else { continue };
            let Some(syn::Stmt::Expr(syn::Expr::Struct(made), None)) = member.block.stmts.last() else { continue };
            for given in &made.fields {
                if let (syn::Member::Named(name), syn::Expr::Lit(literal)) = (&given.member, &given.expr) {
                    let words = literal.to_token_stream().to_string().replace('_', "");
                    self.literals.insert(format!("{owner}.{name}"), words);
                }
            }
        }
    }

    /// The types that methods, errors and ports name, without what lies inside those.
    #[must_use]
    pub fn named_by_methods(&self) -> BTreeSet<String> {
        let mut names: Vec<String> = PORT_TYPES.iter().map(ToString::to_string).collect();
        for method in self.doors.iter().flat_map(|door| &door.methods) {
            method.gives.names(&mut names);
            method.arguments.iter().for_each(|argument| argument.ty.names(&mut names));
        }
        names.into_iter().collect()
    }

    fn reach(&mut self) {
        let mut names: Vec<String> = self.named_by_methods().into_iter().collect();
        while let Some(name) = names.pop() {
            if !self.reachable.insert(name.clone()) {
                continue;
            }
            match self.types.get(&name).map(|shape| &shape.kind) {
                Some(Kind::Record(fields)) => fields.iter().for_each(|field| field.ty.names(&mut names)),
                Some(Kind::Choice(variants)) => {
                    variants.iter().flat_map(|variant| &variant.fields).for_each(|field| field.ty.names(&mut names));
                }
                _ => {}
            }
        }
    }
}

/// `CamelCase` as `snake_case`.
#[must_use]
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// What `word = "…"` says among serde's attributes.
fn said(attributes: &[String], word: &str) -> Option<String> {
    attributes.iter().flat_map(|words| words.split(',')).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim() == word).then(|| value.trim().trim_matches('"').to_owned())
    })
}

impl Variant {
    /// Its fields as a language with names has them: what has no name is `value`.
    #[must_use]
    pub fn shown_fields(&self) -> Vec<Field> {
        let name = |field: &Field| if self.named { field.name.clone() } else { "value".to_owned() };
        let field = |field: &Field| Field {
            name: name(field),
            docs: field.docs.clone(),
            ty: field.ty.clone(),
            serde: field.serde.clone(),
        };
        self.fields.iter().map(field).collect()
    }
}

impl Surface {
    /// The word by which a variant is written.
    #[must_use]
    pub fn word_of(&self, shape: &Shape, variant: &Variant) -> String {
        let renamed = said(&variant.serde, "rename");
        let all = said(&shape.serde, "rename_all");
        renamed.unwrap_or_else(|| match all.as_deref() {
            Some("snake_case") => snake(&variant.name),
            // Words that core does not write itself read as all others do.
            _ if !shape.derives.contains("Serialize") => snake(&variant.name),
            _ => variant.name.clone(),
        })
    }

    /// The key under which a choice writes which variant it is.
    #[must_use]
    pub fn tag_of(&self, shape: &Shape) -> Option<String> {
        said(&shape.serde, "tag")
    }

    /// The key under which a choice writes what a variant holds, if not beside the tag.
    #[must_use]
    pub fn content_of(&self, shape: &Shape) -> Option<String> {
        said(&shape.serde, "content")
    }

    /// The types that a binding mirrors, by name.
    ///
    /// # Errors
    /// The name of one that cannot be mirrored.
    pub fn mirrored(&self) -> Result<Vec<&Shape>, String> {
        let mut found = Vec::new();
        for name in self.reachable.iter().filter(|name| !crate::rust_only::own_shape(name)) {
            let shape =
                self.types.get(name).ok_or_else(|| format!("{name} is in reach, but core has no such public type"))?;
            let fields: Vec<&Field> = match &shape.kind {
                Kind::Record(fields) => fields.iter().collect(),
                Kind::Choice(variants) => variants.iter().flat_map(|variant| &variant.fields).collect(),
                Kind::Coat if self.is_id(shape) => Vec::new(),
                Kind::Coat | Kind::Opaque => return Err(format!("{name} has private parts; list it in rust_only.rs")),
            };
            if let Some(field) = fields.into_iter().find(|field| field.ty.is_foreign()) {
                return Err(format!("{name}.{} has no mirror: {:?}", field.name, field.ty));
            }
            found.push(shape);
        }
        Ok(found)
    }

    /// Whether a type is one of the ids.
    #[must_use]
    pub fn is_id(&self, shape: &Shape) -> bool {
        shape.module == "id" && matches!(shape.kind, Kind::Coat)
    }

    /// Whether core can write a type as JSON and read it again.
    #[must_use]
    pub fn has_json(&self, shape: &Shape) -> bool {
        self.is_id(shape)
            || shape.name == "LinkKind"
            || (shape.derives.contains("Serialize")
                && (shape.derives.contains("Deserialize") || shape.derives.contains("Tagged")))
    }

    /// Whether a type has a value that is taken when none is given.
    #[must_use]
    pub fn has_default(&self, name: &str) -> bool {
        self.with_default.contains(name) || self.types.get(name).is_some_and(|shape| shape.derives.contains("Default"))
    }

    /// Whether a type says in `Debug` what may be shown of it.
    #[must_use]
    pub fn has_debug(&self, shape: &Shape) -> bool {
        shape.derives.contains("Debug") || self.debugs.contains(&shape.name)
    }

    /// The module through which a type is known outside core.
    #[must_use]
    pub fn public_module(&self, shape: &Shape) -> String {
        let mut module = shape.module.as_str();
        while self.private_modules.contains(module) {
            let Some((above, _)) = module.rsplit_once("::") else { break };
            module = above;
        }
        module.to_owned()
    }

    /// Whether a field may be left out in JSON: because its record may be written without, or it itself.
    #[must_use]
    pub fn may_be_left_out(&self, shape: &Shape, field: &Field) -> (bool, bool) {
        let says = |attributes: &[String]| {
            attributes.iter().any(|words| words.split(',').any(|word| word.trim() == "default"))
        };
        (says(&shape.serde), says(&field.serde))
    }

    /// What a field is when it is not given, as a literal, if it may be left out.
    #[must_use]
    pub fn default_of(&self, shape: &Shape, field: &Field) -> Option<String> {
        let whole = shape.serde.iter().any(|words| words.split(',').any(|word| word.trim() == "default"));
        let own = field.serde.iter().any(|words| words.split(',').any(|word| word.trim() == "default"));
        let literal = self.literals.get(&format!("{}.{}", shape.name, field.name)).cloned();
        match &field.ty {
            Ty::Maybe(_) => Some("None".to_owned()),
            Ty::List(_) | Ty::Set(_) | Ty::Map(..) if whole || own => Some("[]".to_owned()),
            Ty::Bool if whole => Some(literal.unwrap_or_else(|| "false".to_owned())),
            Ty::Bool if own => Some("false".to_owned()),
            Ty::U32 | Ty::U64 | Ty::I64 if whole => Some(literal.unwrap_or_else(|| "0".to_owned())),
            Ty::Text if own || (whole && literal.is_none() && shape.derives.contains("Default")) => {
                Some("\"\"".to_owned())
            }
            _ => None,
        }
    }
}

impl Argument {
    /// Whether it cannot be mirrored.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.ty.is_foreign()
    }

    /// Its type, by value.
    #[must_use]
    pub fn mirrored(&self) -> Ty {
        self.ty.clone()
    }
}

impl Ty {
    /// Whether something in it cannot be mirrored.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        match self {
            Ty::Other(_) => true,
            Ty::Maybe(inner) | Ty::List(inner) | Ty::Set(inner) | Ty::Boxed(inner) => inner.is_foreign(),
            Ty::Map(key, value) => key.is_foreign() || value.is_foreign(),
            _ => false,
        }
    }

    /// The named types in it.
    pub fn names(&self, into: &mut Vec<String>) {
        match self {
            Ty::Named(name) => into.push(name.clone()),
            Ty::Maybe(inner) | Ty::List(inner) | Ty::Set(inner) | Ty::Boxed(inner) => inner.names(into),
            Ty::Map(key, value) => {
                key.names(into);
                value.names(into);
            }
            _ => {}
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<(), String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn module_of(source: &Path, file: &Path) -> String {
    let inner = file.strip_prefix(source).unwrap_or(file).with_extension("");
    let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("::")
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// Documentation whose links lead nowhere outside Rust: each is the word it shows, without the modules on the way.
pub(crate) fn unlinked(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("[`") {
        let Some(end) = rest[at..].find("`]").map(|end| at + end) else { break };
        let path: Vec<_> = rest[at + 2..end].split("::").collect();
        let named = path.iter().position(|part| part.starts_with(char::is_uppercase)).unwrap_or(path.len() - 1);
        out.push_str(&rest[..at]);
        out.push_str(&format!("`{}`", path[named..].join(".")));
        rest = &rest[end + 2..];
        if let Some(close) = rest.strip_prefix('(').and_then(|target| target.find(')')) {
            rest = &rest[close + 2..];
        }
    }
    out.push_str(rest);
    out
}

fn docs(attrs: &[Attribute]) -> Vec<String> {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let syn::Meta::NameValue(value) = &attr.meta
            && let syn::Expr::Lit(literal) = &value.value
            && let syn::Lit::Str(text) = &literal.lit
        {
            lines.push(text.value().strip_prefix(' ').map_or_else(|| text.value(), ToOwned::to_owned));
        }
    }
    lines
}

fn serde(attrs: &[Attribute]) -> Vec<String> {
    let of_serde = attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    of_serde.filter_map(|attr| attr.meta.require_list().ok()).map(|list| list.tokens.to_string()).collect()
}

fn derives(attrs: &[Attribute]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        if let Ok(list) = attr.meta.require_list() {
            found.extend(list.tokens.to_string().split(',').map(|word| word.trim().to_owned()));
        }
    }
    found
}

fn field(field: &syn::Field) -> Field {
    Field {
        name: field.ident.as_ref().map(ToString::to_string).unwrap_or_default(),
        docs: docs(&field.attrs),
        ty: ty(&field.ty),
        serde: serde(&field.attrs),
    }
}

fn method(member: &syn::ImplItemFn) -> Method {
    let mut arguments = Vec::new();
    for input in &member.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(name) = &*input.pat else { continue };
        let (borrowed, inner) = match &*input.ty {
            Type::Reference(reference) => (true, &*reference.elem),
            other => (false, other),
        };
        let borrows_inside = argument_of(inner, "Option").is_some_and(|inner| matches!(inner, Type::Reference(_)));
        arguments.push(Argument { name: name.ident.to_string(), ty: ty(inner), borrowed, borrows_inside });
    }
    let (output, fallible) = match &member.sig.output {
        ReturnType::Default => (None, false),
        ReturnType::Type(_, output) => match argument_of(output, "Result") {
            Some(inner) => (Some(inner), true),
            None => (Some((**output).clone()), false),
        },
    };
    let done = output.as_ref().and_then(|output| argument_of(output, "Done"));
    let command = done.is_some();
    let gives = done.or(output).map_or(Ty::Unit, |output| ty(&output));
    let receiver = match member.sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) if receiver.mutability.is_some() => Receiver::Changing,
        Some(FnArg::Receiver(_)) => Receiver::Value,
        _ => Receiver::None,
    };
    Method {
        name: member.sig.ident.to_string(),
        docs: docs(&member.attrs),
        arguments,
        gives,
        fallible,
        command,
        receiver,
    }
}

fn is_debug(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == "Debug")
}

fn argument_of(of: &Type, wanted: &str) -> Option<Type> {
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last()?;
    if last.ident != wanted {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

fn ty(of: &Type) -> Ty {
    let other = || Ty::Other(of.to_token_stream().to_string());
    match of {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Ty::Unit,
        Type::Slice(slice) => match ty(&slice.elem) {
            Ty::U8 => Ty::Bytes,
            inner => Ty::List(Box::new(inner)),
        },
        Type::Reference(reference) => ty(&reference.elem),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return other() };
            let mut inner = Vec::new();
            if let PathArguments::AngleBracketed(arguments) = &last.arguments {
                for argument in &arguments.args {
                    if let GenericArgument::Type(argument) = argument {
                        inner.push(ty(argument));
                    }
                }
            }
            let boxed = |inner: &[Ty]| Box::new(inner.first().cloned().unwrap_or(Ty::Unit));
            match (last.ident.to_string().as_str(), inner.as_slice()) {
                ("bool", []) => Ty::Bool,
                ("u32", []) => Ty::U32,
                ("u64", []) => Ty::U64,
                ("i64", []) => Ty::I64,
                ("u8", []) => Ty::U8,
                ("u16", []) => Ty::U16,
                ("i32", []) => Ty::I32,
                ("f64", []) => Ty::F64,
                ("String" | "str", []) => Ty::Text,
                ("Duration", []) => Ty::Span,
                ("Option", [_]) => Ty::Maybe(boxed(&inner)),
                ("Vec", [Ty::U8]) => Ty::Bytes,
                ("Vec", [_]) => Ty::List(boxed(&inner)),
                ("BTreeSet", [_]) => Ty::Set(boxed(&inner)),
                ("Box" | "Arc", [inner_ty]) if !matches!(inner_ty, Ty::Other(_)) => Ty::Boxed(boxed(&inner)),
                ("BTreeMap", [key, value]) => Ty::Map(Box::new(key.clone()), Box::new(value.clone())),
                (name, []) => Ty::Named(name.to_owned()),
                _ => other(),
            }
        }
        _ => other(),
    }
}
