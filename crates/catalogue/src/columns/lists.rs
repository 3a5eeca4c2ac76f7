//! The elements that an item has several of: materials, fees, legal basis, steps, procedures, questions.

use wuchuang_calendar::StopKind;
use wuchuang_kernel::Role;

use super::{Column, Input, column, named, names, number, one_of};
use crate::model::{
    FeeItem, ItemMaterial, ItemSpecialProcedure, ItemStep, LegalBasis, MaterialForm, Necessity,
    Question, SourceChannel,
};

/// Sheet 材料.
pub(crate) fn material_columns() -> Vec<Column<ItemMaterial>> {
    vec![
        column::<ItemMaterial>(
            "材料标识",
            "id",
            10.0,
            "小写字母和数字，例如 m1；留空自动编",
            |one| one.id.clone(),
            |one, text, _| {
                one.id = text.trim().to_owned();
                Ok(())
            },
        ),
        text_column!(ItemMaterial, name, "材料名称", "name", 40.0, "必填"),
        column::<ItemMaterial>(
            "来源渠道",
            "source_channel",
            14.0,
            "申请人自备、政府部门核发、中介或其他机构、其他",
            |one| one.source_channel.name().to_owned(),
            |one, text, _| {
                one.source_channel = named(
                    text,
                    SourceChannel::ALL,
                    SourceChannel::name,
                    SourceChannel::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::One(|| {
            names(SourceChannel::ALL, SourceChannel::name)
        })),
        column::<ItemMaterial>(
            "必要性",
            "necessity",
            10.0,
            "必要、非必要、容缺后补",
            |one| one.necessity.name().to_owned(),
            |one, text, _| {
                one.necessity = named(text, Necessity::ALL, Necessity::name, Necessity::code)?;
                Ok(())
            },
        )
        .asked(Input::One(|| names(Necessity::ALL, Necessity::name))),
        column::<ItemMaterial>(
            "形式",
            "form",
            12.0,
            "纸质、电子、纸质或电子",
            |one| one.form.name().to_owned(),
            |one, text, _| {
                one.form = named(
                    text,
                    MaterialForm::ALL,
                    MaterialForm::name,
                    MaterialForm::code,
                )?;
                Ok(())
            },
        )
        .asked(Input::One(|| names(MaterialForm::ALL, MaterialForm::name))),
        column::<ItemMaterial>(
            "份数",
            "copies",
            6.0,
            "1 到 50",
            |one| one.copies.to_string(),
            |one, text, _| {
                one.copies = number(text)?;
                Ok(())
            },
        )
        .asked(Input::Number),
        yes_no_column!(
            ItemMaterial,
            tolerable,
            "可容缺",
            "tolerable",
            8.0,
            "是、否"
        ),
        yes_no_column!(
            ItemMaterial,
            by_commitment,
            "可承诺代替",
            "by_commitment",
            10.0,
            "是、否"
        ),
        column::<ItemMaterial>(
            "免提交证照",
            "by_data_sharing",
            16.0,
            "能从电子证照库取得的填证照类型",
            |one| one.by_data_sharing.clone().unwrap_or_default(),
            |one, text, _| {
                one.by_data_sharing = Some(text.to_owned());
                Ok(())
            },
        ),
        text_column!(ItemMaterial, note, "说明", "note", 24.0, "可留空"),
        text_column!(ItemMaterial, basis, "依据", "basis", 24.0, "可留空"),
        text_column!(ItemMaterial, sample, "样表", "sample", 24.0, "可留空"),
    ]
}

/// Sheet 收费.
pub(crate) fn fee_columns() -> Vec<Column<FeeItem>> {
    vec![
        text_column!(FeeItem, name, "收费项目", "name", 28.0, "必填"),
        text_column!(
            FeeItem,
            standard,
            "收费标准",
            "standard",
            28.0,
            "必填，例如“20元/证”"
        ),
        text_column!(FeeItem, basis, "收费依据", "basis", 32.0, "可留空"),
        yes_no_column!(FeeItem, reducible, "可减免", "reducible", 8.0, "是、否"),
    ]
}

/// Sheet 依据.
pub(crate) fn basis_columns() -> Vec<Column<LegalBasis>> {
    vec![
        text_column!(LegalBasis, law, "法律名称", "law", 32.0, "必填"),
        text_column!(
            LegalBasis,
            article,
            "条款",
            "article",
            16.0,
            "例如“第三十五条”"
        ),
        text_column!(LegalBasis, text, "条款内容", "text", 60.0, "可留空").asked(Input::Lines),
    ]
}

/// Sheet 步骤.
pub(crate) fn step_columns() -> Vec<Column<ItemStep>> {
    vec![
        column::<ItemStep>(
            "步骤标识",
            "id",
            10.0,
            "小写字母和数字，例如 review；留空自动编",
            |one| one.id.clone(),
            |one, text, _| {
                one.id = text.trim().to_owned();
                Ok(())
            },
        ),
        text_column!(
            ItemStep,
            name,
            "步骤名称",
            "name",
            20.0,
            "例如“审查”“现场核查”"
        ),
        column::<ItemStep>(
            "时限（工作日）",
            "limit_days",
            14.0,
            "没有单独时限的留空",
            |one| {
                one.limit_days
                    .map(|days| days.to_string())
                    .unwrap_or_default()
            },
            |one, text, _| {
                one.limit_days = Some(number(text)?);
                Ok(())
            },
        )
        .asked(Input::Number),
        column::<ItemStep>(
            "岗位",
            "role",
            12.0,
            "审查、审批、窗口受理",
            |one| one.role.name().to_owned(),
            |one, text, _| {
                let found = Role::ALL
                    .into_iter()
                    .find(|role| role.name() == text.trim());
                one.role = one_of(text, found, &Role::ALL.map(Role::name))?;
                Ok(())
            },
        )
        .asked(Input::One(|| Role::ALL.map(Role::name).to_vec())),
    ]
}

/// Sheet 特别程序.
pub(crate) fn procedure_columns() -> Vec<Column<ItemSpecialProcedure>> {
    vec![
        text_column!(
            ItemSpecialProcedure,
            name,
            "程序名称",
            "name",
            20.0,
            "例如“现场核查”“专家评审”"
        ),
        column::<ItemSpecialProcedure>(
            "不计时限依据",
            "stop",
            32.0,
            "时间不计入时限的，写法律和条款；计入的留空",
            |one| {
                one.stop
                    .as_ref()
                    .map(|stop| stop.article().to_owned())
                    .unwrap_or_default()
            },
            |one, text, _| {
                let known = StopKind::ARTICLE_45
                    .into_iter()
                    .find(|kind| kind.name() == one.name && kind.article() == text);
                one.stop = Some(known.unwrap_or_else(|| StopKind::OtherLaw {
                    name: one.name.clone(),
                    article: text.to_owned(),
                }));
                Ok(())
            },
        ),
        column::<ItemSpecialProcedure>(
            "天数",
            "days",
            8.0,
            "不确定的留空",
            |one| one.days.map(|days| days.to_string()).unwrap_or_default(),
            |one, text, _| {
                one.days = Some(number(text)?);
                Ok(())
            },
        )
        .asked(Input::Number),
        yes_no_column!(
            ItemSpecialProcedure,
            calendar_days,
            "自然日",
            "calendar_days",
            8.0,
            "天数是自然日填“是”，工作日填“否”"
        ),
        text_column!(
            ItemSpecialProcedure,
            basis,
            "设定依据",
            "basis",
            32.0,
            "可留空"
        ),
        yes_no_column!(
            ItemSpecialProcedure,
            charged,
            "收费",
            "charged",
            8.0,
            "是、否"
        ),
    ]
}

/// Sheet 常见问题.
pub(crate) fn faq_columns() -> Vec<Column<Question>> {
    vec![
        text_column!(Question, question, "问题", "question", 32.0, "必填"),
        text_column!(Question, answer, "答案", "answer", 60.0, "必填").asked(Input::Lines),
    ]
}
