//! Request Tracker 5, a case system that many offices run, beside the house: the same machine, a private PostgreSQL that
//! keeps its promises, two workers for two cores, a cheap password check, mails off. It is favoured where that is
//! simple: its store is empty, and it keeps neither receipts nor proofs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::postgres::{Cluster, Durability};
use crate::process;

use super::run::{Measurement, drive};
use super::server::{Server, Start, port_free};

/// With how many clients both are measured.
pub(super) const CLIENTS: u64 = 8;
const PROGRAM: &str = "/usr/share/request-tracker5/libexec/rt-server";
const SETUP: &str = "rt-setup-database-5";
const DATABASE: &str = "tracker";

/// What to type when it is not installed.
pub(super) fn missing() -> Option<&'static str> {
    let is_there = Path::new(PROGRAM).is_file()
        && process::find(SETUP).is_some()
        && process::find("starman").is_some();
    (!is_there).then_some(
        "install it with: apt-get install -y --no-install-recommends request-tracker5 rt5-db-postgresql starman dbconfig-no-thanks msmtp-mta",
    )
}

/// An installation of its own, thrown away at the end.
pub(super) struct Tracker {
    cluster: Cluster,
    folder: PathBuf,
}

impl Tracker {
    /// Writes its configuration and fills its database.
    pub(super) fn prepare(folder: &Path) -> Result<Self> {
        let cluster = Cluster::start_with(&Durability::Kept {
            environment: Vec::new(),
        })?;
        for name in ["snippets", "pages", "sessions"] {
            fs::create_dir_all(folder.join(name))
                .with_context(|| format!("making {}", folder.display()))?;
        }
        let tracker = Self {
            cluster,
            folder: folder.to_owned(),
        };
        tracker.configure(port_free()?)?;
        process::run_quietly(
            Command::new(SETUP)
                .args([
                    "--action",
                    "init",
                    "--dba",
                    "wuchuang",
                    "--dba-password",
                    "none",
                ])
                .envs(tracker.environment()),
        )
        .context("filling the database of Request Tracker")?;
        Ok(tracker)
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("configuration.pm")
    }

    fn environment(&self) -> Vec<(String, String)> {
        let text = |path: PathBuf| path.display().to_string();
        vec![
            ("RT_SITE_CONFIG".to_owned(), text(self.configuration())),
            (
                "RT_SITE_CONFIG_DIR".to_owned(),
                text(self.folder.join("snippets")),
            ),
        ]
    }

    fn configure(&self, port: u16) -> Result<()> {
        let database_port = self
            .cluster
            .url()
            .rsplit_once(':')
            .and_then(|(_, rest)| rest.split_once('/'))
            .map(|(port, _)| port)
            .context("the address of PostgreSQL names a port")?;
        let folder = self.folder.display();
        let settings = [
            ("rtname", "bench".to_owned()),
            ("Organization", "bench".to_owned()),
            ("WebDomain", "127.0.0.1".to_owned()),
            ("WebPort", port.to_string()),
            ("DatabaseType", "Pg".to_owned()),
            ("DatabaseHost", "127.0.0.1".to_owned()),
            ("DatabasePort", database_port.to_owned()),
            ("DatabaseName", DATABASE.to_owned()),
            ("DatabaseUser", "wuchuang".to_owned()),
            ("DatabaseAdmin", "wuchuang".to_owned()),
            ("DatabasePassword", "none".to_owned()),
            ("BcryptCost", "4".to_owned()),
            ("SendmailPath", "/bin/true".to_owned()),
            ("MailCommand", "testfile".to_owned()),
            ("LogToSTDERR", "error".to_owned()),
            ("MasonDataDir", format!("{folder}/pages")),
            ("MasonSessionDir", format!("{folder}/sessions")),
        ];
        let lines: Vec<String> = settings
            .iter()
            .map(|(name, value)| format!("Set(${name}, '{value}');"))
            .chain(["Set($LogToSyslog, undef);".to_owned(), "1;".to_owned()])
            .collect();
        let path = self.configuration();
        fs::write(&path, lines.join("\n")).context("configuring Request Tracker")?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(())
    }

    /// The same five requests, on a fresh process.
    pub(super) fn measure(&self, driver: &Path, work: &Measurement, seed: u64) -> Result<Value> {
        let port = port_free()?;
        self.configure(port)?;
        let words = [
            "--server",
            "Starman",
            "--workers",
            "2",
            "--disable-keepalive",
            "--host",
            "127.0.0.1",
            "--port",
        ];
        let server = Server::start(Start {
            program: Path::new(PROGRAM),
            words: words
                .into_iter()
                .map(str::to_owned)
                .chain([port.to_string()])
                .collect(),
            environment: self.environment(),
            folder: &self.folder,
            log: &self.folder.join("log"),
            port,
            ready: "/",
        })?;
        let words = [
            "tracker",
            "--clients",
            &work.clients.to_string(),
            "--seconds",
            &work.seconds.to_string(),
            "--seed",
            &seed.to_string(),
        ]
        .map(str::to_owned);
        let database = self
            .cluster
            .url()
            .replace("/postgres", &format!("/{DATABASE}"));
        let mut line = drive(driver, &server, Some(&database), &[], &words)?;
        server.stop()?;
        line["engine"] = json!("postgres");
        Ok(line)
    }
}
