//! From plain values to a configuration, with every rule told at once.

use std::{net::SocketAddr, path::PathBuf};

use wuchuang_kernel::Region;

use super::{
    Configuration, LogFormat, MailEncryption, MailSettings, Place, Problem, Secret, SiteSettings,
    read::{Value, Values},
};

/// The longest text of a key, in characters.
const TEXT_CHARACTERS_MAX: usize = 500;
/// How many record numbers a footer shows.
const RECORDS_MAX: usize = 10;

/// Reads one value after the other and gathers what is wrong.
pub(super) struct Checker<'a> {
    pub(super) values: &'a Values,
    pub(super) problems: &'a mut Vec<Problem>,
}

/// The configuration; `None` when something that it cannot do without is missing or wrong. Other
/// problems are only gathered.
pub(super) fn check(values: &Values, problems: &mut Vec<Problem>) -> Option<Configuration> {
    let mut checker = Checker { values, problems };
    let listen = checker.listen();
    let public_url = checker.public_url();
    let data = checker.data();
    let database_url = checker.database_url(data.as_ref());
    let site = checker.site();
    let drafts_kept_days = checker.drafts_kept_days();
    let mail = checker.mail();
    let sms = checker.sms();
    let log_format = checker.log_format();
    let log_filter = checker
        .optional("log.filter")
        .unwrap_or_else(|| "info".to_owned());
    let metrics_token = checker.metrics_token();
    Some(Configuration {
        listen: listen?,
        public_url: public_url?,
        data: data?,
        is_demonstration: false,
        is_behind_proxy: matches!(values.get("behind_proxy"), Some((Value::Switch(true), _))),
        database_url: database_url?,
        site: site?,
        drafts_kept_days: drafts_kept_days?,
        mail,
        sms,
        log_format,
        log_filter,
        metrics_token,
    })
}

impl Checker<'_> {
    pub(super) fn complain(&mut self, key: &str, message: impl Into<String>) {
        let place = self
            .values
            .get(key)
            .map_or(Place::Missing, |(_, place)| place.clone());
        self.problems.push(Problem {
            place,
            message: format!("{key} {}", message.into()),
        });
    }

    pub(super) fn optional(&mut self, key: &str) -> Option<String> {
        let (value, _) = self.values.get(key)?;
        let Value::Text(text) = value else {
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.complain(key, "是空的。请填写，或删除这一行。");
            return None;
        }
        if text.chars().count() > TEXT_CHARACTERS_MAX || text.chars().any(char::is_control) {
            self.complain(
                key,
                format!("过长（最多 {TEXT_CHARACTERS_MAX} 个字）或含有换行等特殊字符。"),
            );
            return None;
        }
        Some(text.to_owned())
    }

    pub(super) fn required(&mut self, key: &str, example: &str) -> Option<String> {
        if self.values.is_unreadable(key) {
            return None;
        }
        if self.values.get(key).is_none() {
            self.complain(
                key,
                format!("没有填写。请在配置文件里加上，例如：{example}"),
            );
            return None;
        }
        self.optional(key)
    }

    fn listen(&mut self) -> Option<SocketAddr> {
        let text = self
            .optional("listen")
            .unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let address = text.parse().ok();
        if address.is_none() {
            self.complain(
                "listen",
                "不是监听地址。请写成“IP:端口”，例如 127.0.0.1:8080。",
            );
        }
        address
    }

    fn public_url(&mut self) -> Option<String> {
        let text = self.required("public_url", "public_url = \"https://zwfw.example.gov.cn\"")?;
        let text = text.trim_end_matches('/').to_owned();
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let is_good = host.is_some_and(|host| {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
        });
        if !is_good {
            self.complain("public_url", "不是网址。请写成 https:// 加域名，不带路径和中文，例如 https://zwfw.example.gov.cn。");
            return None;
        }
        Some(text)
    }

    fn data(&mut self) -> Option<PathBuf> {
        let text = self.required("data", "data = \"/var/lib/wuchuang\"")?;
        let path = PathBuf::from(text);
        if path.is_absolute() {
            Some(path)
        } else {
            self.complain(
                "data",
                "要写成从 / 开始的完整路径，例如 /var/lib/wuchuang。",
            );
            None
        }
    }

    fn database_url(&mut self, data: Option<&PathBuf>) -> Option<Secret> {
        let Some(url) = self.optional("database.url") else {
            return data.map(|data| Secret::new(super::sqlite_in(data)));
        };
        if let Some(path) = url.strip_prefix("sqlite:") {
            // Without a mode the engine refuses to create the file.
            let mode = if path.contains('?') { "" } else { "?mode=rwc" };
            return Some(Secret::new(format!("{url}{mode}")));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Secret::new(url));
        }
        self.complain("database.url", "看不懂。内置数据库写 sqlite:///路径/wuchuang.db，PostgreSQL 写 postgres://用户:密码@主机/库名。");
        None
    }

    fn site(&mut self) -> Option<SiteSettings> {
        let county_name = self.required("site.county_name", "county_name = \"紫阳县\"");
        let operator = self.required("site.operator", "operator = \"紫阳县政务服务中心\"");
        let telephone = self
            .optional("site.telephone")
            .unwrap_or_else(|| "12345".to_owned());
        let region = self.region();
        let records = self.records();
        Some(SiteSettings {
            county_name: county_name?,
            operator: operator?,
            telephone,
            region: region?,
            records,
        })
    }

    fn region(&mut self) -> Option<Region> {
        let text = self.required("site.region", "region = \"610924\"")?;
        let region: Option<Region> = text.parse().ok().filter(|_| text.len() == 6);
        if region.is_none() {
            self.complain(
                "site.region",
                "要写县级行政区划代码，6 位数字，例如 610924。",
            );
        }
        region
    }

    fn records(&mut self) -> Vec<String> {
        let Some((Value::List(records), _)) = self.values.get("site.records") else {
            return Vec::new();
        };
        let is_good = records.len() <= RECORDS_MAX
            && records.iter().all(|record| record.chars().count() <= 100);
        if !is_good {
            self.complain(
                "site.records",
                format!("最多 {RECORDS_MAX} 个备案号，每个不超过 100 个字。"),
            );
        }
        records.clone()
    }

    fn drafts_kept_days(&mut self) -> Option<u16> {
        let Some((Value::Number(number), _)) = self.values.get("drafts.kept_days") else {
            return Some(super::DRAFTS_KEPT_DAYS);
        };
        // A month at least: people are given up to that long to bring what is missing.
        let days = u16::try_from(*number)
            .ok()
            .filter(|days| (30..=3650).contains(days));
        if days.is_none() {
            self.complain("drafts.kept_days", "要在 30 到 3650 之间。");
        }
        days
    }

    fn mail(&mut self) -> Option<MailSettings> {
        self.values.section("mail")?;
        let host = self.required("mail.host", "host = \"smtp.example.gov.cn\"");
        let from = self.required("mail.from", "from = \"政务服务中心 <zwfw@example.gov.cn>\"");
        let encryption = match self.optional("mail.encryption").as_deref() {
            None | Some("tls") => Some(MailEncryption::Tls),
            Some("starttls") => Some(MailEncryption::StartTls),
            Some("none") => Some(MailEncryption::None),
            Some(_) => {
                self.complain("mail.encryption", "只能写 tls、starttls 或 none。");
                None
            }
        };
        let port = self.port(encryption);
        let user = self.optional("mail.user");
        let password = self.optional("mail.password");
        if user.is_some() != password.is_some() {
            self.complain("mail.user", "和 mail.password 要么都填，要么都不填。");
        }
        let from = from.filter(|from| from.contains('@'));
        if from.is_none() && self.values.get("mail.from").is_some() {
            self.complain(
                "mail.from",
                "里要有邮箱地址，例如 政务服务中心 <zwfw@example.gov.cn>。",
            );
        }
        Some(MailSettings {
            host: host?,
            port: port?,
            encryption: encryption?,
            account: user.zip(password.map(Secret::new)),
            from: from?,
        })
    }

    fn port(&mut self, encryption: Option<MailEncryption>) -> Option<u16> {
        let Some((Value::Number(number), _)) = self.values.get("mail.port") else {
            return Some(match encryption {
                Some(MailEncryption::StartTls) => 587,
                Some(MailEncryption::None) => 25,
                Some(MailEncryption::Tls) | None => 465,
            });
        };
        let port = u16::try_from(*number).ok().filter(|port| *port > 0);
        if port.is_none() {
            self.complain("mail.port", "要在 1 到 65535 之间。");
        }
        port
    }

    fn log_format(&mut self) -> LogFormat {
        match self.optional("log.format").as_deref() {
            None | Some("json") => LogFormat::Json,
            Some("pretty") => LogFormat::Pretty,
            Some(_) => {
                self.complain("log.format", "只能写 json（给程序看）或 pretty（给人看）。");
                LogFormat::Json
            }
        }
    }

    fn metrics_token(&mut self) -> Option<Secret> {
        let token = self.optional("metrics.token")?;
        if token.len() < 16 {
            self.complain(
                "metrics.token",
                "至少 16 个字符。可以用 openssl rand -hex 16 生成。",
            );
        }
        Some(Secret::new(token))
    }
}
