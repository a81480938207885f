//! `COVERAGE.md`: every test it names is there.

use std::fs;
use std::path::Path;

/// The names in the last column: `file::test`, of this folder, or of `src` when they begin so.
fn named_tests() -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("COVERAGE.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(2);
    rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next().map(str::to_owned))
        .flat_map(|cell| cell.split(", ").map(|name| name.trim_matches('`').to_owned()).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_test_named_there_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = named_tests();
    assert!(names.len() > 60, "{}", names.len());
    for name in names {
        let (file, test) = name.rsplit_once("::").unwrap_or_else(|| panic!("not a test: {name}"));
        let path = file.strip_prefix("src::").map_or_else(
            || root.join(format!("tests/sandbox/{file}.rs")),
            |file| root.join(format!("src/{}.rs", file.replace("::", "/"))),
        );
        let source = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} of {name}", path.display()));
        assert!(
            source.contains(&format!("#[test]\nfn {test}(")) || source.contains(&format!("#[test]\n    fn {test}(")),
            "{name}"
        );
    }
}

#[test]
fn every_test_file_is_named_there() {
    let names = named_tests().join(" ");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        let vocabulary = ["main", "desk", "coverage"].contains(&module);
        assert!(vocabulary || names.contains(&format!("{module}::")), "{module}");
    }
}
