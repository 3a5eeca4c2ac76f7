//! What `cargo xtask bench` may be asked.

use anyhow::{Context, Result, bail};

/// How much slower a flush is on a county's disk, in microseconds.
pub(crate) const SLOW_FLUSH_US: u64 = 2_000;

/// The database under the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// What is measured.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// On which databases.
    pub(crate) engines: Vec<Engine>,
    /// Which work: `life`, `core5`, `province`, `enrolment`.
    pub(crate) workloads: Vec<String>,
    /// With how many clients at once.
    pub(crate) clients: Vec<u64>,
    /// How many cases lie in the store.
    pub(crate) cases: u64,
    /// How long each measurement lasts.
    pub(crate) seconds: u64,
    /// How long the open loop lasts.
    pub(crate) province_seconds: u64,
    /// Whether it is measured again with a slow flush.
    pub(crate) is_slow_too: bool,
    /// Whether the store is filled anew.
    pub(crate) is_fresh: bool,
    /// Whether no other system is measured beside it.
    pub(crate) is_alone: bool,
    /// Whether the release programs are there already.
    pub(crate) is_built: bool,
    /// How many applications the enrolment hands in.
    pub(crate) families: u64,
    /// What the random numbers begin with.
    pub(crate) seed: u64,
}

impl Options {
    pub(crate) fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self {
            engines: vec![Engine::Sqlite, Engine::Postgres],
            workloads: ["life", "core5", "province"].map(str::to_owned).to_vec(),
            clients: vec![1, 8, 32],
            cases: 10_000,
            seconds: 20,
            province_seconds: 60,
            is_slow_too: false,
            is_fresh: false,
            is_alone: false,
            is_built: false,
            families: 4_000,
            seed: 20_261_123,
        };
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "--slow" => options.is_slow_too = true,
                "--fresh" => options.is_fresh = true,
                "--alone" => options.is_alone = true,
                "--built" => options.is_built = true,
                "--databases" => options.engines = list(words.next(), word, engine)?,
                "--workloads" => options.workloads = list(words.next(), word, workload)?,
                "--clients" => {
                    options.clients = list(words.next(), word, |text| number(text, word))?;
                }
                "--cases" => options.cases = number(words.next().unwrap_or_default(), word)?,
                "--seconds" => options.seconds = number(words.next().unwrap_or_default(), word)?,
                "--province-seconds" => {
                    options.province_seconds = number(words.next().unwrap_or_default(), word)?;
                }
                "--families" => options.families = number(words.next().unwrap_or_default(), word)?,
                "--seed" => options.seed = number(words.next().unwrap_or_default(), word)?,
                unknown => bail!(
                    "`cargo xtask bench` has no option `{unknown}`; it has --databases, --workloads, --clients, --cases, --seconds, --province-seconds, --families, --seed, --slow, --fresh, --alone and --built"
                ),
            }
        }
        Ok(options)
    }

    /// Whether Request Tracker is measured beside the house.
    pub(crate) fn has_tracker(&self) -> bool {
        !self.is_alone && self.workloads.iter().any(|workload| workload == "core5")
    }

    /// By how many microseconds flushes are slowed, one round after the other.
    pub(crate) fn delays(&self) -> Vec<u64> {
        if self.is_slow_too {
            vec![0, SLOW_FLUSH_US]
        } else {
            vec![0]
        }
    }
}

fn number(text: &str, option: &str) -> Result<u64> {
    text.parse()
        .with_context(|| format!("{option} needs a number, not `{text}`"))
}

fn list<T>(words: Option<&str>, option: &str, read: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    words
        .with_context(|| format!("{option} needs a list, such as 1,8,32"))?
        .split(',')
        .map(read)
        .collect()
}

fn engine(text: &str) -> Result<Engine> {
    match text {
        "sqlite" => Ok(Engine::Sqlite),
        "postgres" => Ok(Engine::Postgres),
        other => bail!("there is no database `{other}` here; sqlite and postgres are"),
    }
}

fn workload(text: &str) -> Result<String> {
    if ["life", "core5", "province", "enrolment"].contains(&text) {
        Ok(text.to_owned())
    } else {
        bail!("there is no work `{text}`; life, core5, province and enrolment are")
    }
}

#[cfg(test)]
mod tests {
    use super::{Engine, Options};

    fn parse(text: &str) -> anyhow::Result<Options> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words)
    }

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        let options = parse("--databases sqlite --clients 1,8 --cases 200000 --slow").unwrap();
        assert_eq!(options.engines, [Engine::Sqlite]);
        assert_eq!(options.clients, [1, 8]);
        assert_eq!(options.cases, 200_000);
        assert_eq!(options.delays(), [0, 2_000]);
        for wrong in [
            "--databases oracle",
            "--workloads walk",
            "--clients",
            "--cases many",
            "--quick",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
