//! Sheets 责任 and 监管: what the lists of duties and of supervision publish of an item.

use super::Column;
use crate::model::{Duty, DutyParty, DutyStage, SupervisionMeasure};

/// Sheet 责任.
pub(super) fn duty_columns() -> Vec<Column<Duty>> {
    columns! { Duty {
        one(party as DutyParty) "责任方", "party", 10.0, "申请人、窗口、审批、中介、主管、执法";
        text(by) "责任单位", "by", 24.0, "留空的按事项：审批是实施主体，主管、执法是监管部门";
        one(stage as DutyStage) "责任环节", "stage", 12.0, "受理、审查、决定、送达、事后监管、其他";
        long(text) "责任事项", "text", 60.0, "必填，一行一条责任";
        text(basis) "责任依据", "basis", 40.0, "法律和条款；可留空";
    } }
}

/// Sheet 监管.
pub(super) fn supervision_columns() -> Vec<Column<SupervisionMeasure>> {
    columns! { SupervisionMeasure {
        long(measure) "监管措施", "measure", 40.0, "必填，例如“现场核查”";
        text(by) "监管主体", "by", 24.0, "与实施主体相同的留空";
        text(frequency) "时间和频次", "frequency", 24.0, "可留空";
        text(basis) "监管依据", "basis", 40.0, "法律和条款；可留空";
    } }
}
