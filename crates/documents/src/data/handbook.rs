//! 便民服务手册: the guides of one organisation or of all in one booklet, each with a QR code to its page.

use serde::{Deserialize, Serialize};

use super::{Head, OneTimeNotice, TemplateData};
use crate::template::DocumentTemplate;

/// The handbook, or one booklet of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handbook {
    /// Head: `organisation` is who publishes it, `issued_on` the day as of which it holds.
    pub head: Head,
    /// The organisation whose guides it holds; absent when it holds all.
    pub scope: Option<String>,
    /// 第 1 册，共 3 册; absent when there is one booklet only.
    pub booklet: Option<String>,
    /// Where the guides are found online, as people read it.
    pub place: String,
    /// The guides, those of one department behind each other.
    pub guides: Vec<HandbookGuide>,
}

/// One guide of the handbook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandbookGuide {
    /// The address behind its QR code: ASCII, at most [`crate::QR_PAYLOAD_BYTES_MAX`] bytes.
    pub address: String,
    /// What its one-time notice says.
    pub notice: OneTimeNotice,
}

impl TemplateData for Handbook {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Handbook;

    fn sample() -> Self {
        let guide = |id: &str, name: &str| HandbookGuide {
            address: format!("https://zwfw.example.gov.cn/guides/{id}"),
            notice: OneTimeNotice {
                item_name: name.to_owned(),
                ..OneTimeNotice::sample()
            },
        };
        Self {
            head: Head {
                seal: None,
                verification: None,
                ..Head::sample(None)
            },
            scope: Some("紫阳县市场监督管理局".to_owned()),
            booklet: Some("第 1 册，共 2 册".to_owned()),
            place: "https://zwfw.example.gov.cn/guides".to_owned(),
            guides: vec![
                guide("1", "食品经营许可（新办）"),
                guide("2", "食品经营许可（变更）"),
            ],
        }
    }
}
