//! The interface as `cxauth-bridge` defines it, read from its source: what every language must have, and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use syn::{
    Attribute, Expr, ExprLit, Fields, FnArg, GenericArgument, ImplItem, Item, ItemEnum, ItemImpl, ItemUse,
    Lit, Meta, Pat, PathArguments, ReturnType, Signature, UseTree, Visibility,
};

/// Each generator reads what carries an attribute behind the feature of its name.
const GENERATORS: [&str; 3] = ["uniffi", "python", "wasm"];

/// Functions and types in the order of the source.
#[derive(Debug, Default)]
pub(super) struct Interface {
    pub(super) functions: Vec<Function>,
    pub(super) classes: Vec<Class>,
    pub(super) enumerations: Vec<Enumeration>,
    pub(super) failures: Vec<Failure>,
}

/// A function or a method.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) parameters: Vec<(String, Type)>,
    pub(super) returns: Type,
    /// The type of its error, if it has one.
    pub(super) fails: Option<String>,
}

/// An opaque object with its methods.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) methods: Vec<Function>,
}

/// An enum without data: its variants, each with what it is.
#[derive(Debug)]
pub(super) struct Enumeration {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) variants: Vec<(String, String)>,
}

/// The error: one variant with fields.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) name: String,
    pub(super) variant: String,
    pub(super) fields: Vec<(String, Type)>,
}

impl Failure {
    /// The names of its fields, for languages where they are parts of an exception: `(action,code)`.
    pub(super) fn parts(&self) -> String {
        self.parts_among(|_| true)
    }

    /// The same with those only that are there.
    pub(super) fn parts_among(&self, is_there: impl Fn(&str) -> bool) -> String {
        let names = self.fields.iter().map(|(name, _)| name.as_str()).filter(|name| is_there(name));
        format!("({})", names.collect::<Vec<_>>().join(","))
    }
}

/// What crosses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Nothing,
    Boolean,
    /// `u32`.
    Integer,
    /// `f64`.
    Number,
    Text,
    Bytes,
    Texts,
    /// A class or an enumeration.
    Named(String),
    Optional(Box<Type>),
}

impl Interface {
    /// Reads the source of the crate whose root module is in this folder.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name).with_extension("rs");
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let root = read("lib")?;
        let modules = module_names(&root)?;
        let sources = modules.iter().map(|name| read(name)).collect::<Result<Vec<_>>>()?;
        Self::parse(&root, &sources)
    }

    /// From the text of the root module and of its modules.
    pub(super) fn parse(root: &str, modules: &[String]) -> Result<Self> {
        let mut interface = Self::default();
        for source in modules {
            for item in syn::parse_file(source).context("the bridge is no Rust")?.items {
                interface.add(item)?;
            }
        }
        interface.check_exports(&exported_names(root)?)?;
        Ok(interface)
    }

    /// The names of functions and types, without errors: a language has its own way to define those.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let functions = self.functions.iter().map(|function| function.name.as_str());
        let classes = self.classes.iter().map(|class| class.name.as_str());
        let enumerations = self.enumerations.iter().map(|enumeration| enumeration.name.as_str());
        functions.chain(enumerations).chain(classes)
    }

    fn add(&mut self, item: Item) -> Result<()> {
        match item {
            Item::Fn(item) if is_read(&item.attrs, &item.sig.ident)? => {
                self.functions.push(function(&item.attrs, &item.sig, false)?);
            }
            Item::Struct(item) if is_read(&item.attrs, &item.ident)? => {
                let (name, about) = (item.ident.to_string(), documentation(&item.attrs));
                self.classes.push(Class { name, about, methods: Vec::new() });
            }
            Item::Enum(item) if is_failure(&item.attrs) => self.failures.push(failure(&item)?),
            Item::Enum(item) if is_read(&item.attrs, &item.ident)? => {
                self.enumerations.push(enumeration(&item)?);
            }
            Item::Impl(item) => self.add_methods(&item)?,
            _ => {}
        }
        Ok(())
    }

    fn add_methods(&mut self, item: &ItemImpl) -> Result<()> {
        let Ok(Type::Named(name)) = read_type(&item.self_ty) else { return Ok(()) };
        if !is_read(&item.attrs, &name)? {
            return Ok(());
        }
        let class = self.classes.iter_mut().find(|class| class.name == name);
        let class = class.with_context(|| format!("the methods of {name} stand before the type"))?;
        for item in &item.items {
            let ImplItem::Fn(method) = item else { bail!("{name} exports what is no method") };
            let context = || format!("in {name}");
            ensure!(
                matches!(method.vis, Visibility::Public(_)),
                "{name}::{} is not public",
                method.sig.ident
            );
            class.methods.push(function(&method.attrs, &method.sig, true).with_context(context)?);
        }
        Ok(())
    }

    /// What the crate exports is what other languages have.
    fn check_exports(&self, exported: &BTreeSet<String>) -> Result<()> {
        let failures = self.failures.iter().map(|failure| failure.name.as_str());
        let names: BTreeSet<_> = self.names().chain(failures).map(str::to_owned).collect();
        if let Some(name) = exported.difference(&names).next() {
            bail!(
                "the bridge exports {name} to Rust only: give it the attributes of {}",
                GENERATORS.join(", ")
            );
        }
        if let Some(name) = names.difference(exported).next() {
            bail!("the bridge does not export {name}: name it in lib.rs");
        }
        Ok(())
    }
}

/// The names of the files beside the root module.
fn module_names(root: &str) -> Result<Vec<String>> {
    let items = syn::parse_file(root).context("the bridge's root module is no Rust")?.items;
    let modules = items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
        _ => None,
    });
    Ok(modules.collect())
}

fn exported_names(root: &str) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for item in syn::parse_file(root).context("the bridge's root module is no Rust")?.items {
        if let Item::Use(ItemUse { vis: Visibility::Public(_), tree, .. }) = item {
            collect_names(&tree, &mut names);
        }
    }
    Ok(names)
}

fn collect_names(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => collect_names(&path.tree, names),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(name) => drop(names.insert(name.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect_names(tree, names)),
        _ => {}
    }
}

/// Whether the generators read it: all of them or none.
fn is_read(attributes: &[Attribute], name: impl std::fmt::Display) -> Result<bool> {
    let marks: Vec<_> = attributes.iter().filter_map(conditional).collect();
    let reads = |generator: &str| marks.iter().any(|mark| mark.contains(&format!("\"{generator}\"")));
    let missing: Vec<_> = GENERATORS.into_iter().filter(|generator| !reads(generator)).collect();
    match missing.len() {
        0 => Ok(true),
        count if count == GENERATORS.len() => Ok(false),
        _ => bail!("{name} lacks the attribute for {}", missing.join(" and ")),
    }
}

fn is_failure(attributes: &[Attribute]) -> bool {
    attributes.iter().filter_map(conditional).any(|mark| mark.replace(' ', "").contains("uniffi::Error"))
}

/// What a `cfg_attr` holds.
fn conditional(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => Some(list.tokens.to_string()),
        _ => None,
    }
}

fn function(attributes: &[Attribute], signature: &Signature, is_method: bool) -> Result<Function> {
    let name = signature.ident.to_string();
    ensure!(signature.asyncness.is_none(), "{name} is async: nothing in the interface waits");
    ensure!(
        signature.receiver().is_some() == is_method,
        "{name} must take `&self`: constructors are free functions"
    );
    let mut parameters = Vec::new();
    for input in &signature.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(parameter) = &*input.pat else { bail!("a parameter of {name} has no name") };
        let kind =
            read_type(&input.ty).with_context(|| format!("{name}, its parameter {}", parameter.ident))?;
        parameters.push((parameter.ident.to_string(), kind));
    }
    let (returns, fails) = match &signature.output {
        ReturnType::Default => (Type::Nothing, None),
        ReturnType::Type(_, kind) => outcome(kind).with_context(|| format!("what {name} returns"))?,
    };
    Ok(Function { name, about: documentation(attributes), parameters, returns, fails })
}

/// `T` or `Result<T, E>`.
fn outcome(kind: &syn::Type) -> Result<(Type, Option<String>)> {
    let (name, items) = path(kind)?;
    match (name.as_str(), &items[..]) {
        ("Result", [success, failure]) => match read_type(failure)? {
            Type::Named(failure) => Ok((read_type(success)?, Some(failure))),
            _ => bail!("an error is a type of the bridge"),
        },
        _ => Ok((read_type(kind)?, None)),
    }
}

/// A type that all generators take.
fn read_type(kind: &syn::Type) -> Result<Type> {
    match kind {
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => return Ok(Type::Nothing),
        syn::Type::Reference(reference) => match read_type(&reference.elem)? {
            Type::Named(name) => return Ok(Type::Named(name)),
            _ => bail!("only objects are taken by reference"),
        },
        _ => {}
    }
    let (name, items) = path(kind)?;
    match (name.as_str(), &items[..]) {
        (name, []) => plain_type(name),
        ("Vec", [item]) => list_type(item),
        ("Option", [value]) => match read_type(value)? {
            Type::Named(name) => {
                bail!("uniffi takes no Option<{name}> by value: give it a kind and an accessor")
            }
            value => Ok(Type::Optional(Box::new(value))),
        },
        _ => bail!("not every language has a type like {name}"),
    }
}

fn plain_type(name: &str) -> Result<Type> {
    Ok(match name {
        "bool" => Type::Boolean,
        "u32" => Type::Integer,
        "f64" => Type::Number,
        "String" => Type::Text,
        _ if name.starts_with(char::is_uppercase) => Type::Named(name.to_owned()),
        _ => bail!("not every language has the type {name}: take u32, f64, bool, String or Vec<u8>"),
    })
}

fn list_type(item: &syn::Type) -> Result<Type> {
    let (name, items) = path(item)?;
    match (name.as_str(), &items[..]) {
        ("u8", []) => Ok(Type::Bytes),
        ("String", []) => Ok(Type::Texts),
        _ => bail!("a list is of bytes or of texts: give objects a count and an accessor"),
    }
}

/// The last name of a path, and the types that it is given.
fn path(kind: &syn::Type) -> Result<(String, Vec<&syn::Type>)> {
    let syn::Type::Path(path) = kind else { bail!("not every language has such a type") };
    let last = path.path.segments.last().context("a type without a name")?;
    let items = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
        _ => Vec::new(),
    };
    let items = items.into_iter().filter_map(|item| match item {
        GenericArgument::Type(item) => Some(item),
        _ => None,
    });
    Ok((last.ident.to_string(), items.collect()))
}

fn enumeration(item: &ItemEnum) -> Result<Enumeration> {
    let name = item.ident.to_string();
    let mut variants = Vec::new();
    for variant in &item.variants {
        ensure!(
            variant.fields.is_empty(),
            "{name}::{} has data, which not every language can hold",
            variant.ident
        );
        variants.push((variant.ident.to_string(), documentation(&variant.attrs)));
    }
    Ok(Enumeration { name, about: documentation(&item.attrs), variants })
}

fn failure(item: &ItemEnum) -> Result<Failure> {
    let name = item.ident.to_string();
    let [variant] = item.variants.iter().collect::<Vec<_>>()[..] else {
        bail!("{name} must have one variant")
    };
    let Fields::Named(fields) = &variant.fields else { bail!("the parts of {name} must be fields") };
    let fields = fields.named.iter().map(|field| {
        let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let kind = read_type(&field.ty).with_context(|| format!("{name}, its field {field_name}"))?;
        Ok((field_name, kind))
    });
    Ok(Failure { variant: variant.ident.to_string(), fields: fields.collect::<Result<_>>()?, name })
}

/// The text of documentation comments, as it stands.
fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}
