//! The measured server: the demonstration county on a data folder of the bench's own, on loopback, stopped by its own
//! process id. The demonstration is used because its sign-in shows the codes that others get by SMS.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::stopwatch::wait_until;

/// How long a start may take: the first one fills the county.
const START_LIMIT: Duration = Duration::from_mins(5);
/// How long an orderly end may take.
const STOP_LIMIT: Duration = Duration::from_mins(1);

/// A running server; dropping it stops it.
pub(super) struct Server {
    child: Child,
    port: u16,
}

/// What a server is started with.
pub(super) struct Start<'a> {
    pub(super) program: &'a Path,
    /// Its own words: `demo …` or `serve …`.
    pub(super) words: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    /// Where it stands.
    pub(super) folder: &'a Path,
    /// Where its output goes.
    pub(super) log: &'a Path,
    pub(super) port: u16,
    /// The page that answers 200 when it is ready.
    pub(super) ready: &'a str,
}

impl Server {
    /// Starts it and waits until it says that it is ready.
    pub(super) fn start(start: Start<'_>) -> Result<Self> {
        if let Some(parent) = start.log.parent() {
            fs::create_dir_all(parent)?;
        }
        let log = File::create(start.log)?;
        let child = Command::new(start.program)
            .args(&start.words)
            .envs(start.environment)
            .current_dir(start.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {}", start.program.display()))?;
        let mut server = Self {
            child,
            port: start.port,
        };
        let mut has_ended = false;
        let mut is_ready = false;
        wait_until(START_LIMIT, || {
            has_ended = matches!(server.child.try_wait(), Ok(Some(_)));
            is_ready = ask(server.port, start.ready).is_some_and(|(status, _)| status == 200);
            has_ended || is_ready
        });
        if is_ready && !has_ended {
            return Ok(server);
        }
        bail!(
            "the server did not start; it said:\n{}",
            fs::read_to_string(start.log).unwrap_or_default()
        )
    }

    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// How many jobs wait; `None` when it does not say.
    pub(super) fn jobs_waiting(&self) -> Option<u64> {
        let (_, body) = ask(self.port, "/metrics")?;
        body.lines()
            .find_map(|line| line.strip_prefix("wuchuang_jobs_waiting "))?
            .trim()
            .parse()
            .ok()
    }

    /// Ends it in order and waits.
    pub(super) fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return Ok(());
        }
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .context("asking the server to end")?;
        if !asked.success() {
            bail!("the server could not be asked to end");
        }
        let mut has_ended = false;
        wait_until(STOP_LIMIT, || {
            has_ended = matches!(self.child.try_wait(), Ok(Some(_)));
            has_ended
        });
        if !has_ended {
            self.child.kill().context("ending the server")?;
            self.child.wait().context("waiting for the server's end")?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What could not be ended was said already, or the run fails anyway.
        let _ = self.end();
    }
}

/// A free port of the loopback address.
pub(super) fn port_free() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Status and body of a page that is read.
fn ask(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let body = text.split_once("\r\n\r\n")?.1.to_owned();
    Some((status, body))
}
