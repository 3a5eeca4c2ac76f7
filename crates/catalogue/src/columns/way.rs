//! In which ways an item can be handled, what people call it, and the review fields of the power list.

use wuchuang_codes::HandlingForm;

use super::{Column, Input, lines, number, short, words};
use crate::{
    exchange::Departments,
    model::{DeliveryMethod, ItemContent, OnlineDepth, SupervisedItem, Tag},
};

/// In which ways it can be handled.
pub(super) fn way_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        many(tags as Tag) "标签", "tags", 20.0, "马上办、网上办、就近办、一次办";
        yes_no(without_meeting.apply) "不见面申请", "without_meeting.apply", 12.0, "是、否";
        yes_no(without_meeting.review) "不见面审批", "without_meeting.review", 12.0, "是、否";
        yes_no(without_meeting.deliver) "不见面送达", "without_meeting", 12.0, "是、否";
        number(max_visits) "到现场次数", "max_visits", 10.0, "0 表示不用到场";
        one(online_depth as OnlineDepth) "网上办理深度", "online_depth", 12.0, "信息公开、网上预约、网上预审、全程网办";
        text(cross_region_scope) "通办范围", "cross_region_scope", 12.0, "全县通办、跨省通办……";
        many(handling_forms as HandlingForm) "办理形式", "handling_forms", 24.0, "窗口办理、电脑端办理、移动端办理、快递办理";
        many(delivery_methods as DeliveryMethod) "送达方式", "delivery_methods", 20.0, "窗口领取、邮寄、电子送达";
        yes_no(conditional_acceptance_allowed) "允许容缺受理", "conditional_acceptance_allowed", 12.0, "是、否";
        yes_no(commitment_allowed) "实行告知承诺", "commitment_allowed", 12.0, "是、否";
    } }
}

/// 审管分离: to whom what was granted is pushed, and which check follows.
pub(super) fn supervised_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        own(|item| supervised_text(item, |one| one.department.name.clone()), supervising_department, Input::Department)
            "监管部门", "supervised", 24.0, "准予后推送给谁监管；不推送的留空";
        own(|item| supervised_text(item, |one| one.acknowledge_days.to_string()), |item, text, _| number(text).map(|days| supervised(item).acknowledge_days = days), Input::Number)
            "签收时限", "supervised.acknowledge_days", 10.0, "工作日；有监管部门时填写";
        own(|item| supervised_text(item, |one| one.check.clone()), |item, text, _| { text.clone_into(&mut supervised(item).check); Ok(()) }, Input::Lines)
            "核查内容", "supervised.check", 36.0, "办结后核查什么；实行告知承诺的，作了承诺才核查；可留空";
        own(|item| supervised_text(item, |one| one.check_days.to_string()), |item, text, _| number(text).map(|days| supervised(item).check_days = days), Input::Number)
            "核查时限", "supervised.check_days", 10.0, "决定后多少个工作日内；有监管部门时填写";
        own(|item| supervised_text(item, |one| one.copy_days.map_or_else(String::new, |days| days.to_string())), copy_days, Input::Number)
            "承诺副本有效期", "supervised.copy_days", 12.0, "承诺制+副本制：作了承诺的先发副本，有效多少天，核查属实后发正本；不用的留空";
    } }
}

fn copy_days(item: &mut ItemContent, text: &str, _: &Departments) -> Result<(), String> {
    let days = match text.trim() {
        "" => None,
        text => Some(number(text)?),
    };
    // An empty cell makes no supervision of an item that has none.
    if days.is_some() || item.supervised.is_some() {
        supervised(item).copy_days = days;
    }
    Ok(())
}

fn supervised(item: &mut ItemContent) -> &mut SupervisedItem {
    item.supervised.get_or_insert_default()
}

fn supervised_text(item: &ItemContent, text: impl Fn(&SupervisedItem) -> String) -> String {
    item.supervised.as_ref().map(text).unwrap_or_default()
}

fn supervising_department(
    item: &mut ItemContent,
    text: &str,
    known: &Departments,
) -> Result<(), String> {
    supervised(item).department = known.named(text)?;
    Ok(())
}

/// What people call it, and the review fields of the power list.
pub(super) fn review_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        own(|item| item.keywords.join("、"), |item, text, _| { item.keywords = words(text); Ok(()) }, Input::Line)
            "搜索词", "keywords", 24.0, "群众常用的说法，用顿号分开";
        long(review.policy_basis) "政策依据", "review.policy_basis", 24.0, "可留空";
        long(review.prior_approvals) "前置审批", "review.prior_approvals", 24.0, "没有的留空";
        own(|item| item.accountability.join("\n"), |item, text, _| { item.accountability = lines(text); Ok(()) }, Input::Lines)
            "追责情形", "accountability", 36.0, "每行一条，写明依据；可留空";
        long(review.opinion) "审核意见", "review.opinion", 24.0, "可留空";
        text(review.reviewed_by) "审核部门", "review.reviewed_by", 16.0, "可留空";
        own(|item| item.review.reviewed_on.map(|day| day.to_string()).unwrap_or_default(), |item, text, _| reviewed_on(item, text), Input::Line)
            "审核日期", "review.reviewed_on", 12.0, "年-月-日；可留空";
        long(note) "备注", "note", 24.0, "只给维护事项的人看";
    } }
}

fn reviewed_on(item: &mut ItemContent, text: &str) -> Result<(), String> {
    let day = text.trim().parse();
    item.review.reviewed_on =
        Some(day.map_err(|_| format!("“{}”不是日期，请写成 2026-11-22。", short(text)))?);
    Ok(())
}
