//! The closed list of documents this house issues, with the file name a county overrides.

use serde::{Deserialize, Serialize};

/// A kind of document. Each has a typst file in `assets/documents/`, which a county may replace by a file of the same
/// name in its own folder, and a data struct in [`crate::data`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentTemplate {
    /// 申请表: what the applicant answered, to be read and signed.
    ApplicationForm,
    /// 收件凭证: proof that materials were handed in, on an 80 mm roll.
    Receipt,
    /// 受理通知书 (行政许可法 art. 32).
    Acceptance,
    /// 一次性补正告知书: all defects at once (行政许可法 art. 32(1)(4)).
    Correction,
    /// 不予受理决定书, with reason and remedies.
    NotAccepted,
    /// 容缺受理通知书: accepted although secondary materials follow.
    Conditional,
    /// 特别程序告知书: time that is not counted (行政许可法 art. 45).
    SpecialProcedure,
    /// 延长审批期限告知书 (行政许可法 art. 42).
    Extension,
    /// 准予决定书.
    DecisionGranted,
    /// 不予决定书, with reason and remedies (行政许可法 art. 38).
    DecisionRefused,
    /// 送达回证: proof of delivery, signed by the recipient.
    Delivery,
    /// 终止办理决定书, with reason, basis and remedies.
    Termination,
    /// 撤回申请确认书.
    Withdrawal,
    /// 取证单: slip to collect a licence, on an 80 mm roll.
    Pickup,
    /// 补正材料收件凭证 and 补交材料收件凭证: proof that later papers were handed in, on an 80 mm roll.
    Supplied,
    /// 办结凭条: what ended how, with the code that rates the service, on an 80 mm roll.
    Closing,
    /// 一次性告知单 of a service item.
    OneTimeNotice,
    /// 便民服务手册: the guides of one organisation or of all, bound together.
    Handbook,
    /// A generic licence certificate, A4 landscape.
    Certificate,
    /// 联合踏勘笔录 and 联合验收笔录: what several departments found together on the spot.
    Inspection,
}

impl DocumentTemplate {
    /// Every template, in the order of a case's life.
    pub const ALL: [Self; 20] = [
        Self::Handbook,
        Self::OneTimeNotice,
        Self::ApplicationForm,
        Self::Receipt,
        Self::Acceptance,
        Self::Correction,
        Self::Supplied,
        Self::NotAccepted,
        Self::Conditional,
        Self::SpecialProcedure,
        Self::Extension,
        Self::Inspection,
        Self::DecisionGranted,
        Self::DecisionRefused,
        Self::Termination,
        Self::Withdrawal,
        Self::Certificate,
        Self::Pickup,
        Self::Delivery,
        Self::Closing,
    ];

    /// The name used in addresses, configuration and file names (`not_accepted`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApplicationForm => "application_form",
            Self::Receipt => "receipt",
            Self::Acceptance => "acceptance",
            Self::Correction => "correction",
            Self::NotAccepted => "not_accepted",
            Self::Conditional => "conditional",
            Self::SpecialProcedure => "special_procedure",
            Self::Extension => "extension",
            Self::DecisionGranted => "decision_granted",
            Self::DecisionRefused => "decision_refused",
            Self::Delivery => "delivery",
            Self::Termination => "termination",
            Self::Withdrawal => "withdrawal",
            Self::Pickup => "pickup",
            Self::Supplied => "supplied",
            Self::Closing => "closing",
            Self::OneTimeNotice => "one_time_notice",
            Self::Handbook => "handbook",
            Self::Certificate => "certificate",
            Self::Inspection => "inspection",
        }
    }

    /// The typst file of this template (`not_accepted.typ`).
    pub fn file_name(self) -> String {
        format!("{}.typ", self.name())
    }

    /// What people call the document (不予受理决定书).
    pub const fn title(self) -> &'static str {
        match self {
            Self::ApplicationForm => "申请表",
            Self::Receipt => "收件凭证",
            Self::Acceptance => "受理通知书",
            Self::Correction => "申请材料补正一次性告知书",
            Self::NotAccepted => "不予受理决定书",
            Self::Conditional => "容缺受理通知书",
            Self::SpecialProcedure => "特别程序告知书",
            Self::Extension => "延长审批期限告知书",
            Self::DecisionGranted => "准予决定书",
            Self::DecisionRefused => "不予决定书",
            Self::Delivery => "送达回证",
            Self::Termination => "终止办理决定书",
            Self::Withdrawal => "撤回申请确认书",
            Self::Pickup => "取证单",
            Self::Supplied => "补交材料收件凭证",
            Self::Closing => "办结凭条",
            Self::OneTimeNotice => "一次性告知单",
            Self::Handbook => "便民服务手册",
            Self::Certificate => "证照",
            Self::Inspection => "联合踏勘验收笔录",
        }
    }
}
