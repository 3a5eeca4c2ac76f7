//! Sheets 步骤 and 特别程序.

use wuchuang_calendar::StopKind;
use wuchuang_kernel::Role;

use super::{Column, Input, one_of};
use crate::model::{ItemSpecialProcedure, ItemStep};

/// Sheet 步骤.
pub(super) fn step_columns() -> Vec<Column<ItemStep>> {
    columns! { ItemStep {
        code(id) "步骤标识", "id", 10.0, "小写字母和数字，例如 review；留空自动编";
        text(name) "步骤名称", "name", 20.0, "例如“审查”“现场核查”";
        number_or_none(limit_days) "时限（工作日）", "limit_days", 14.0, "没有单独时限的留空";
        own(|one| one.role.name().to_owned(), |one, text, _| role(one, text), Input::One(|| Role::ALL.map(Role::name).to_vec()))
            "岗位", "role", 12.0, "审查、审批、窗口受理";
    } }
}

fn role(step: &mut ItemStep, text: &str) -> Result<(), String> {
    let found = Role::ALL
        .into_iter()
        .find(|role| role.name() == text.trim());
    step.role = one_of(text, found, &Role::ALL.map(Role::name))?;
    Ok(())
}

/// Sheet 特别程序.
pub(super) fn procedure_columns() -> Vec<Column<ItemSpecialProcedure>> {
    columns! { ItemSpecialProcedure {
        text(name) "程序名称", "name", 20.0, "例如“现场核查”“专家评审”";
        own(written_stop, |one, text, _| { stop(one, text); Ok(()) }, Input::Line)
            "不计时限依据", "stop", 32.0, "时间不计入时限的，写法律和条款；计入的留空";
        number_or_none(days) "天数", "days", 8.0, "不确定的留空";
        yes_no(calendar_days) "自然日", "calendar_days", 8.0, "天数是自然日填“是”，工作日填“否”";
        text(basis) "设定依据", "basis", 32.0, "可留空";
        yes_no(charged) "收费", "charged", 8.0, "是、否";
    } }
}

fn written_stop(procedure: &ItemSpecialProcedure) -> String {
    procedure
        .stop
        .as_ref()
        .map(|stop| stop.article().to_owned())
        .unwrap_or_default()
}

fn stop(procedure: &mut ItemSpecialProcedure, text: &str) {
    let known = StopKind::ARTICLE_45
        .into_iter()
        .find(|kind| kind.name() == procedure.name && kind.article() == text);
    procedure.stop = Some(known.unwrap_or_else(|| StopKind::OtherLaw {
        name: procedure.name.clone(),
        article: text.to_owned(),
    }));
}
