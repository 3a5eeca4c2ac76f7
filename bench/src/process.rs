//! What the measured processes used, from the kernel's own counters.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Clock ticks a second in `/proc/PID/stat` (fixed at 100 for programs since Linux 2.6).
const TICKS_A_SECOND: f64 = 100.0;

/// The thread on which the house makes papers when the processor has nothing better to do.
const PAPERS: &str = "papers";

/// A process and everything it started.
#[derive(Debug, Clone, Copy)]
pub struct Family(pub u32);

impl Family {
    /// Processor seconds used so far by the process, its children and the children they already waited for.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn processor_seconds(self) -> Result<f64> {
        let own = stat(self.0).with_context(|| format!("process {} is gone", self.0))?;
        let children: f64 = children_of(self.0)
            .into_iter()
            .filter_map(stat)
            .map(|seconds| seconds.0)
            .sum();
        Ok(own.0 + own.1 + children)
    }

    /// Processor seconds that its threads of one name used so far.
    fn seconds_of_threads(self, name: &str) -> f64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.0));
        threads
            .into_iter()
            .flatten()
            .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("stat")).ok())
            .filter(|stat| stat.contains(&format!("({name})")))
            .filter_map(|stat| seconds_in(&stat))
            .map(|seconds| seconds.0)
            .sum()
    }

    /// Resident memory in megabytes, of the process alone.
    pub fn resident_megabytes(self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|value| {
                value
                    .trim()
                    .trim_end_matches("kB")
                    .trim()
                    .parse::<f64>()
                    .ok()
            });
        kilobytes.unwrap_or(0.0) / 1024.0
    }
}

/// Seconds of the process itself, and of children that ended.
fn stat(process: u32) -> Option<(f64, f64)> {
    fs::read_to_string(format!("/proc/{process}/stat"))
        .ok()
        .as_deref()
        .and_then(seconds_in)
}

fn seconds_in(stat: &str) -> Option<(f64, f64)> {
    // The program's name may hold blanks, so counting begins after its closing bracket.
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    let own = (ticks(11)? + ticks(12)?) / TICKS_A_SECOND;
    let ended = (ticks(13)? + ticks(14)?) / TICKS_A_SECOND;
    Some((own, ended))
}

fn children_of(process: u32) -> Vec<u32> {
    fs::read_to_string(format!("/proc/{process}/task/{process}/children"))
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .collect()
}

/// The processes of a run, by what they are.
#[derive(Debug, Clone, Default)]
pub struct Watched(pub BTreeMap<String, Family>);

impl Watched {
    /// Processor seconds of each; what the house spent on papers that nobody waited for stands apart, under `papers`.
    ///
    /// # Errors
    /// When one is gone.
    pub fn processor_seconds(&self) -> Result<BTreeMap<String, f64>> {
        let mut seconds = BTreeMap::new();
        for (name, family) in &self.0 {
            let papers = family.seconds_of_threads(PAPERS);
            seconds.insert(name.clone(), family.processor_seconds()? - papers);
            *seconds.entry(PAPERS.to_owned()).or_default() += papers;
        }
        Ok(seconds)
    }

    /// Resident megabytes of each.
    pub fn resident(&self) -> Value {
        self.0
            .iter()
            .map(|(name, family)| (name.clone(), json!(family.resident_megabytes())))
            .collect()
    }
}

/// How many flushes the preloaded shims counted so far.
pub fn flushes(counters: &[PathBuf]) -> u64 {
    counters
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .filter_map(|bytes| Some(u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?)))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::seconds_in;

    #[test]
    fn a_name_with_blanks_and_brackets_is_no_hindrance() {
        let stat = "12 (a (b) c) S 1 1 1 0 -1 4 0 0 0 0 250 50 7 3 20 0 4 0 1 2 3";
        assert_eq!(seconds_in(stat), Some((3.0, 0.1)));
        assert_eq!(seconds_in("nonsense"), None);
    }
}
