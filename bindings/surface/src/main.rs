//! Prints what the bindings are made of.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use guiche_surface::{model::Surface, python, stubs, uniffi};

fn main() -> ExitCode {
    let made = Surface::read(Path::new("core/src")).and_then(|surface| match env::args().nth(1).as_deref() {
        Some("uniffi") => uniffi::mirror(&surface),
        Some("python") => python::mirror(&surface),
        Some("stubs") => stubs::stubs(&surface),
        _ => Err("usage: surface uniffi|python|stubs".to_owned()),
    });
    match made {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}
