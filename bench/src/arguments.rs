//! The words of the command line.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{Family, Watched};

/// Which work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// Whole lives, closed loop.
    Life,
    /// Five requests a case, closed loop.
    Core5,
    /// The same five requests to another system, closed loop.
    Tracker,
    /// 19 cases and 23 ratings a second, open loop.
    Province,
    /// Thousands of applications for a bundle of three items, each handed in once.
    Enrolment,
    /// Fills the store: commands only, not measured.
    Fill,
}

impl Workload {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Life => "life",
            Self::Core5 => "core5",
            Self::Tracker => "tracker",
            Self::Province => "province",
            Self::Enrolment => "enrolment",
            Self::Fill => "fill",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Arguments {
    /// The work.
    pub workload: Workload,
    /// The server.
    pub server: SocketAddr,
    /// How many clients at once.
    pub clients: u64,
    /// How long it is measured, in seconds.
    pub seconds: u64,
    /// How long it runs before it is measured, in seconds.
    pub warm_seconds: u64,
    /// How many cases `fill` adds.
    pub cases: u64,
    /// How many applications `enrolment` hands in.
    pub families: u64,
    /// What the random numbers begin with.
    pub seed: u64,
    /// Whose processor time and memory is told.
    pub watched: Watched,
    /// The files in which the preloaded shims count flushes.
    pub flushes: Vec<PathBuf>,
}

impl Arguments {
    /// Reads them: a workload, then pairs of `--name value`.
    ///
    /// # Errors
    /// The word that is not understood.
    pub fn read(words: &[String]) -> Result<Self> {
        let (workload, rest) = words
            .split_first()
            .context("say which work: life, core5, province, enrolment or fill")?;
        let workload = match workload.as_str() {
            "life" => Workload::Life,
            "core5" => Workload::Core5,
            "tracker" => Workload::Tracker,
            "province" => Workload::Province,
            "enrolment" => Workload::Enrolment,
            "fill" => Workload::Fill,
            other => bail!("there is no work `{other}`"),
        };
        let mut arguments = Self {
            workload,
            server: SocketAddr::from(([127, 0, 0, 1], 8080)),
            clients: 8,
            seconds: 20,
            warm_seconds: 3,
            cases: 1_000,
            families: 4_000,
            seed: 20_261_123,
            watched: Watched(BTreeMap::new()),
            flushes: Vec::new(),
        };
        for pair in rest.chunks(2) {
            let [name, value] = pair else {
                bail!("{} needs a value", pair[0]);
            };
            let number = || {
                value
                    .parse::<u64>()
                    .with_context(|| format!("{name} needs a number, not {value}"))
            };
            match name.as_str() {
                "--server" => {
                    arguments.server = value
                        .parse()
                        .with_context(|| format!("{value} is no address"))?;
                }
                "--clients" => arguments.clients = number()?.clamp(1, 200),
                "--seconds" => arguments.seconds = number()?,
                "--warm-seconds" => arguments.warm_seconds = number()?,
                "--cases" => arguments.cases = number()?,
                "--families" => arguments.families = number()?,
                "--seed" => arguments.seed = number()?,
                "--flushes" => arguments.flushes.push(value.into()),
                "--watch" => {
                    let (name, process) = value
                        .split_once('=')
                        .context("--watch needs name=process")?;
                    arguments
                        .watched
                        .0
                        .insert(name.to_owned(), Family(process.parse()?));
                }
                other => bail!("there is no option `{other}`"),
            }
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Workload};

    #[test]
    fn words_are_read_and_wrong_ones_named() {
        let read = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            Arguments::read(&words)
        };
        let arguments = read("core5 --clients 32 --watch server=12").unwrap();
        assert_eq!(
            (arguments.workload, arguments.clients),
            (Workload::Core5, 32)
        );
        assert!(arguments.watched.0.contains_key("server"));
        for wrong in [
            "",
            "walk",
            "life --clients",
            "life --clients many",
            "life --speed 3",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
