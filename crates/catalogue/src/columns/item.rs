//! The elements that an item has once: identity, limits, and what its guide says.

use wuchuang_codes::{ExerciseLevel, HandlingKind, ItemType, ServiceObject};

use super::{
    Column, Input, extension, item_type, lines, named, names, number, place, unit,
    way::{review_columns, supervised_columns, way_columns},
};
use crate::{
    exchange::Departments,
    model::{ItemContent, LimitUnit},
};

/// All columns of sheet 事项.
pub(crate) fn item_columns() -> Vec<Column<ItemContent>> {
    let mut columns = identity_columns();
    columns.extend(limit_columns());
    columns.extend(guide_columns());
    columns
}

/// What the item is.
pub(crate) fn identity_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        text(name) "事项名称", "name", 32.0, "必填，最多 100 字";
        code(national_code) "国家编码", "national_code", 20.0, "12、14、31 或 33 位；没有的留空";
        code(local_code) "地方编码", "local_code", 16.0, "本地自编的编码；可留空";
        own(|item| item.item_type.name().to_owned(), |item, text, _| kind(item, text), Input::One(|| ItemType::NATIONAL.map(ItemType::name).to_vec()))
            "事项类型", "item_type", 12.0, "行政许可、公共服务……";
        one(exercise_level as ExerciseLevel) "行使层级", "exercise_level", 14.0, "县级、镇（乡、街道）级、村（社区）级……";
        many(service_objects as ServiceObject) "服务对象", "service_objects", 16.0, "用顿号分开";
        own(|item| item.department.name.clone(), department, Input::Department)
            "实施主体", "department", 24.0, "部门全称，与机构表一致";
        own(|item| item.handling.name().to_owned(), |item, text, _| handling(item, text), Input::One(|| names(&HandlingKind::ALL[..4], HandlingKind::name)))
            "办件类型", "handling", 10.0, "即办件、承诺件、联办件、上报件";
    } }
}

fn kind(item: &mut ItemContent, text: &str) -> Result<(), String> {
    // A provincial extension has a general name, so its number is kept as it is.
    if text != item.item_type.name() {
        item.item_type = item_type(text)?;
    }
    Ok(())
}

fn handling(item: &mut ItemContent, text: &str) -> Result<(), String> {
    item.handling = named(
        text,
        HandlingKind::ALL,
        HandlingKind::name,
        HandlingKind::code,
    )?;
    Ok(())
}

fn department(item: &mut ItemContent, text: &str, known: &Departments) -> Result<(), String> {
    item.department = known.named(text)?;
    Ok(())
}

/// Its time limits.
pub(crate) fn limit_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        number(statutory_limit.value) "法定时限", "statutory_limit", 9.0, "天数；当场填 0";
        own(|item| item.statutory_limit.unit.name().to_owned(), statutory_unit, Input::One(|| LimitUnit::ALL.map(LimitUnit::name).to_vec()))
            "法定时限单位", "statutory_limit.unit", 12.0, "工作日、自然日、当场";
        text(statutory_limit.note) "法定时限说明", "statutory_limit.note", 24.0, "可留空";
        number(promised_limit.value) "承诺时限", "promised_limit", 9.0, "天数，不长于法定；当场填 0";
        own(|item| item.promised_limit.unit.name().to_owned(), promised_unit, Input::One(|| LimitUnit::ALL.map(LimitUnit::name).to_vec()))
            "承诺时限单位", "promised_limit.unit", 12.0, "工作日、自然日、当场";
        text(promised_limit.note) "承诺时限说明", "promised_limit.note", 24.0, "可留空";
        own(extension_days, |item, text, _| number(text).map(|days| extension(item).days_max = days), Input::Number)
            "可延长天数", "extension", 10.0, "不能延长的留空";
        own(extension_article, |item, text, _| { text.clone_into(&mut extension(item).article); Ok(()) }, Input::Line)
            "延长依据", "extension.article", 24.0, "法律和条款";
        own(extension_note, |item, text, _| { text.clone_into(&mut extension(item).note); Ok(()) }, Input::Line)
            "延长说明", "extension.note", 16.0, "什么情况可延长";
    } }
}

fn statutory_unit(item: &mut ItemContent, text: &str, _: &Departments) -> Result<(), String> {
    item.statutory_limit.unit = unit(text)?;
    Ok(())
}

fn promised_unit(item: &mut ItemContent, text: &str, _: &Departments) -> Result<(), String> {
    item.promised_limit.unit = unit(text)?;
    Ok(())
}

fn extension_days(item: &ItemContent) -> String {
    let terms = item.extension.as_ref();
    terms
        .map(|terms| terms.days_max.to_string())
        .unwrap_or_default()
}

fn extension_article(item: &ItemContent) -> String {
    let terms = item.extension.as_ref();
    terms.map(|terms| terms.article.clone()).unwrap_or_default()
}

fn extension_note(item: &ItemContent) -> String {
    let terms = item.extension.as_ref();
    terms.map(|terms| terms.note.clone()).unwrap_or_default()
}

/// What its guide says, and the review fields.
pub(crate) fn guide_columns() -> Vec<Column<ItemContent>> {
    let mut columns = place_columns();
    columns.extend(result_columns());
    columns.extend(way_columns());
    columns.extend(supervised_columns());
    columns.extend(review_columns());
    columns
}

/// Under which conditions, where and when.
fn place_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        own(|item| item.conditions.join("\n"), |item, text, _| { item.conditions = lines(text); Ok(()) }, Input::Lines)
            "受理条件", "conditions", 36.0, "每行一条";
        long(process) "办理流程", "process", 24.0, "可留空，指南按步骤写出";
        own(written_places, |item, text, _| { item.places = lines(text).iter().map(|line| place(line)).collect(); Ok(()) }, Input::Lines)
            "办理地点", "places", 32.0, "每行一处：名称｜地址";
        text(office_hours) "办理时间", "office_hours", 24.0, "可留空";
        text(phone) "咨询电话", "phone", 16.0, "可留空";
        text(complaint_phone) "监督投诉电话", "complaint_phone", 16.0, "可留空";
    } }
}

fn written_places(item: &ItemContent) -> String {
    let places = item.places.iter().map(|place| {
        if place.address.is_empty() {
            place.name.clone()
        } else {
            format!("{}｜{}", place.name, place.address)
        }
    });
    places.collect::<Vec<_>>().join("\n")
}

/// What it costs and gives.
fn result_columns() -> Vec<Column<ItemContent>> {
    columns! { ItemContent {
        yes_no(fee.charged) "是否收费", "fee", 9.0, "是、否；收费项目写在“收费”表";
        text(fee.note) "收费说明", "fee.note", 16.0, "可留空";
        text(result.name) "审批结果", "result.name", 24.0, "例如“食品经营许可证”";
        text_or_none(result.licence_type) "证照类型", "result.licence_type", 24.0, "发证照的填证照类型；不发的留空";
        text(result.validity) "结果有效期", "result.validity", 12.0, "例如“5年”“长期”";
    } }
}
