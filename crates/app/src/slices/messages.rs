//! The settings of the messages slice from the configuration: the SMS gateways in the order of their use, at most one mail
//! server; without any, messages stay in the outbox page.

use std::sync::Arc;

use wuchuang_access::Directory;
use wuchuang_kernel::CaseId;
use wuchuang_messages::{
    MessagesSlice,
    gateway::Postman,
    model::RatePath,
    settings::{GatewaySettings, KannelSettings, Secret, Security, Settings, SmtpSettings},
};
use wuchuang_webkit::Slice;

use super::Needs;
use crate::configuration::{Configuration, MailEncryption, MailSettings, SmsSettings};

/// How long one step of a conversation with a gateway may take.
const TIMEOUT_SECONDS: u64 = 15;

/// The messages, with links to what is rated.
pub(super) fn slice(
    needs: &Needs<'_>,
    postman: Arc<Postman>,
    settings: &Settings,
    rate_path: impl Fn(CaseId) -> String + Send + Sync + 'static,
    directory: Directory,
) -> Arc<dyn Slice> {
    Arc::new(
        MessagesSlice::with_postman(needs.ledger.clone(), postman, settings, needs.site)
            .in_house(RatePath::new(rate_path), directory),
    )
}

pub(super) fn settings_of(configuration: &Configuration) -> Settings {
    let sms = &configuration.sms;
    Settings {
        // Whoever sends, it is the same house that speaks.
        signature: sms.iter().find_map(|sms| sms.signature.clone()),
        sms: sms.iter().map(kannel).collect(),
        email: configuration.mail.as_ref().map(smtp).into_iter().collect(),
    }
}

fn kannel(sms: &SmsSettings) -> GatewaySettings {
    GatewaySettings::Kannel(KannelSettings {
        name: sms.name.clone(),
        url: sms.url.clone(),
        username: sms.user.clone(),
        password: Secret::new(sms.password.reveal()),
        sender: Some(sms.from.clone()),
        token: Secret::new(sms.report_token.reveal()),
        callback_origin: sms.callback_url.clone(),
        certificate_file: None,
        timeout_seconds: TIMEOUT_SECONDS,
    })
}

fn smtp(mail: &MailSettings) -> GatewaySettings {
    GatewaySettings::Smtp(SmtpSettings {
        name: "邮件服务器".to_owned(),
        host: mail.host.clone(),
        port: Some(mail.port),
        security: match mail.encryption {
            MailEncryption::Tls => Security::Tls,
            MailEncryption::StartTls => Security::StartTls,
            MailEncryption::None => Security::None,
        },
        username: mail.account.as_ref().map(|(user, _)| user.clone()),
        password: mail
            .account
            .as_ref()
            .map(|(_, password)| Secret::new(password.reveal())),
        from: mail.from.clone(),
        certificate_file: None,
        timeout_seconds: TIMEOUT_SECONDS,
    })
}
