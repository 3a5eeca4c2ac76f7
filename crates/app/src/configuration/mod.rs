//! The configuration: one TOML file, overridden by the environment, checked as a whole before anything
//! starts, so that a county's administrator corrects every mistake in one go.
//!
//! Rooms: `keys` (which keys exist), `read` (file and environment to plain values with their place),
//! `check` (plain values to [`Configuration`]). Secrets are never printed, not even in a complaint.

mod check;
mod check_sms;
mod keys;
mod read;

use std::{fmt, net::SocketAddr, path::PathBuf};

use wuchuang_kernel::Region;

/// For how many days drafts are kept unless the configuration says otherwise.
const DRAFTS_KEPT_DAYS: u16 = 90;

/// A value that must not be seen: passwords, tokens, addresses that hold them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailEncryption {
    /// TLS from the first byte (465).
    Tls,
    /// STARTTLS (587).
    StartTls,
    /// None: only for a server on the same machine.
    None,
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: MailEncryption,
    /// The account and its password, when it asks for them.
    pub account: Option<(String, Secret)>,
    /// The sender's address.
    pub from: String,
}

/// An SMS gateway (Kannel's `sendsms` form).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsSettings {
    /// Its name, shown in the outbox.
    pub name: String,
    /// The address of `sendsms`.
    pub url: String,
    /// The account.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// The number that appears as sender.
    pub from: String,
    /// The token with which the gateway's delivery reports prove themselves.
    pub report_token: Secret,
    /// What stands in 【】 before each message; by default it is made from the county's name.
    pub signature: Option<String>,
    /// Where the gateway reaches this house, when that is not the public address.
    pub callback_url: Option<String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// A JSON object a line, for programs.
    Json,
    /// For people at a terminal.
    Pretty,
}

/// The county and its centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// The county's name as people say it: 紫阳县.
    pub county_name: String,
    /// Who runs the site.
    pub operator: String,
    /// The telephone that answers.
    pub telephone: String,
    /// The county's code.
    pub region: Region,
    /// Record numbers in the footer.
    pub records: Vec<String>,
}

/// Everything that an installation sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address under which the public reaches it, without a slash at the end.
    pub public_url: String,
    /// The data folder.
    pub data: PathBuf,
    /// Whether this is the demonstration county, whose pages show what others send by SMS. No file can
    /// set it.
    pub is_demonstration: bool,
    /// Whether every request comes through a reverse proxy, whose word on the visitor's address then
    /// counts.
    pub is_behind_proxy: bool,
    /// The database's address; it may hold a password.
    pub database_url: Secret,
    /// The county.
    pub site: SiteSettings,
    /// For how many days an application that was never handed in is kept, and a file that nothing names.
    pub drafts_kept_days: u16,
    /// The mail server, when there is one.
    pub mail: Option<MailSettings>,
    /// The SMS gateways in the order of their use: the next one takes over when one is down or reports that it could not
    /// deliver. Empty where there is none.
    pub sms: Vec<SmsSettings>,
    /// How the log is written.
    pub log_format: LogFormat,
    /// What the log holds, such as `info` or `info,wuchuang_ledger=debug`.
    pub log_filter: String,
    /// The token that opens `/metrics` from other machines.
    pub metrics_token: Option<Secret>,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Environment(String),
    /// Nowhere: it is missing.
    Missing,
}

/// One thing that is wrong, in a sentence for the administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, and the way out. Never a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Line(line) => write!(formatter, "第 {line} 行：{}", self.message),
            Place::Environment(name) => write!(formatter, "环境变量 {name}：{}", self.message),
            Place::Missing => formatter.write_str(&self.message),
        }
    }
}

/// Every problem of a configuration at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "配置有 {} 处需要改正：", self.0.len())?;
        for problem in &self.0 {
            write!(formatter, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl Configuration {
    /// Reads a configuration from the text of its file and the environment.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn read(
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut values = read::from_file(text, &mut problems);
        read::from_environment(environment, &mut values, &mut problems);
        let configuration = check::check(&values, &mut problems);
        match configuration {
            Some(configuration) if problems.is_empty() => Ok(configuration),
            _ => {
                problems.sort_by(|one, other| one.place.cmp(&other.place));
                // One line that is no TOML would be complained of twice.
                problems.dedup_by(|later, earlier| {
                    matches!(later.place, Place::Line(_)) && later.place == earlier.place
                });
                Err(Problems(problems))
            }
        }
    }

    /// The configuration of the demonstration county: everything in one folder, on this machine.
    pub fn demonstration(data: PathBuf, listen: SocketAddr) -> Self {
        let county: Region = "610924".parse().expect("the code of 紫阳县 has six digits");
        Self {
            listen,
            public_url: format!("http://{listen}"),
            database_url: Secret::new(sqlite_in(&data)),
            data,
            is_demonstration: true,
            is_behind_proxy: false,
            site: SiteSettings {
                county_name: "紫阳县".to_owned(),
                operator: "紫阳县政务服务中心".to_owned(),
                telephone: "12345".to_owned(),
                region: county,
                records: Vec::new(),
            },
            drafts_kept_days: DRAFTS_KEPT_DAYS,
            mail: None,
            sms: Vec::new(),
            log_format: LogFormat::Pretty,
            log_filter: "warn".to_owned(),
            metrics_token: None,
        }
    }
}

/// The database of a data folder.
fn sqlite_in(data: &std::path::Path) -> String {
    format!("sqlite:{}?mode=rwc", data.join("wuchuang.db").display())
}

#[cfg(test)]
mod tests;
