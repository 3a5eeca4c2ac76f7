//! The rating as a pure value: one for each service, five grades, the labels of the chosen grade.

pub mod labels;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wuchuang_codes::Satisfaction;
use wuchuang_kernel::{CaseId, ItemId, OrganisationId, PersonId, Personal, Rejection};
use wuchuang_ledger::{Context, Stream};

use labels::{LABELS_MAX, grade_of};

/// How long the free text may be, in characters.
pub const TEXT_CHARACTERS_MAX: usize = 500;
/// How long the reason for opening a rating may be, in characters.
const REASON_CHARACTERS_MAX: usize = 200;

/// The kind of stream; its identifier is the case's.
#[derive(Debug, Clone, Copy)]
pub struct RatingStream;

/// Through which channel the rating came (codes of the national rating exchange; 7, a default rating
/// that nobody gave, does not exist here).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RatingChannel {
    /// 1 PC端.
    Web,
    /// 2 移动端.
    Mobile,
    /// 3 二维码.
    QrCode,
    /// 4 大厅平板.
    HallTablet,
    /// 5 大厅其他终端.
    HallTerminal,
    /// 6 短信.
    Message,
}

impl RatingChannel {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 6] = [
        Self::Web,
        Self::Mobile,
        Self::QrCode,
        Self::HallTablet,
        Self::HallTerminal,
        Self::Message,
    ];

    /// The code of the national rating exchange.
    pub const fn code(self) -> i64 {
        match self {
            Self::Web => 1,
            Self::Mobile => 2,
            Self::QrCode => 3,
            Self::HallTablet => 4,
            Self::HallTerminal => 5,
            Self::Message => 6,
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Web => "网页",
            Self::Mobile => "手机",
            Self::QrCode => "二维码",
            Self::HallTablet => "大厅平板",
            Self::HallTerminal => "大厅终端",
            Self::Message => "短信链接",
        }
    }

    /// Reads the short form that links carry.
    pub fn from_link(text: &str) -> Option<Self> {
        match text {
            // A letter is read where the page is opened; the national codes know no mail.
            "web" | "mail" => Some(Self::Web),
            "mobile" => Some(Self::Mobile),
            "qr" => Some(Self::QrCode),
            "tablet" => Some(Self::HallTablet),
            "terminal" => Some(Self::HallTerminal),
            "sms" => Some(Self::Message),
            _ => None,
        }
    }
}

/// The service that is rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatedService {
    /// The case.
    pub case: CaseId,
    /// Its item.
    pub item: ItemId,
    /// The item's name.
    pub item_name: String,
    /// The organisation that served.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The day the case ended.
    pub ended_on: Date,
}

/// A rating as it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The grade.
    pub grade: Satisfaction,
    /// Through which channel.
    pub channel: RatingChannel,
    /// National labels (evalDetail) of that grade.
    pub labels: Vec<u16>,
    /// In the rater's own words.
    pub text: Option<Personal<String>>,
    /// Who, when they signed in. Nobody who handles matters sees it.
    pub rater: Option<PersonId>,
    /// What is rated.
    pub service: RatedService,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum RatingCommand {
    /// 评价.
    Rate(Box<Rate>),
    /// Supervision opens a bad rating to call back: the only way to learn which case it is about.
    Open {
        /// Why.
        reason: Personal<String>,
    },
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingEvent {
    /// 评价.
    Rated(Box<Rate>),
    /// Supervision opened it.
    Opened {
        /// Why.
        reason: Personal<String>,
    },
}

/// A rating; nothing before it was given.
#[derive(Debug, Clone, Default)]
pub struct RatingState(pub Option<Box<Rating>>);

/// A given rating.
#[derive(Debug, Clone)]
pub struct Rating {
    /// What was said.
    pub rate: Rate,
    /// When.
    pub rated_at: Timestamp,
    /// How often supervision opened it.
    pub openings: u32,
}

impl Stream for RatingStream {
    const KIND: &'static str = "rating";
    type State = RatingState;
    type Command = RatingCommand;
    type Event = RatingEvent;

    fn decide(
        state: &RatingState,
        command: &RatingCommand,
        _context: &Context<'_>,
    ) -> Result<Vec<RatingEvent>, Rejection> {
        match (command, &state.0) {
            (RatingCommand::Rate(_), Some(_)) => Err(Rejection::new(
                "rated_before",
                "这次服务已经评价过了，谢谢您。",
            )),
            (RatingCommand::Rate(rate), None) => {
                check(rate)?;
                Ok(vec![RatingEvent::Rated(rate.clone())])
            }
            (RatingCommand::Open { .. }, None) => {
                Err(Rejection::new("rating_unknown", "没有这条评价。"))
            }
            (RatingCommand::Open { reason }, Some(rating)) => open(rating, reason),
        }
    }

    fn apply(state: &mut RatingState, event: &RatingEvent, at: Timestamp) {
        match event {
            RatingEvent::Rated(rate) => {
                state.0 = Some(Box::new(Rating {
                    rate: rate.as_ref().clone(),
                    rated_at: at,
                    openings: 0,
                }));
            }
            RatingEvent::Opened { .. } => {
                if let Some(rating) = state.0.as_deref_mut() {
                    rating.openings += 1;
                }
            }
        }
    }
}

fn check(rate: &Rate) -> Result<(), Rejection> {
    let mut seen = rate.labels.clone();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() != rate.labels.len() || rate.labels.len() > LABELS_MAX {
        return Err(
            Rejection::new("labels_twice", "同一个选项只能选一次，请重新勾选。").at("labels"),
        );
    }
    if rate
        .labels
        .iter()
        .any(|label| grade_of(*label) != Some(rate.grade))
    {
        return Err(Rejection::new(
            "label_of_other_grade",
            "有选项不属于您选的满意程度，请重新勾选。",
        )
        .at("labels"));
    }
    let length = rate
        .text
        .as_ref()
        .map_or(0, |text| text.text().chars().count());
    if length > TEXT_CHARACTERS_MAX {
        return Err(Rejection::new("text_too_long", "最多写500字，请删减后再提交。").at("text"));
    }
    Ok(())
}

fn open(rating: &Rating, reason: &Personal<String>) -> Result<Vec<RatingEvent>, Rejection> {
    if !rating.rate.grade.is_bad_review() {
        return Err(Rejection::new(
            "rating_not_bad",
            "只有差评可以由监督岗位打开回访，评价人的身份受保护。",
        ));
    }
    let length = reason.text().trim().chars().count();
    if length == 0 || length > REASON_CHARACTERS_MAX {
        return Err(Rejection::new(
            "reason",
            "请写明打开这条差评的理由（1至200字），会记入账本。",
        )
        .at("reason"));
    }
    Ok(vec![RatingEvent::Opened {
        reason: reason.clone(),
    }])
}
