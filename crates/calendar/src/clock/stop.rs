//! Stops of the clock: special procedures whose time is not counted (特别程序).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{ClockError, check_text};

/// The procedures whose time is not counted. A closed list, because any other reason to stop is unlawful; where
/// another law knows one, its name and article must be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StopKind {
    /// 听证.
    Hearing,
    /// 招标.
    Tender,
    /// 拍卖.
    Auction,
    /// 检验.
    Inspection,
    /// 检测.
    Testing,
    /// 检疫.
    Quarantine,
    /// 鉴定.
    Appraisal,
    /// 专家评审.
    ExpertReview,
    /// 征求第三方意见, only for requests to disclose information (政府信息公开条例第33条).
    ThirdPartyConsultation,
    /// A procedure of another law.
    OtherLaw {
        /// Name of the procedure.
        name: String,
        /// Law and article.
        article: String,
    },
}

impl StopKind {
    /// The procedures of 行政许可法第45条, in the order of the article.
    pub const ARTICLE_45: [Self; 8] = [
        Self::Hearing,
        Self::Tender,
        Self::Auction,
        Self::Inspection,
        Self::Testing,
        Self::Quarantine,
        Self::Appraisal,
        Self::ExpertReview,
    ];

    /// The name in Chinese.
    pub fn name(&self) -> &str {
        match self {
            Self::Hearing => "听证",
            Self::Tender => "招标",
            Self::Auction => "拍卖",
            Self::Inspection => "检验",
            Self::Testing => "检测",
            Self::Quarantine => "检疫",
            Self::Appraisal => "鉴定",
            Self::ExpertReview => "专家评审",
            Self::ThirdPartyConsultation => "征求第三方意见",
            Self::OtherLaw { name, .. } => name,
        }
    }

    /// The law and article by which the time is not counted.
    pub fn article(&self) -> &str {
        match self {
            Self::ThirdPartyConsultation => "《政府信息公开条例》第三十三条",
            Self::OtherLaw { article, .. } => article,
            _ => "《行政许可法》第四十五条",
        }
    }
}

/// A stop as ordered: what was told to the applicant before counting stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopOrder {
    /// The procedure.
    pub kind: StopKind,
    /// Why this case needs it.
    pub reason: String,
    /// When the applicant was told in writing of the procedure and the time it needs; never after `from`.
    pub told_at: Timestamp,
    /// The time needed as told to the applicant, in working days.
    pub expected_working_days: u16,
    /// When counting stops.
    pub from: Timestamp,
}

impl StopOrder {
    pub(super) fn check(&self) -> Result<(), ClockError> {
        check_text("暂停理由", &self.reason)?;
        if let StopKind::OtherLaw { name, article } = &self.kind {
            check_text("特别程序名称", name)?;
            check_text("法律依据", article)?;
        }
        if !(1..=366).contains(&self.expected_working_days) {
            return Err(ClockError::ExpectedDays);
        }
        if self.told_at > self.from {
            Err(ClockError::NotToldInWriting)
        } else {
            Ok(())
        }
    }
}

/// A stop that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// What was ordered and told to the applicant.
    pub order: StopOrder,
    /// When counting was taken up again (or the case ended).
    pub to: Timestamp,
}
