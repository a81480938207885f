//! Writes the mirror of core's public surface, from core's own source.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use guiche_surface::{core_source, model::Surface, python};

fn main() -> Result<(), Box<dyn Error>> {
    let source = core_source(&env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed={}", source.display());
    let surface = Surface::read(&source)?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("mirror.rs"), python::mirror(&surface)?)?;
    Ok(())
}
