//! What is written by hand beside the mirrors keeps up with core.

use std::fs;
use std::path::{Path, PathBuf};

use guiche_surface::model::Surface;

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
