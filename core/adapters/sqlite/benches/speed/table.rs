//! The table: figures with a floor or another figure beside each, the ratio, the goal and whether it is met.

use std::fs;
use std::path::Path;

use serde_json::json;

pub(crate) const INSTRUCTIONS: &str = "instructions";
pub(crate) const MICROSECONDS: &str = "us";
pub(crate) const BYTES: &str = "bytes";
pub(crate) const LOG_BYTES: &str = "log bytes";
pub(crate) const MEBIBYTES: &str = "MiB";

/// A goal of `PERFORMANCE` 10: the ratio may not be greater.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal(pub(crate) &'static str, pub(crate) f64);

struct Line {
    what: String,
    size: String,
    unit: &'static str,
    /// What the value is compared with: the floor's figure unless `what` says otherwise.
    base: Option<f64>,
    value: f64,
    goal: Option<Goal>,
}

impl Line {
    fn ratio(&self) -> Option<f64> {
        self.base.filter(|base| *base > 0.0).map(|base| self.value / base)
    }

    fn verdict(&self) -> String {
        let Some(Goal(name, bound)) = self.goal else { return String::new() };
        // Without a base nothing at all is allowed.
        let ratio = self.ratio().unwrap_or(if self.value > 0.0 { f64::INFINITY } else { 0.0 });
        let bound_text = figure(bound);
        if ratio <= bound {
            format!("{name} <= {bound_text}: met")
        } else {
            format!("{name} <= {bound_text}: MISSED, x{:.2}", ratio / bound)
        }
    }
}

#[derive(Default)]
pub(crate) struct Table {
    lines: Vec<Line>,
}

impl Table {
    /// Adds a figure of the engine, and of the floor if it has one, and prints it.
    pub(crate) fn add(
        &mut self,
        what: &str,
        size: &str,
        unit: &'static str,
        (base, value): (Option<f64>, f64),
        goal: Option<Goal>,
    ) {
        if self.lines.is_empty() {
            println!(
                "{:<52} {:>5} {:>14} {:>14} {:>8}  goal",
                "what (unit; base is the floor unless named)", "size", "base", "engine", "ratio"
            );
        }
        let line = Line { what: what.to_owned(), size: size.to_owned(), unit, base, value, goal };
        let base = line.base.map_or_else(|| "-".to_owned(), figure);
        let ratio =
            line.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.4}").chars().take(6).collect());
        let name = format!("{what} ({unit})");
        println!("{name:<52} {size:>5} {base:>14} {:>14} {ratio:>8}  {}", figure(value), line.verdict());
        self.lines.push(line);
    }

    /// The engine's figure, if it was measured.
    pub(crate) fn engine(&self, what: &str, size: &str, unit: &str) -> Option<f64> {
        self.lines
            .iter()
            .find(|line| line.what == what && line.size == size && line.unit == unit)
            .map(|line| line.value)
    }

    /// Adds how the engine's figure grew from one size to another.
    pub(crate) fn growth(&mut self, what: &str, unit: &'static str, (small, large): (&str, &str), goal: Goal) {
        if let (Some(base), Some(value)) = (self.engine(what, small, unit), self.engine(what, large, unit)) {
            self.add(&format!("{what}: {large} / {small}"), large, unit, (Some(base), value), Some(goal));
        }
    }

    /// Adds one figure of the engine over another of it.
    pub(crate) fn over(&mut self, what: &str, other: &str, size: &str, unit: &'static str, goal: Goal) {
        if let (Some(value), Some(base)) = (self.engine(what, size, unit), self.engine(other, size, unit)) {
            self.add(&format!("{what} / {other}"), size, unit, (Some(base), value), Some(goal));
        }
    }

    pub(crate) fn write(&self, path: &Path) {
        let line = |line: &Line| {
            json!({
                "what": line.what, "size": line.size, "unit": line.unit, "base": line.base, "engine": line.value,
                "ratio": line.ratio(), "goal": line.goal.map(|goal| goal.0), "bound": line.goal.map(|goal| goal.1),
                "verdict": line.verdict(),
            })
        };
        let lines: Vec<_> = self.lines.iter().map(line).collect();
        let text = serde_json::to_string_pretty(&lines).expect("plain values");
        fs::write(path, text).expect("the file can be written");
    }
}

fn figure(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        _ if value.abs() < 0.01 => format!("{value:.5}"),
        _ if value.abs() < 100.0 => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}
