//! What a text takes from the house and not from its event: who signs, whom to call, where to look up and where to rate.

use std::{fmt, sync::Arc};

use wuchuang_kernel::CaseId;

use super::{MessageChannel, Parameter};

/// Where a case is rated, as a path without a query. The ratings watch over the matters and stand above the messages,
/// so the roof carries their path here.
#[derive(Clone, Default)]
pub struct RatePath(Option<Arc<dyn Fn(CaseId) -> String + Send + Sync>>);

impl RatePath {
    /// The path by a function.
    pub fn new(path: impl Fn(CaseId) -> String + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(path)))
    }
}

impl fmt::Debug for RatePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "RatePath(…)"
        } else {
            "RatePath"
        })
    }
}

/// The house around a message.
#[derive(Debug, Clone)]
pub struct Surrounding {
    /// What stands in 【】 before an SMS.
    pub signature: String,
    /// The county's name.
    pub county: String,
    /// The telephone that answers.
    pub telephone: String,
    /// The public address, without a trailing slash.
    pub origin: String,
    /// Where a case is rated; without it a text leads to the applicant's own matters.
    pub rate: RatePath,
}

impl Surrounding {
    /// The value of a parameter that the house gives; `None` for those of the event.
    pub(crate) fn value(
        &self,
        parameter: Parameter,
        channel: MessageChannel,
        case: Option<CaseId>,
    ) -> Option<String> {
        Some(match parameter {
            Parameter::County => self.county.clone(),
            Parameter::Telephone => self.telephone.clone(),
            Parameter::Link => format!("{}/progress", self.origin),
            Parameter::Rate => self.rate_link(channel, case),
            _ => return None,
        })
    }

    /// The link that rates the case, with the way by which it came (the channels of the national rating exchange).
    fn rate_link(&self, channel: MessageChannel, case: Option<CaseId>) -> String {
        let (Some(path), Some(case)) = (&self.rate.0, case) else {
            return format!("{}/my", self.origin);
        };
        let via = match channel {
            MessageChannel::Inbox => "web",
            MessageChannel::Sms => "sms",
            MessageChannel::Email => "mail",
        };
        format!("{}{}?via={via}", self.origin, path(case))
    }

    /// A text as the outbox keeps and shows it: whoever reads the outbox must not be able to rate in the citizen's name.
    pub(crate) fn without_rate_link(
        &self,
        text: &str,
        channel: MessageChannel,
        case: Option<CaseId>,
    ) -> String {
        if self.rate.0.is_none() || case.is_none() {
            return text.to_owned();
        }
        let link = self.rate_link(channel, case);
        text.replace(&link, &format!("{}/rate/…", self.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surrounding(rate: RatePath) -> Surrounding {
        Surrounding {
            signature: "紫阳政务".into(),
            county: "紫阳县".into(),
            telephone: "12345".into(),
            origin: "https://zwfw.example.gov.cn".into(),
            rate,
        }
    }

    #[test]
    fn each_way_has_its_own_link_and_the_outbox_shows_none() {
        let case = Some(CaseId::from_u128(1));
        let house = surrounding(RatePath::new(|_| "/rate/5ecret".to_owned()));
        let links = MessageChannel::ALL.map(|channel| house.rate_link(channel, case));
        assert_eq!(
            links,
            [
                "https://zwfw.example.gov.cn/rate/5ecret?via=web",
                "https://zwfw.example.gov.cn/rate/5ecret?via=sms",
                "https://zwfw.example.gov.cn/rate/5ecret?via=mail",
            ]
        );
        let sms = format!("已办结，请评价：{}。", links[1]);
        assert_eq!(
            house.without_rate_link(&sms, MessageChannel::Sms, case),
            "已办结，请评价：https://zwfw.example.gov.cn/rate/…。"
        );
        let alone = surrounding(RatePath::default());
        assert_eq!(
            alone.rate_link(MessageChannel::Sms, case),
            "https://zwfw.example.gov.cn/my"
        );
    }
}
