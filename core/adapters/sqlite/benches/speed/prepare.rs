//! Stores that are filled once and kept: a folder per size, with both sides' files and what is known of them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data::{Random, Size};
use crate::engine::{EngineSide, options};
use crate::floor::{Floor, id};
use crate::side::{Filter, Place};

/// Grows when what is generated changes: what was kept is then made anew.
const VERSION: u32 = 2;
/// How many attendances are looked at, and how many are answered.
const SAMPLE: u64 = 400;

/// A pair of filled stores.
#[derive(Serialize, Deserialize)]
pub(crate) struct Prepared {
    version: u32,
    /// `10k`, `100k`, `1m`.
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) root: PathBuf,
    #[serde(skip, default = "nothing")]
    pub(crate) size: Size,
    attendances: u64,
    /// Attendances all over the store, as the engine and the floor know them.
    pub(crate) sample: Vec<(i64, i64)>,
    /// The newest open ones.
    pub(crate) open: Vec<(i64, i64)>,
    /// Half-way down the lists of open and of finished ones.
    pub(crate) engine_open: String,
    pub(crate) engine_finished: String,
    pub(crate) floor_open: Place,
    pub(crate) floor_finished: Place,
}

fn nothing() -> Size {
    Size { attendances: 0 }
}

impl Prepared {
    /// What was kept of a size, or makes it.
    pub(crate) fn of(root: &Path, name: &str) -> Self {
        let text = fs::read_to_string(root.join(name).join("known.json")).unwrap_or_default();
        let kept = serde_json::from_str::<Prepared>(&text).ok().filter(|kept| kept.version == VERSION);
        let prepared = kept.unwrap_or_else(|| Self::make(root, name));
        Self { root: root.to_owned(), size: Size { attendances: prepared.attendances }, ..prepared }
    }

    pub(crate) fn file(&self, side: &str) -> PathBuf {
        self.root.join(&self.name).join(format!("{side}.db"))
    }

    fn make(root: &Path, name: &str) -> Self {
        let attendances = parse(name).unwrap_or_else(|| panic!("a size is a number with k or m: {name}"));
        let size = Size { attendances };
        let folder = root.join(name);
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).expect("a folder of ours");
        eprintln!("filling {} (kept for the next time)", folder.display());
        let ids = EngineSide::fill(&folder.join("engine.db"), size);
        let engine = EngineSide::open(&folder.join("engine.db"), 2, options());
        let floor = Floor::open(&folder.join("floor.db"));
        floor.fill(size);
        let both = |index: u64| (ids[usize::try_from(index).expect("small")], id(index));
        let mut random = Random::new(17);
        let finished = Filter { finished: true, ..Filter::default() };
        let prepared = Self {
            version: VERSION,
            name: name.to_owned(),
            root: root.to_owned(),
            size,
            attendances,
            sample: (0..SAMPLE).map(|_| both(random.below(attendances))).collect(),
            open: (attendances - SAMPLE.min(size.open())..attendances).map(both).collect(),
            engine_open: engine.middle(&Filter::default(), size.open()),
            engine_finished: engine.middle(&finished, attendances - size.open()),
            floor_open: floor.middle(false),
            floor_finished: floor.middle(true),
        };
        let text = serde_json::to_string(&prepared).expect("plain values");
        fs::write(folder.join("known.json"), text).expect("a folder of ours");
        prepared
    }
}

/// `10k` is 10,000, `1m` a million.
fn parse(name: &str) -> Option<u64> {
    let (digits, factor) = match name.strip_suffix('k') {
        Some(digits) => (digits, 1_000),
        None => name.strip_suffix('m').map_or((name, 1), |digits| (digits, 1_000_000)),
    };
    Some(digits.parse::<u64>().ok()? * factor)
}

/// Copies a store to write in.
pub(crate) fn copy(prepared: &Prepared, side: &str, to: &Path) -> PathBuf {
    let path = to.join(format!("{side}.db"));
    drop(fs::remove_file(to.join(format!("{side}.db-wal"))));
    drop(fs::remove_file(to.join(format!("{side}.db-shm"))));
    fs::copy(prepared.file(side), &path).expect("copy");
    path
}
