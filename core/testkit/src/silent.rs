//! A platform that delivers nothing, for tests of what needs no delivery.

use guiche_core::inbound::InboundItem;
use guiche_core::port::{InboundDecoder, SignatureError};

/// Finds every signature right and nothing in any delivery.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl InboundDecoder for Silent {
    fn verify(&self, _: &[u8], _: Option<&str>) -> Result<(), SignatureError> {
        Ok(())
    }

    fn decode(&self, _: &[u8]) -> Vec<InboundItem> {
        Vec::new()
    }
}
