//! Why a clock refuses to move. `Display` is for logs, `explain` for the person at the desk.

use jiff::civil::Date;
use thiserror::Error;

use super::limit::Limit;
use super::stop::StopKind;

/// Longest free text inside a clock, in characters.
pub(super) const TEXT_CHARACTERS_MAX: usize = 500;

/// A refused change of a [`super::Clock`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClockError {
    /// The case has ended.
    #[error("the clock has finished")]
    Finished,
    /// The clock is stopped already.
    #[error("the clock is stopped already")]
    AlreadyStopped {
        /// The procedure under way.
        kind: StopKind,
    },
    /// The clock is not stopped.
    #[error("the clock is not stopped")]
    NotStopped,
    /// The change lies before an earlier change.
    #[error("the change lies before an earlier change of the same clock")]
    OutOfOrder,
    /// The applicant was not told in writing before the stop.
    #[error("the applicant was told after the stop began")]
    NotToldInWriting,
    /// The time needed is zero or longer than a year.
    #[error("the time needed by the procedure is out of range")]
    ExpectedDays,
    /// An on-the-spot item cannot stop or be extended.
    #[error("an on-the-spot item has no time to stop or extend")]
    OnTheSpot,
    /// The item knows no extension.
    #[error("the rule knows no extension")]
    ExtensionNotProvided,
    /// Extended once already.
    #[error("the clock was extended before")]
    ExtendedBefore,
    /// More than the cap, or zero.
    #[error("an extension of {amount} exceeds the cap of {cap}")]
    ExtensionCap {
        /// What was asked for.
        amount: u16,
        /// The most allowed.
        cap: u16,
        /// Law and article.
        article: String,
    },
    /// The statutory limit has run out; an extension must be allowed before.
    #[error("the statutory limit ran out on {due}")]
    ExtensionTooLate {
        /// The last day.
        due: Date,
    },
    /// The promised limit is longer than the statutory one.
    #[error("the promised limit is longer than the statutory limit")]
    PromiseLongerThanLaw {
        /// 承诺时限.
        promised: Limit,
        /// 法定时限.
        statutory: Limit,
    },
    /// A limit above [`Limit::AMOUNT_MAX`].
    #[error("the limit is too long")]
    LimitTooLong {
        /// The limit.
        limit: Limit,
    },
    /// A required text is empty or too long.
    #[error("a text is empty or longer than 500 characters")]
    Text {
        /// Name of the field.
        field: &'static str,
    },
    /// The supplement's time is longer than the promised limit or in another unit.
    #[error("the supplement's limit exceeds the promised limit")]
    SupplementTooLong {
        /// Promised limit of the case.
        promised: Limit,
    },
    /// A supplement is owed already.
    #[error("a supplement was promised before")]
    SupplementPromisedBefore,
    /// No supplement is owed, or it has arrived.
    #[error("no supplement is owed")]
    NoSupplementOwed,
    /// The supplement names no material, or too many.
    #[error("a supplement needs 1 to 50 materials")]
    SupplementMaterials,
    /// The step runs already.
    #[error("the step runs already")]
    StepRuns {
        /// Key of the step.
        step: String,
    },
    /// The step does not run.
    #[error("the step does not run")]
    StepNotRunning {
        /// Key of the step.
        step: String,
    },
    /// More stops or step runs than a clock keeps.
    #[error("the clock holds too many entries")]
    TooMany,
}

impl ClockError {
    /// The rule and the way out.
    pub fn explain(&self) -> String {
        match self {
            Self::Finished => "办件已办结，时限不能再变动。".to_owned(),
            Self::AlreadyStopped { kind } => format!("时限已因“{}”暂停。请先恢复计时，再启动新的特别程序。", kind.name()),
            Self::NotStopped => "时限没有暂停，无需恢复。请刷新页面查看最新状态。".to_owned(),
            Self::OutOfOrder => "时间早于本办件上一次时限变动。请核对时间；时限变动不能倒填。".to_owned(),
            Self::NotToldInWriting => {
                "书面告知申请人之前不能停止计时（《行政许可法》第四十五条）。请先送达特别程序告知书。".to_owned()
            }
            Self::ExpectedDays => "特别程序所需时间应为 1 至 366 个工作日。请填写告知书上的时间。".to_owned(),
            Self::OnTheSpot => "当场办结的事项不能暂停或延长。确需更长时间的，请在事项目录中修改办理时限。".to_owned(),
            Self::ExtensionNotProvided => "该事项没有延长办理的法律依据，不能延长。请在期限内作出决定。".to_owned(),
            Self::ExtendedBefore => "办理期限只能延长一次，本办件已延长过。请在期限内作出决定。".to_owned(),
            Self::ExtensionCap { amount, cap, article } => {
                format!("不能延长 {amount} 日：依据{article}，延长应为 1 至 {cap} 日。请修改天数。")
            }
            Self::ExtensionTooLate { due } => {
                format!("法定期限已于 {due} 届满，届满后不能再延长。请尽快作出决定，并说明超期原因。")
            }
            Self::PromiseLongerThanLaw { promised, statutory } => {
                format!("承诺时限（{}）不能长于法定时限（{}）。请缩短承诺时限。", promised.text(), statutory.text())
            }
            Self::LimitTooLong { limit } => {
                format!("时限 {} 过长，最多 {}。请检查数字和单位。", limit.text(), Limit::AMOUNT_MAX)
            }
            Self::Text { field } => format!("“{field}”必须填写，且不超过 {TEXT_CHARACTERS_MAX} 字。"),
            Self::SupplementTooLong { promised } => {
                format!("容缺补交期限不能为零，不能长于承诺时限（{}），单位须相同。请缩短补交期限。", promised.text())
            }
            Self::SupplementPromisedBefore => "本办件已作过容缺承诺。请把所缺材料写在同一份承诺书中。".to_owned(),
            Self::NoSupplementOwed => "本办件没有待补交的容缺材料。请刷新页面查看最新状态。".to_owned(),
            Self::SupplementMaterials => "请列出 1 至 50 项容缺材料。".to_owned(),
            Self::StepRuns { step } => format!("环节“{step}”正在办理中，不能重复开始。"),
            Self::StepNotRunning { step } => format!("环节“{step}”不在办理中。请刷新页面查看最新状态。"),
            Self::TooMany => "本办件的暂停或环节记录过多。请联系系统管理员检查流程。".to_owned(),
        }
    }
}

/// A refused change of a [`super::ReceiptClock`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// Accepted, refused or withdrawn already.
    #[error("the receipt has been concluded")]
    Concluded,
    /// The window ran out without a notice: the case is accepted.
    #[error("the case is deemed accepted as of {accepted_on}")]
    DeemedAccepted {
        /// Day of receipt, from which the case counts as accepted.
        accepted_on: Date,
        /// Last day on which defects could have been told.
        window_ended_on: Date,
    },
    /// A second notice before the applicant has answered the first.
    #[error("the applicant has not answered the correction notice")]
    WaitingForApplicant,
    /// No correction was asked for.
    #[error("no correction was asked for")]
    NoCorrectionAsked,
    /// A notice without a defect, or with too many.
    #[error("a correction notice needs 1 to 100 defects")]
    DefectCount,
    /// A defect that the first notice did not name.
    #[error("the defect was not named in the first notice")]
    NewDefect {
        /// Key of the defect.
        defect: String,
    },
    /// The change lies before an earlier change.
    #[error("the change lies before an earlier change of the same receipt")]
    OutOfOrder,
    /// The window is zero or longer than the law allows.
    #[error("the window must be 1 to 20 working days")]
    Window,
    /// A required text is empty or too long.
    #[error("a text is empty or longer than 500 characters")]
    Text,
    /// More rounds of correction than a case may have.
    #[error("too many rounds of correction")]
    TooManyRounds,
}

impl ReceiptError {
    /// The rule and the way out.
    pub fn explain(&self) -> String {
        match self {
            Self::Concluded => "收件环节已结束，不能再变动。请刷新页面查看最新状态。".to_owned(),
            Self::DeemedAccepted {
                accepted_on,
                window_ended_on,
            } => format!(
                "补正告知期限已于 {window_ended_on} 届满，未告知，依《行政许可法》第三十二条，自 {accepted_on} 收到材料之日起即为受理。请按受理办理。"
            ),
            Self::WaitingForApplicant => {
                "已发出补正告知，申请人尚未补正，不能再次告知。补正内容须一次告知。".to_owned()
            }
            Self::NoCorrectionAsked => "没有待补正的告知。请刷新页面查看最新状态。".to_owned(),
            Self::DefectCount => "请一次列出全部需要补正的内容（1 至 100 项）。".to_owned(),
            Self::NewDefect { defect } => format!(
                "“{defect}”不在首次补正告知书中。补正须一次告知全部内容（《行政许可法》第三十二条），不能新增；请只保留仍未补正的内容，或予以受理。"
            ),
            Self::OutOfOrder => "时间早于上一次变动。请核对时间；收件记录不能倒填。".to_owned(),
            Self::Window => {
                "补正告知期限应为 1 至 20 个工作日（行政许可为 5 个工作日）。".to_owned()
            }
            Self::Text => format!("补正内容不能为空，每项不超过 {TEXT_CHARACTERS_MAX} 字。"),
            Self::TooManyRounds => "补正次数过多。请作出受理或不予受理决定。".to_owned(),
        }
    }
}

/// A text that must be filled in and has a limit.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<(), ClockError> {
    if text_is_valid(text) {
        Ok(())
    } else {
        Err(ClockError::Text { field })
    }
}

/// Not blank, not too long.
pub(super) fn text_is_valid(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TEXT_CHARACTERS_MAX
}
