//! What an installation configures about messages. It lives in a room of its own because it is the one place with
//! secrets, which never show in logs.

use std::{collections::HashSet, fmt, path::PathBuf};

use serde::Deserialize;

/// A password or token: read from the configuration, never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one call that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// What is wrong with the configuration of messages.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Two gateways have one name, so that a delivery report could not be told apart.
    #[error("two message gateways are named {0:?}; give each its own name")]
    DuplicateName(String),
    /// A gateway stands in a list whose messages it cannot carry.
    #[error("the gateway {name:?} cannot carry messages of the list {list:?}")]
    WrongList {
        /// The gateway.
        name: String,
        /// The list.
        list: &'static str,
    },
    /// The token of delivery reports is guessable or has characters that an address cannot carry.
    #[error("the token of {0:?} needs at least 24 letters and digits")]
    WeakToken(String),
    /// A value does not read.
    #[error("the gateway {name:?}: {field} is not valid: {reason}")]
    Invalid {
        /// The gateway.
        name: String,
        /// Which value.
        field: &'static str,
        /// Why.
        reason: String,
    },
}

/// The configuration of messages. Everything absent: all messages stay in the outbox page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What stands in 【】 before each SMS; without it 紫阳政务, made from the county's name.
    pub signature: Option<String>,
    /// The gateways for SMS, in order of preference.
    pub sms: Vec<GatewaySettings>,
    /// The gateways for e-mail, in order of preference.
    pub email: Vec<GatewaySettings>,
}

/// One gateway.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GatewaySettings {
    /// Nothing leaves the house.
    Outbox,
    /// SMS through Kannel.
    Kannel(KannelSettings),
    /// E-mail by SMTP.
    Smtp(SmtpSettings),
}

/// How Kannel's `sendsms` service is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KannelSettings {
    /// The gateway's name, shown in the outbox.
    pub name: String,
    /// The address of the service: `http://127.0.0.1:13013/cgi-bin/sendsms`.
    pub url: String,
    /// The `sendsms-user`.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The sender's number, where the provider does not set it.
    #[serde(default)]
    pub sender: Option<String>,
    /// The secret part of the address to which delivery reports go.
    pub token: Secret,
    /// Where Kannel reaches this house, when that differs from the public address: `http://10.0.0.5:8080`.
    #[serde(default)]
    pub callback_origin: Option<String>,
    /// A PEM file with a further certificate authority to trust.
    #[serde(default)]
    pub certificate_file: Option<PathBuf>,
    /// How long an answer may take.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u64,
}

/// How a connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, required (port 587).
    #[default]
    StartTls,
    /// None: for a mail server on the same machine (port 25).
    None,
}

/// How the mail server is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// The gateway's name, shown in the outbox.
    pub name: String,
    /// The server.
    pub host: String,
    /// The port; by default the usual one of the protection.
    #[serde(default)]
    pub port: Option<u16>,
    /// The protection.
    #[serde(default)]
    pub security: Security,
    /// The account, where the server asks for one.
    #[serde(default)]
    pub username: Option<String>,
    /// Its password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The sender: `紫阳县政务服务中心 <noreply@example.gov.cn>`.
    pub from: String,
    /// A PEM file with a further certificate authority to trust.
    #[serde(default)]
    pub certificate_file: Option<PathBuf>,
    /// How long each step may take.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u64,
}

const fn timeout_seconds() -> u64 {
    15
}

/// The shortest token that cannot be guessed.
const TOKEN_LENGTH_MIN: usize = 24;

impl GatewaySettings {
    fn name(&self) -> &str {
        match self {
            Self::Outbox => super::gateway::OUTBOX,
            Self::Kannel(kannel) => &kannel.name,
            Self::Smtp(smtp) => &smtp.name,
        }
    }
}

impl Settings {
    /// Whether names are unique, tokens are strong and each gateway stands in a list that it can serve.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), SettingsError> {
        for (list, gateways) in [("sms", &self.sms), ("email", &self.email)] {
            let mut names = HashSet::new();
            for gateway in gateways {
                let name = gateway.name().to_owned();
                match gateway {
                    GatewaySettings::Kannel(_) if list != "sms" => {
                        return Err(SettingsError::WrongList { name, list });
                    }
                    GatewaySettings::Smtp(_) if list != "email" => {
                        return Err(SettingsError::WrongList { name, list });
                    }
                    GatewaySettings::Kannel(kannel) if !is_strong(kannel.token.reveal()) => {
                        return Err(SettingsError::WeakToken(name));
                    }
                    _ => {}
                }
                if !names.insert(name.clone()) {
                    return Err(SettingsError::DuplicateName(name));
                }
            }
        }
        Ok(())
    }

    /// The tokens of the gateways that send delivery reports, with the gateways' names.
    pub(crate) fn tokens(&self) -> Vec<(String, Secret)> {
        self.sms
            .iter()
            .filter_map(|gateway| match gateway {
                GatewaySettings::Kannel(kannel) => {
                    Some((kannel.name.clone(), kannel.token.clone()))
                }
                GatewaySettings::Outbox | GatewaySettings::Smtp(_) => None,
            })
            .collect()
    }
}

fn is_strong(token: &str) -> bool {
    token.len() >= TOKEN_LENGTH_MIN && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    const KANNEL: &str = r#"
        [[sms]]
        kind = "kannel"
        name = "移动"
        url = "http://127.0.0.1:13013/cgi-bin/sendsms"
        username = "tester"
        password = "foobar-secret"
        token = "0123456789abcdef0123456789abcdef"
        [[sms]]
        kind = "outbox"
    "#;

    #[test]
    fn secrets_never_show() {
        let settings = read(KANNEL);
        settings.check().unwrap();
        let shown = format!("{settings:?}");
        assert!(!shown.contains("foobar"), "{shown}");
        assert!(!shown.contains("0123456789abcdef"), "{shown}");
    }

    #[test]
    fn a_short_token_and_a_wrong_list_are_refused() {
        let weak = KANNEL.replace("0123456789abcdef0123456789abcdef", "short");
        assert!(matches!(
            read(&weak).check(),
            Err(SettingsError::WeakToken(_))
        ));
        let wrong = KANNEL.replace("[[sms]]", "[[email]]");
        assert!(matches!(
            read(&wrong).check(),
            Err(SettingsError::WrongList { .. })
        ));
        let twice = format!("{KANNEL}[[sms]]\nkind = \"outbox\"\n");
        assert!(matches!(
            read(&twice).check(),
            Err(SettingsError::DuplicateName(_))
        ));
    }
}
