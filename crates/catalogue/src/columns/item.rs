//! The elements that an item has once: identity, limits, guide, review.

use wuchuang_codes::{ExerciseLevel, HandlingForm, HandlingKind, ItemType, ServiceObject};

use super::{
    Column, Input, column, extension, item_type, joined, lines, named, names, number, place,
    several, short, unit, words,
};
use crate::model::{DeliveryMethod, ItemContent, LimitUnit, OnlineDepth, Tag};

/// All columns of sheet 事项.
pub(crate) fn item_columns() -> Vec<Column<ItemContent>> {
    let mut columns = identity_columns();
    columns.extend(limit_columns());
    columns.extend(guide_columns());
    columns
}

/// What the item is.
pub(crate) fn identity_columns() -> Vec<Column<ItemContent>> {
    vec![
        text_column!(
            ItemContent,
            name,
            "事项名称",
            "name",
            32.0,
            "必填，最多 100 字"
        ),
        column::<ItemContent>(
            "国家编码",
            "national_code",
            20.0,
            "12、14、31 或 33 位；没有的留空",
            |item| item.national_code.clone(),
            |item, text, _| {
                item.national_code = text.trim().to_owned();
                Ok(())
            },
        ),
        column::<ItemContent>(
            "地方编码",
            "local_code",
            16.0,
            "本地自编的编码；可留空",
            |item| item.local_code.clone(),
            |item, text, _| {
                item.local_code = text.trim().to_owned();
                Ok(())
            },
        ),
        column::<ItemContent>(
            "事项类型",
            "item_type",
            12.0,
            "行政许可、公共服务……",
            |item| item.item_type.name().to_owned(),
            |item, text, _| {
                // A provincial extension has a general name, so its number is kept as it is.
                if text != item.item_type.name() {
                    item.item_type = item_type(text)?;
                }
                Ok(())
            },
        )
        .asked(Input::One(|| {
            ItemType::NATIONAL.map(ItemType::name).to_vec()
        })),
        column::<ItemContent>(
            "行使层级",
            "exercise_level",
            14.0,
            "县级、镇（乡、街道）级、村（社区）级……",
            |item| item.exercise_level.name().to_owned(),
            |item, text, _| {
                item.exercise_level = named(
                    text,
                    ExerciseLevel::ALL,
                    ExerciseLevel::name,
                    ExerciseLevel::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::One(|| {
            names(ExerciseLevel::ALL, ExerciseLevel::name)
        })),
        column::<ItemContent>(
            "服务对象",
            "service_objects",
            16.0,
            "用顿号分开",
            |item| joined(&item.service_objects, ServiceObject::name),
            |item, text, _| {
                item.service_objects = several(
                    text,
                    ServiceObject::ALL,
                    ServiceObject::name,
                    ServiceObject::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::Many(|| {
            names(ServiceObject::ALL, ServiceObject::name)
        })),
        column::<ItemContent>(
            "实施主体",
            "department",
            24.0,
            "部门全称，与机构表一致",
            |item| item.department.name.clone(),
            |item, text, known| {
                if text != item.department.name {
                    item.department = known.find(text).cloned().ok_or_else(|| {
                        format!(
                            "没有叫“{}”的部门。请用机构表里的全称，或先建机构。",
                            short(text)
                        )
                    })?;
                }
                Ok(())
            },
        )
        .asked(Input::Department),
        column::<ItemContent>(
            "办件类型",
            "handling",
            10.0,
            "即办件、承诺件、联办件、上报件",
            |item| item.handling.name().to_owned(),
            |item, text, _| {
                item.handling = named(
                    text,
                    HandlingKind::ALL,
                    HandlingKind::name,
                    HandlingKind::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::One(|| {
            names(&HandlingKind::ALL[..4], HandlingKind::name)
        })),
    ]
}

/// Its time limits.
pub(crate) fn limit_columns() -> Vec<Column<ItemContent>> {
    vec![
        column::<ItemContent>(
            "法定时限",
            "statutory_limit",
            9.0,
            "天数；当场填 0",
            |item| item.statutory_limit.value.to_string(),
            |item, text, _| {
                item.statutory_limit.value = number(text)?;
                Ok(())
            },
        )
        .asked(Input::Number),
        column::<ItemContent>(
            "法定时限单位",
            "statutory_limit.unit",
            12.0,
            "工作日、自然日、当场",
            |item| item.statutory_limit.unit.name().to_owned(),
            |item, text, _| {
                item.statutory_limit.unit = unit(text)?;
                Ok(())
            },
        )
        .asked(Input::One(|| LimitUnit::ALL.map(LimitUnit::name).to_vec())),
        text_column!(
            ItemContent,
            statutory_limit.note,
            "法定时限说明",
            "statutory_limit.note",
            24.0,
            "可留空"
        ),
        column::<ItemContent>(
            "承诺时限",
            "promised_limit",
            9.0,
            "天数，不长于法定；当场填 0",
            |item| item.promised_limit.value.to_string(),
            |item, text, _| {
                item.promised_limit.value = number(text)?;
                Ok(())
            },
        )
        .asked(Input::Number),
        column::<ItemContent>(
            "承诺时限单位",
            "promised_limit.unit",
            12.0,
            "工作日、自然日、当场",
            |item| item.promised_limit.unit.name().to_owned(),
            |item, text, _| {
                item.promised_limit.unit = unit(text)?;
                Ok(())
            },
        )
        .asked(Input::One(|| LimitUnit::ALL.map(LimitUnit::name).to_vec())),
        text_column!(
            ItemContent,
            promised_limit.note,
            "承诺时限说明",
            "promised_limit.note",
            24.0,
            "可留空"
        ),
        column::<ItemContent>(
            "可延长天数",
            "extension",
            10.0,
            "不能延长的留空",
            |item| {
                item.extension
                    .as_ref()
                    .map(|terms| terms.days_max.to_string())
                    .unwrap_or_default()
            },
            |item, text, _| {
                extension(item).days_max = number(text)?;
                Ok(())
            },
        )
        .asked(Input::Number),
        column::<ItemContent>(
            "延长依据",
            "extension.article",
            24.0,
            "法律和条款",
            |item| {
                item.extension
                    .as_ref()
                    .map(|terms| terms.article.clone())
                    .unwrap_or_default()
            },
            |item, text, _| {
                extension(item).article = text.to_owned();
                Ok(())
            },
        ),
        column::<ItemContent>(
            "延长说明",
            "extension.note",
            16.0,
            "什么情况可延长",
            |item| {
                item.extension
                    .as_ref()
                    .map(|terms| terms.note.clone())
                    .unwrap_or_default()
            },
            |item, text, _| {
                extension(item).note = text.to_owned();
                Ok(())
            },
        ),
    ]
}

/// What its guide says, and the review fields.
pub(crate) fn guide_columns() -> Vec<Column<ItemContent>> {
    let mut columns = place_columns();
    columns.extend(result_columns());
    columns.extend(way_columns());
    columns.extend(review_columns());
    columns
}

/// Under which conditions, where and when.
fn place_columns() -> Vec<Column<ItemContent>> {
    vec![
        column::<ItemContent>(
            "受理条件",
            "conditions",
            36.0,
            "每行一条",
            |item| item.conditions.join("\n"),
            |item, text, _| {
                item.conditions = lines(text);
                Ok(())
            },
        )
        .asked(Input::Lines),
        text_column!(
            ItemContent,
            process,
            "办理流程",
            "process",
            24.0,
            "可留空，指南按步骤写出"
        )
        .asked(Input::Lines),
        column::<ItemContent>(
            "办理地点",
            "places",
            32.0,
            "每行一处：名称｜地址",
            |item| {
                let places = item.places.iter().map(|place| {
                    if place.address.is_empty() {
                        place.name.clone()
                    } else {
                        format!("{}｜{}", place.name, place.address)
                    }
                });
                places.collect::<Vec<_>>().join("\n")
            },
            |item, text, _| {
                item.places = lines(text).iter().map(|line| place(line)).collect();
                Ok(())
            },
        )
        .asked(Input::Lines),
        text_column!(
            ItemContent,
            office_hours,
            "办理时间",
            "office_hours",
            24.0,
            "可留空"
        ),
        text_column!(ItemContent, phone, "咨询电话", "phone", 16.0, "可留空"),
        text_column!(
            ItemContent,
            complaint_phone,
            "监督投诉电话",
            "complaint_phone",
            16.0,
            "可留空"
        ),
    ]
}

/// What it costs and gives.
fn result_columns() -> Vec<Column<ItemContent>> {
    vec![
        yes_no_column!(
            ItemContent,
            fee.charged,
            "是否收费",
            "fee",
            9.0,
            "是、否；收费项目写在“收费”表"
        ),
        text_column!(
            ItemContent,
            fee.note,
            "收费说明",
            "fee.note",
            16.0,
            "可留空"
        ),
        text_column!(
            ItemContent,
            result.name,
            "审批结果",
            "result.name",
            24.0,
            "例如“食品经营许可证”"
        ),
        column::<ItemContent>(
            "证照类型",
            "result.licence_type",
            24.0,
            "发证照的填证照类型；不发的留空",
            |item| item.result.licence_type.clone().unwrap_or_default(),
            |item, text, _| {
                item.result.licence_type = Some(text.to_owned());
                Ok(())
            },
        ),
        text_column!(
            ItemContent,
            result.validity,
            "结果有效期",
            "result.validity",
            12.0,
            "例如“5年”“长期”"
        ),
    ]
}

/// In which ways it can be handled.
fn way_columns() -> Vec<Column<ItemContent>> {
    vec![
        column::<ItemContent>(
            "标签",
            "tags",
            20.0,
            "马上办、网上办、就近办、一次办",
            |item| joined(&item.tags, Tag::name),
            |item, text, _| {
                item.tags = several(text, Tag::ALL, Tag::name, Tag::code)?;
                Ok(())
            },
        )
        .asked(Input::Many(|| names(Tag::ALL, Tag::name))),
        yes_no_column!(
            ItemContent,
            without_meeting.apply,
            "不见面申请",
            "without_meeting.apply",
            12.0,
            "是、否"
        ),
        yes_no_column!(
            ItemContent,
            without_meeting.review,
            "不见面审批",
            "without_meeting.review",
            12.0,
            "是、否"
        ),
        yes_no_column!(
            ItemContent,
            without_meeting.deliver,
            "不见面送达",
            "without_meeting",
            12.0,
            "是、否"
        ),
        column::<ItemContent>(
            "到现场次数",
            "max_visits",
            10.0,
            "0 表示不用到场",
            |item| item.max_visits.to_string(),
            |item, text, _| {
                item.max_visits = number(text)?;
                Ok(())
            },
        )
        .asked(Input::Number),
        column::<ItemContent>(
            "网上办理深度",
            "online_depth",
            12.0,
            "信息公开、网上预约、网上预审、全程网办",
            |item| item.online_depth.name().to_owned(),
            |item, text, _| {
                item.online_depth =
                    named(text, OnlineDepth::ALL, OnlineDepth::name, OnlineDepth::code)?;
                Ok(())
            },
        )
        .asked(Input::One(|| names(OnlineDepth::ALL, OnlineDepth::name))),
        text_column!(
            ItemContent,
            cross_region_scope,
            "通办范围",
            "cross_region_scope",
            12.0,
            "全县通办、跨省通办……"
        ),
        column::<ItemContent>(
            "办理形式",
            "handling_forms",
            24.0,
            "窗口办理、电脑端办理、移动端办理、快递办理",
            |item| joined(&item.handling_forms, HandlingForm::name),
            |item, text, _| {
                item.handling_forms = several(
                    text,
                    HandlingForm::ALL,
                    HandlingForm::name,
                    HandlingForm::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::Many(|| names(HandlingForm::ALL, HandlingForm::name))),
        column::<ItemContent>(
            "送达方式",
            "delivery_methods",
            20.0,
            "窗口领取、邮寄、电子送达",
            |item| joined(&item.delivery_methods, DeliveryMethod::name),
            |item, text, _| {
                item.delivery_methods = several(
                    text,
                    DeliveryMethod::ALL,
                    DeliveryMethod::name,
                    DeliveryMethod::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::Many(|| {
            names(DeliveryMethod::ALL, DeliveryMethod::name)
        })),
        yes_no_column!(
            ItemContent,
            conditional_acceptance_allowed,
            "允许容缺受理",
            "conditional_acceptance_allowed",
            12.0,
            "是、否"
        ),
        yes_no_column!(
            ItemContent,
            commitment_allowed,
            "实行告知承诺",
            "commitment_allowed",
            12.0,
            "是、否"
        ),
    ]
}

/// What people call it, and the review fields of the power list.
fn review_columns() -> Vec<Column<ItemContent>> {
    vec![
        column::<ItemContent>(
            "搜索词",
            "keywords",
            24.0,
            "群众常用的说法，用顿号分开",
            |item| item.keywords.join("、"),
            |item, text, _| {
                item.keywords = words(text);
                Ok(())
            },
        ),
        text_column!(
            ItemContent,
            review.policy_basis,
            "政策依据",
            "review.policy_basis",
            24.0,
            "可留空"
        )
        .asked(Input::Lines),
        text_column!(
            ItemContent,
            review.prior_approvals,
            "前置审批",
            "review.prior_approvals",
            24.0,
            "没有的留空"
        )
        .asked(Input::Lines),
        text_column!(
            ItemContent,
            review.opinion,
            "审核意见",
            "review.opinion",
            24.0,
            "可留空"
        )
        .asked(Input::Lines),
        text_column!(
            ItemContent,
            review.reviewed_by,
            "审核部门",
            "review.reviewed_by",
            16.0,
            "可留空"
        ),
        column::<ItemContent>(
            "审核日期",
            "review.reviewed_on",
            12.0,
            "年-月-日；可留空",
            |item| {
                item.review
                    .reviewed_on
                    .map(|day| day.to_string())
                    .unwrap_or_default()
            },
            |item, text, _| {
                item.review.reviewed_on = Some(
                    text.trim()
                        .parse()
                        .map_err(|_| format!("“{}”不是日期，请写成 2026-11-22。", short(text)))?,
                );
                Ok(())
            },
        ),
        text_column!(
            ItemContent,
            note,
            "备注",
            "note",
            24.0,
            "只给维护事项的人看"
        )
        .asked(Input::Lines),
    ]
}
