//! What is written by hand beside the mirrors keeps up with core.

use std::fs;
use std::path::{Path, PathBuf};

use guiche_surface::model::{Surface, Ty, snake};
use guiche_surface::rust_only::FUNCTIONS_BY_HAND;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn surface() -> Surface {
    Surface::read(&project().join("core/src")).expect("core's source is read")
}

#[test]
fn every_id_is_a_type_of_its_own_in_every_language() {
    let (uniffi, kotlin, swift) =
        (text("bindings/uniffi/uniffi.toml"), text("bindings/kotlin/src/main/kotlin/guiche/Id.kt"), swift_ids());
    let surface = surface();
    let ids: Vec<_> = surface.types.values().filter(|shape| surface.is_id(shape)).collect();
    assert!(ids.len() > 20, "the ids were not found: {}", ids.len());
    for shape in ids {
        let id = &shape.name;
        let of = format!("Of{}", id.trim_end_matches("Id"));
        for language in ["kotlin", "swift"] {
            let heading = format!("[bindings.{language}.custom_types.{id}]\ntype_name = \"Id<{of}>\"");
            assert!(uniffi.contains(&heading), "{id} is missing in uniffi.toml for {language}");
        }
        assert!(kotlin.contains(&format!("sealed interface {of}\n")), "{of} is missing in Id.kt");
        assert!(swift.contains(&format!("public enum {of} {{}}")), "{of} is missing in Id.swift");
    }
}

fn swift_ids() -> String {
    let sources = ["bindings/swift/Sources/Guiche/Id.swift", "bindings/swift/Id.swift"];
    let there = sources.iter().find(|path| project().join(path).exists());
    text(there.expect("Id.swift is somewhere"))
}

/// Sentences that Kotlin and Swift have otherwise than as a function of `pieces.rs` named after the method.
const OTHERWISE: &[(&str, &str)] = &[
    ("PlatformError::advice", "asked by its code, as that of a channel that stopped is: `platform_advice`"),
    ("SuppliedMarker::name", "the account's markers have their names already"),
];

#[test]
fn what_is_said_to_people_is_said_in_kotlin_and_swift() {
    let (pieces, surface) = (text("bindings/uniffi/src/pieces.rs"), surface());
    let locale = Ty::Named("Locale".to_owned());
    let mut missing = Vec::new();
    for shape in surface.mirrored().expect("every type in reach has a mirror") {
        let methods = surface.shown_methods(shape).into_iter();
        for method in methods.filter(|method| method.arguments.iter().any(|argument| argument.ty == locale)) {
            let name = format!("{}::{}", shape.name, method.name);
            let function = format!("pub fn {}_{}(", snake(&shape.name), method.name);
            if !pieces.contains(&function) && OTHERWISE.iter().all(|(other, _)| *other != name) {
                missing.push(name);
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "neither in pieces.rs nor listed here");
}

#[test]
fn functions_written_by_hand_are_in_every_binding() {
    let (pieces, stub) = (text("bindings/uniffi/src/pieces.rs"), text("bindings/python/stubs/by_hand.pyi"));
    for function in FUNCTIONS_BY_HAND {
        let name = function.rsplit("::").next().expect("a name");
        assert!(pieces.contains(&format!("pub fn {name}(")), "{name} is missing in pieces.rs");
        assert!(stub.contains(&format!("\ndef {name}(")), "{name} is missing in by_hand.pyi");
    }
}

#[test]
fn packages_have_the_version_of_the_crates() {
    let manifest = text("Cargo.toml");
    let version =
        manifest.lines().find_map(|line| line.strip_prefix("version = ")).expect("the workspace has a version");
    let version = version.trim_matches('"');
    assert!(text("bindings/kotlin/pom.xml").contains(&format!("<version>{version}</version>\n  <packaging>")));
    let python = project().join("bindings/python/pyproject.toml");
    if python.exists() {
        assert!(
            text("bindings/python/pyproject.toml").contains("dynamic = [\"version\"]"),
            "Python's comes from the crate"
        );
    }
}

#[test]
fn the_whole_surface_is_read() {
    let surface = surface();
    let calls = surface.doors.iter().map(|door| door.methods.len()).sum::<usize>();
    assert!(calls > 130, "only {calls} methods were found");
    let mirrored = surface.mirrored().expect("every type in reach has a mirror");
    assert!(mirrored.len() > 250, "only {} types were found", mirrored.len());
    assert!(mirrored.iter().all(|shape| !shape.docs.is_empty()), "every type says what it is");
}
