//! Prints what the bindings are made of.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use guiche_surface::operations::{self, Language};
use guiche_surface::{model::Surface, python, stubs, uniffi};

fn main() -> ExitCode {
    let made = Surface::read(Path::new("core/src")).and_then(|surface| match env::args().nth(1).as_deref() {
        Some("uniffi") => uniffi::mirror(&surface),
        Some("python") => python::mirror(&surface),
        Some("stubs") => stubs::stubs(&surface),
        Some("kotlin-operations") => {
            Ok(operations::table(&surface, Language::Kotlin) + &operations::readers(&surface, Language::Kotlin))
        }
        Some("swift-operations") => {
            Ok(operations::table(&surface, Language::Swift) + &operations::readers(&surface, Language::Swift))
        }
        _ => Err("usage: surface uniffi|python|stubs|kotlin-operations|swift-operations".to_owned()),
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
