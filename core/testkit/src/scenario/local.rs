//! The stage of this process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use guiche_core::time::Timestamp;
use serde_json::Value;

use super::operations::{Call, Operation, Place, plain, pumped};
use super::stage::{Answer, Command, Delivery, Noted, Scripted, Stage};
use super::world::{Backing, World};

/// Acts on engines of this process.
#[derive(Default)]
pub(crate) struct LocalStage {
    world: Option<World>,
    /// The folder of the database, if it is to stay, and the first id that is made in it.
    stays: Option<(PathBuf, i64)>,
}

impl LocalStage {
    /// A stage whose world is the database in a folder, made if it is not there.
    pub(crate) fn in_folder(folder: &Path, first_id: i64) -> Self {
        Self { world: None, stays: Some((folder.to_path_buf(), first_id)) }
    }

    fn here(&mut self) -> Result<&mut World, String> {
        self.world.as_mut().ok_or_else(|| "there is no world yet".to_owned())
    }
}

impl Stage for LocalStage {
    fn world(&mut self, backing: Backing, modules: bool) -> Result<(), String> {
        self.world = Some(match &self.stays {
            None => World::new(backing, modules)?,
            Some((folder, first_id)) => World::in_folder(folder, modules, *first_id),
        });
        Ok(())
    }

    fn start(&mut self, engine: &str, clock: Timestamp) -> Result<(), String> {
        self.here()?.start(engine, clock)
    }

    fn restart(&mut self, engine: &str, clock: Timestamp) -> Result<(), String> {
        self.here()?.restart(engine, clock)
    }

    fn clocks(&mut self, clocks: &BTreeMap<String, Timestamp>) -> Result<(), String> {
        self.here()?.set_clocks(clocks);
        Ok(())
    }

    fn operate(&mut self, command: &Command<'_>) -> Answer {
        let operation = Operation::at(command.door, command.name)?;
        let world = self.here()?;
        let engine = world.engine(command.engine)?;
        operation.carry_out(&mut Call::new(Place { world, engine }, command))
    }

    fn ingest(&mut self, delivery: &Delivery<'_>) -> Answer {
        let engine = self.here()?.engine(delivery.engine)?;
        let platform =
            serde_json::from_value(delivery.platform.into()).map_err(|error| format!("`platform`: {error}"))?;
        plain(engine.ingest(platform, delivery.body, delivery.signature))
    }

    fn release(&mut self) -> Answer {
        pumped(self.here()?.release()?)
    }

    fn tell(&mut self, whom: Scripted, script: &Value) -> Result<(), String> {
        let world = self.here()?;
        match whom {
            Scripted::Port => world.port.tell(&script.to_string()),
            Scripted::Modules => world.modules.tell(&script.to_string()),
        }
    }

    fn take(&mut self, what: Noted) -> Result<Vec<Value>, String> {
        let world = self.here()?;
        let taken = match what {
            Noted::Sent => world.port.take_sent_json(),
            Noted::Uploads => world.port.take_uploads_json(),
            Noted::Fetched => world.port.take_fetched_json(),
            Noted::MarkedRead => world.port.take_marked_json(),
            Noted::Probed => world.port.take_probed_json(),
            Noted::Modules => world.modules.take_asked_json(),
            Noted::Heard => return Ok(world.ear.take().into_iter().map(Value::from).collect()),
        };
        serde_json::from_str(&taken).map_err(|error| format!("`{}`: {error}", what.word()))
    }
}
