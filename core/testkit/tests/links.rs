//! Every page of the project leads where it says: a promise whose proof has moved away is seen here.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// The pages below a folder, without what tools put beside them.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            if !name.starts_with('.') && !matches!(name.as_str(), "target" | "node_modules") {
                pages(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

/// Where the links of a page lead, as written, without the place within a page.
fn links(page: &str) -> impl Iterator<Item = &str> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    pages(&root, &mut found);
    assert!(found.iter().any(|page| page.ends_with("core/docs/proof.md")), "the pages are found");
    let mut astray = Vec::new();
    for page in found {
        let text = fs::read_to_string(&page).unwrap();
        let from = page.parent().unwrap();
        astray.extend(
            links(&text).filter(|link| !from.join(link).exists()).map(|link| format!("{}: {link}", page.display())),
        );
    }
    assert!(astray.is_empty(), "{astray:#?}");
}

#[test]
fn each_promise_of_the_readme_has_a_proof_that_is_a_file() {
    let readme = include_str!("../../../README.md");
    let from = readme.find("| promise | proof |").unwrap();
    let promises: Vec<_> = readme[from..].lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert!(promises.len() > 15);
    for promise in promises {
        assert!(links(promise).next().is_some(), "{promise}");
    }
}
