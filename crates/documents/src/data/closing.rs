//! The slip for whoever fetched a result: what ended how, and the code that rates the service.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Head, TemplateData};
use crate::template::DocumentTemplate;

/// 办结凭条. Printed on an 80 mm roll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Closing {
    /// Head of the slip.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// What was decided, or the name of the licence.
    pub result: String,
    /// Its number.
    pub result_number: String,
    /// How it was handed over.
    pub delivered: String,
    /// The day on which the case ended.
    pub closed_on: Date,
    /// Where the service is rated; drawn as the slip's QR code. ASCII, at most [`crate::QR_PAYLOAD_BYTES_MAX`] bytes.
    pub rate_url: String,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for Closing {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Closing;

    fn sample() -> Self {
        Self {
            head: Head::sample(None),
            case: CaseReference::sample(),
            result: "食品经营许可证".to_owned(),
            result_number: "JY26109240012345".to_owned(),
            delivered: "窗口领取".to_owned(),
            closed_on: jiff::civil::date(2026, 11, 25),
            rate_url: "https://zwfw.example.gov.cn/rate/0123456789abcdef?via=qr".to_owned(),
            contact: Contact::sample(),
        }
    }
}
