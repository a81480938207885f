//! Nothing that core makes public is left out in silence.

use guiche_surface::core_source;
use guiche_surface::model::Surface;
use guiche_surface::{python, stubs};

fn core() -> Surface {
    Surface::read(&core_source(env!("CARGO_MANIFEST_DIR"))).expect("core's source lies beside this crate")
}

#[test]
fn everything_public_is_shown_or_listed_with_its_reason() {
    assert_eq!(core().uncovered(), Ok(Vec::new()));
}

#[test]
fn what_core_grows_is_missed_until_it_is_shown_or_listed() {
    let mut surface = core();
    surface.others.insert("window::brand_new".to_owned());
    surface.others.insert("Message::made_of_nothing".to_owned());
    let missed = vec!["Message::made_of_nothing".to_owned(), "window::brand_new".to_owned()];
    assert_eq!(surface.uncovered(), Ok(missed));
    assert!(python::mirror(&surface).is_err());
}

#[test]
fn a_name_on_a_list_that_core_lets_go_of_is_told() {
    let mut surface = core();
    surface.others.remove("window::service_window");
    assert_eq!(surface.uncovered(), Ok(vec!["window::service_window, which core does not have".to_owned()]));
}

#[test]
fn the_committed_stub_is_that_of_core() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../python/python/guiche/_guiche.pyi");
    let committed = std::fs::read_to_string(committed).expect("the stub is committed");
    assert!(
        stubs::stubs(&core()).expect("core can be mirrored").trim_end() == committed.trim_end(),
        "write the stub anew"
    );
}
