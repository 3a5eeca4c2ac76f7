//! The rules of the SMS gateways, which may be several: each is checked as if it were alone, and together they must be told
//! apart.

use super::{Secret, SmsSettings, check::Checker, keys::nth};

/// The gateway's name where the file gives none.
const NAME: &str = "短信网关";

impl Checker<'_> {
    /// The gateways in the order of their use.
    pub(super) fn sms(&mut self) -> Vec<SmsSettings> {
        let mut gateways: Vec<SmsSettings> = Vec::new();
        for index in 0..self.values.repeated() {
            let Some(gateway) = self.gateway(index) else {
                continue;
            };
            for earlier in &gateways {
                if earlier.name == gateway.name {
                    self.complain(
                        &nth("sms.name", index),
                        "与前面的网关同名，待发消息里分不清。请各起一个名字。",
                    );
                }
                if earlier.report_token == gateway.report_token {
                    self.complain(
                        &nth("sms.report_token", index),
                        "与前面的网关相同，分不清是谁的回报。请各用一个口令。",
                    );
                }
            }
            gateways.push(gateway);
        }
        gateways
    }

    fn gateway(&mut self, index: usize) -> Option<SmsSettings> {
        let key = |name: &str| nth(&format!("sms.{name}"), index);
        let url = self.required(
            &key("url"),
            "url = \"http://127.0.0.1:13013/cgi-bin/sendsms\"",
        );
        let url = url.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        if url.is_none() && self.values.get(&key("url")).is_some() {
            self.complain(
                &key("url"),
                "不是网址。请写短信网关 sendsms 的地址，以 http:// 或 https:// 开头。",
            );
        }
        let user = self.required(&key("user"), "user = \"wuchuang\"");
        let password = self.required(&key("password"), "password = \"…\"");
        let from = self.required(&key("from"), "from = \"10690000\"");
        let report_token = self.required(&key("report_token"), "report_token = \"一段随机字符\"");
        let report_token = report_token.filter(|token| {
            token.len() >= 24 && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if report_token.is_none() && self.values.get(&key("report_token")).is_some() {
            self.complain(
                &key("report_token"),
                "至少 24 个字母和数字。可以用 openssl rand -hex 16 生成。",
            );
        }
        let name = self.optional(&key("name"));
        let signature = self.optional(&key("signature"));
        let callback_url = self.optional(&key("callback_url"));
        Some(SmsSettings {
            name: name.unwrap_or_else(|| match index {
                0 => NAME.to_owned(),
                _ => format!("{NAME}{}", index + 1),
            }),
            url: url?,
            user: user?,
            password: Secret::new(password?),
            from: from?,
            report_token: Secret::new(report_token?),
            signature,
            callback_url,
        })
    }
}
