//! The occasions on which a person is told something: how each goes out and what its text may name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TemplateText;
use crate::model::{MessageChannel, Parameter, defaults};

/// The occasions on which a person is told something.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TemplateName {
    /// 收件.
    CaseReceived,
    /// 补正告知.
    CaseCorrection,
    /// 受理.
    CaseAccepted,
    /// 容缺受理.
    CaseAcceptedConditionally,
    /// 不予受理.
    CaseNotAccepted,
    /// 转办.
    CaseTransferred,
    /// 特别程序开始.
    CaseClockStopped,
    /// 特别程序结束.
    CaseClockResumed,
    /// 延长审批期限.
    CaseExtended,
    /// 工作日历更新，办结日期改变.
    CaseDeadlineMoved,
    /// 补正期限将到.
    CaseCorrectionReminder,
    /// 容缺补交期限将到.
    CaseSupplementReminder,
    /// 准予.
    CaseGranted,
    /// 不予.
    CaseRefused,
    /// 证照已制作.
    CaseLicenceIssued,
    /// 送达办结，请评价.
    CaseDelivered,
    /// 撤回.
    CaseWithdrawn,
    /// 终止.
    CaseTerminated,
    /// 工作人员留言.
    CaseReply,
    /// 流程中的通知.
    CaseProcess,
    /// 证照注销.
    LicenceRevoked,
    /// 副本换发正本.
    LicenceOriginal,
    /// 记入失信名单.
    CreditRecorded,
    /// 信用修复.
    CreditRepaired,
    /// 不予修复.
    CreditDeclined,
    /// 联合踏勘或验收的时间.
    JointArranged,
    /// 联合踏勘或验收取消.
    JointCancelled,
    /// 踏勘或验收后需要整改.
    JointRectify,
    /// 一件事中的一项没有开办.
    JointPartEnded,
    /// 监管任务待签收; to staff of the department that supervises.
    SupervisionArrived,
    /// 核查不属实，请处理; to staff of whoever decided.
    SupervisionReturned,
    /// 监管任务快到期; to staff.
    SupervisionDueSoon,
    /// 监管任务已超期; to staff.
    SupervisionOverdue,
    /// 监察线索交办；to whom it concerns; to staff.
    FindingNotified,
    /// 要求整改; to staff.
    FindingRectify,
    /// 说明或整改快到期; to staff.
    FindingDueSoon,
    /// 说明或整改已超期; to staff.
    FindingOverdue,
    /// 认定并办结; to staff.
    FindingClosed,
}

impl TemplateName {
    /// All occasions, in the order of a case's life.
    pub const ALL: [Self; 38] = [
        Self::CaseReceived,
        Self::CaseCorrection,
        Self::CaseAccepted,
        Self::CaseAcceptedConditionally,
        Self::CaseNotAccepted,
        Self::CaseTransferred,
        Self::CaseClockStopped,
        Self::CaseClockResumed,
        Self::CaseExtended,
        Self::CaseDeadlineMoved,
        Self::CaseCorrectionReminder,
        Self::CaseSupplementReminder,
        Self::CaseGranted,
        Self::CaseRefused,
        Self::CaseLicenceIssued,
        Self::CaseDelivered,
        Self::CaseWithdrawn,
        Self::CaseTerminated,
        Self::CaseReply,
        Self::CaseProcess,
        Self::LicenceRevoked,
        Self::LicenceOriginal,
        Self::CreditRecorded,
        Self::CreditRepaired,
        Self::CreditDeclined,
        Self::JointArranged,
        Self::JointCancelled,
        Self::JointRectify,
        Self::JointPartEnded,
        Self::SupervisionArrived,
        Self::SupervisionReturned,
        Self::SupervisionDueSoon,
        Self::SupervisionOverdue,
        Self::FindingNotified,
        Self::FindingRectify,
        Self::FindingDueSoon,
        Self::FindingOverdue,
        Self::FindingClosed,
    ];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CaseReceived => "case_received",
            Self::CaseCorrection => "case_correction",
            Self::CaseAccepted => "case_accepted",
            Self::CaseAcceptedConditionally => "case_accepted_conditionally",
            Self::CaseNotAccepted => "case_not_accepted",
            Self::CaseTransferred => "case_transferred",
            Self::CaseClockStopped => "case_clock_stopped",
            Self::CaseClockResumed => "case_clock_resumed",
            Self::CaseExtended => "case_extended",
            Self::CaseDeadlineMoved => "case_deadline_moved",
            Self::CaseCorrectionReminder => "case_correction_reminder",
            Self::CaseSupplementReminder => "case_supplement_reminder",
            Self::CaseGranted => "case_granted",
            Self::CaseRefused => "case_refused",
            Self::CaseLicenceIssued => "case_licence_issued",
            Self::CaseDelivered => "case_delivered",
            Self::CaseWithdrawn => "case_withdrawn",
            Self::CaseTerminated => "case_terminated",
            Self::CaseReply => "case_reply",
            Self::CaseProcess => "case_process",
            Self::LicenceRevoked => "licence_revoked",
            Self::LicenceOriginal => "licence_original",
            Self::CreditRecorded => "credit_recorded",
            Self::CreditRepaired => "credit_repaired",
            Self::CreditDeclined => "credit_declined",
            Self::JointArranged => "joint_arranged",
            Self::JointCancelled => "joint_cancelled",
            Self::JointRectify => "joint_rectify",
            Self::JointPartEnded => "joint_part_ended",
            Self::SupervisionArrived => "supervision_arrived",
            Self::SupervisionReturned => "supervision_returned",
            Self::SupervisionDueSoon => "supervision_due_soon",
            Self::SupervisionOverdue => "supervision_overdue",
            Self::FindingNotified => "finding_notified",
            Self::FindingRectify => "finding_rectify",
            Self::FindingDueSoon => "finding_due_soon",
            Self::FindingOverdue => "finding_overdue",
            Self::FindingClosed => "finding_closed",
        }
    }

    /// The occasion in words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::CaseReceived => "收到申请",
            Self::CaseCorrection => "需要补正",
            Self::CaseAccepted => "受理",
            Self::CaseAcceptedConditionally => "容缺受理",
            Self::CaseNotAccepted => "不予受理",
            Self::CaseTransferred => "转由其他单位办理",
            Self::CaseClockStopped => "特别程序开始",
            Self::CaseClockResumed => "特别程序结束",
            Self::CaseExtended => "延长审批期限",
            Self::CaseDeadlineMoved => "办结日期调整",
            Self::CaseCorrectionReminder => "补正提醒",
            Self::CaseSupplementReminder => "容缺补交提醒",
            Self::CaseGranted => "准予",
            Self::CaseRefused => "不予",
            Self::CaseLicenceIssued => "证照已制作",
            Self::CaseDelivered => "送达办结，邀请评价",
            Self::CaseWithdrawn => "撤回",
            Self::CaseTerminated => "终止办理",
            Self::CaseReply => "工作人员留言",
            Self::CaseProcess => "流程中的通知",
            Self::LicenceRevoked => "证照注销",
            Self::LicenceOriginal => "核查属实，发正本",
            Self::CreditRecorded => "记入失信名单",
            Self::CreditRepaired => "信用修复",
            Self::CreditDeclined => "不予修复",
            Self::JointArranged => "联合踏勘或验收的时间",
            Self::JointCancelled => "联合踏勘或验收取消",
            Self::JointRectify => "踏勘或验收后需要整改",
            Self::JointPartEnded => "一件事中的一项没有开办",
            Self::SupervisionArrived => "工作人员：监管任务待签收",
            Self::SupervisionReturned => "工作人员：核查不属实，请处理",
            Self::SupervisionDueSoon => "工作人员：监管任务快到期",
            Self::SupervisionOverdue => "工作人员：监管任务已超期",
            Self::FindingNotified => "工作人员：监察线索要说明",
            Self::FindingRectify => "工作人员：监察线索要整改",
            Self::FindingDueSoon => "工作人员：监察线索快到期",
            Self::FindingOverdue => "工作人员：监察线索已超期",
            Self::FindingClosed => "工作人员：监察线索已认定",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.code() == code)
    }

    /// How the message goes out. The inbox has all; a phone rings only for what the person must know or do.
    pub const fn channels(self) -> &'static [MessageChannel] {
        match self {
            Self::CaseTransferred | Self::CaseClockResumed | Self::CaseWithdrawn => {
                &[MessageChannel::Inbox, MessageChannel::Email]
            }
            // What only arrives or ends staff learn at their desk; the phone rings for what they must explain, mend or finish.
            Self::SupervisionArrived | Self::FindingClosed => &[MessageChannel::Inbox],
            Self::SupervisionReturned
            | Self::SupervisionDueSoon
            | Self::SupervisionOverdue
            | Self::FindingNotified
            | Self::FindingRectify
            | Self::FindingDueSoon
            | Self::FindingOverdue => &[MessageChannel::Inbox, MessageChannel::Sms],
            _ => &MessageChannel::ALL,
        }
    }

    /// What its text may name besides [`Parameter::COMMON`].
    pub const fn parameters(self) -> &'static [Parameter] {
        use Parameter as P;
        match self {
            Self::CaseReceived => &[P::Item, P::Number, P::Code],
            Self::CaseCorrection => &[P::Item, P::Number, P::Count, P::Until, P::Notice],
            Self::CaseAccepted => &[P::Item, P::Number, P::Limit, P::Due, P::Notice],
            Self::CaseAcceptedConditionally => &[
                P::Item,
                P::Number,
                P::Limit,
                P::Due,
                P::Notice,
                P::Count,
                P::Days,
            ],
            Self::CaseNotAccepted => &[P::Item, P::Number, P::Ground, P::Notice, P::Rate],
            Self::CaseTransferred | Self::CreditRepaired | Self::CreditDeclined => {
                &[P::Item, P::Number, P::Organisation]
            }
            Self::CaseClockStopped => &[
                P::Item,
                P::Number,
                P::Procedure,
                P::Article,
                P::Days,
                P::Notice,
            ],
            Self::CaseExtended => &[P::Item, P::Number, P::Days, P::Notice, P::Before, P::Due],
            Self::CaseClockResumed | Self::CaseDeadlineMoved => {
                &[P::Item, P::Number, P::Reason, P::Before, P::Due]
            }
            Self::CaseCorrectionReminder | Self::CaseSupplementReminder => {
                &[P::Item, P::Number, P::Count, P::Until]
            }
            Self::CaseGranted => &[P::Item, P::Number, P::Notice, P::Delivery],
            Self::CaseRefused => &[P::Item, P::Number, P::Notice],
            Self::CaseLicenceIssued => &[P::Item, P::Number, P::Result, P::Delivery],
            Self::CaseDelivered => &[P::Item, P::Number, P::Delivery, P::Rate],
            Self::CaseWithdrawn | Self::CaseTerminated => &[P::Item, P::Number, P::Notice, P::Rate],
            Self::CaseReply => &[P::Item, P::Number],
            Self::CaseProcess => &[P::Item, P::Number, P::Message],
            Self::LicenceRevoked | Self::LicenceOriginal => {
                &[P::Result, P::Number, P::Organisation]
            }
            Self::CreditRecorded => &[P::Item, P::Number, P::Ground, P::Organisation],
            Self::JointArranged | Self::JointCancelled => {
                &[P::Item, P::Number, P::Procedure, P::Appointment]
            }
            Self::JointRectify => &[P::Item, P::Number, P::Procedure, P::Organisation, P::Due],
            Self::JointPartEnded => &[P::Item, P::Number, P::Result],
            of_staff => of_staff.parameters_for_staff(),
        }
    }

    /// The same of what staff are told.
    const fn parameters_for_staff(self) -> &'static [Parameter] {
        use Parameter as P;
        match self {
            Self::SupervisionArrived | Self::SupervisionReturned => {
                &[P::Item, P::Number, P::Organisation, P::Due, P::Page]
            }
            Self::SupervisionDueSoon | Self::SupervisionOverdue => {
                &[P::Item, P::Number, P::Due, P::Deed, P::Page]
            }
            Self::FindingNotified | Self::FindingRectify => {
                &[P::Violation, P::Organisation, P::Due, P::Page]
            }
            Self::FindingDueSoon | Self::FindingOverdue => {
                &[P::Violation, P::Organisation, P::Due, P::Deed, P::Page]
            }
            Self::FindingClosed => &[P::Violation, P::Organisation, P::Result, P::Page],
            _ => &[],
        }
    }

    /// Whether a text of this message may name a parameter.
    pub fn may_name(self, parameter: Parameter) -> bool {
        self.parameters().contains(&parameter) || Parameter::COMMON.contains(&parameter)
    }

    /// The text that holds until an administrator writes another.
    pub fn default_text(self) -> TemplateText {
        defaults::text(self)
    }
}
