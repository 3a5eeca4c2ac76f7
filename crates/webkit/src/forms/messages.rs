//! What is said when an answer is wrong: the field, the rule, the way out; one sentence for each keyword of the schema.

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::Value;

use super::{Field, FieldKind, Formats, Widget};
use crate::language::Translator;

/// The field that an error of the validator is about.
pub(super) fn field_of(error: &ValidationError<'_>) -> Option<String> {
    let of_path = error
        .instance_path()
        .as_str()
        .split('/')
        .nth(1)
        .map(str::to_owned);
    match error.kind() {
        ValidationErrorKind::Required { property } if of_path.is_none() => {
            property.as_str().map(str::to_owned)
        }
        _ => of_path,
    }
}

pub(super) fn not_listed(field: &Field, translator: &Translator) -> String {
    translator.tf(
        "请从列出的选项中选择{label}",
        &[("label", &translator.t(&field.label))],
    )
}

/// The sentence for one error.
pub(super) fn message(
    error: &ValidationError<'_>,
    field: &Field,
    formats: &dyn Formats,
    translator: &Translator,
) -> String {
    let label = translator.t(&field.label);
    let typed = error.instance().as_str().unwrap_or_default();
    let count = typed.chars().count();
    match error.kind() {
        ValidationErrorKind::Required { .. } => required(field, translator),
        ValidationErrorKind::Constant { .. } if field.kind == FieldKind::Boolean => {
            required(field, translator)
        }
        ValidationErrorKind::MinLength { limit } => translator.tf(
            "{label}至少要 {limit} 个字，现在是 {count} 个，请补全",
            &[("label", &label), ("limit", limit), ("count", &count)],
        ),
        ValidationErrorKind::MaxLength { limit } => translator.tf(
            "{label}最多 {limit} 个字，现在是 {count} 个，请删减",
            &[("label", &label), ("limit", limit), ("count", &count)],
        ),
        ValidationErrorKind::Pattern { .. } if field.hint.is_empty() => translator.tf(
            "{label}的写法不对，请检查有没有多字、少字或错字",
            &[("label", &label)],
        ),
        ValidationErrorKind::Pattern { .. } => translator.tf(
            "{label}的写法不对，请按说明填写：{hint}",
            &[("label", &label), ("hint", &translator.t(&field.hint))],
        ),
        ValidationErrorKind::Format { format } => {
            let reason = formats.read(format, typed).err().unwrap_or_default();
            // The sentence often names the thing by the very label of the field: once is enough.
            if reason.starts_with(&*label) {
                return reason;
            }
            translator.tf(
                "{label}：{reason}",
                &[("label", &label), ("reason", &reason)],
            )
        }
        ValidationErrorKind::Enum { .. }
        | ValidationErrorKind::OneOfNotValid { .. }
        | ValidationErrorKind::Constant { .. } => not_listed(field, translator),
        ValidationErrorKind::Minimum { limit } => bound(
            "{label}不能小于 {limit}，请改成 {limit} 或更大的数",
            &label,
            limit,
            translator,
        ),
        ValidationErrorKind::Maximum { limit } => bound(
            "{label}不能大于 {limit}，请改成 {limit} 或更小的数",
            &label,
            limit,
            translator,
        ),
        ValidationErrorKind::ExclusiveMinimum { limit } => bound(
            "{label}须大于 {limit}，请改成更大的数",
            &label,
            limit,
            translator,
        ),
        ValidationErrorKind::ExclusiveMaximum { limit } => bound(
            "{label}须小于 {limit}，请改成更小的数",
            &label,
            limit,
            translator,
        ),
        ValidationErrorKind::MultipleOf { multiple_of } => translator.tf(
            "{label}须为 {limit} 的倍数，请修改",
            &[("label", &label), ("limit", multiple_of)],
        ),
        ValidationErrorKind::MinItems { limit } => translator.tf(
            "{label}至少选 {limit} 项，请补选",
            &[("label", &label), ("limit", limit)],
        ),
        ValidationErrorKind::MaxItems { limit } => translator.tf(
            "{label}最多选 {limit} 项，请取消几项",
            &[("label", &label), ("limit", limit)],
        ),
        ValidationErrorKind::Type { .. } if field.kind == FieldKind::Integer => {
            translator.tf("{label}须填整数，例如 3，不要写单位", &[("label", &label)])
        }
        ValidationErrorKind::Type { .. } if field.kind == FieldKind::Number => translator.tf(
            "{label}须填数字，例如 3.5，不要写单位",
            &[("label", &label)],
        ),
        _ => translator.tf("{label}填写有误，请检查后修改", &[("label", &label)]),
    }
}

fn required(field: &Field, translator: &Translator) -> String {
    let pattern = match (field.widget, field.kind) {
        (Widget::Checkbox, FieldKind::Boolean) => "请勾选“{label}”，勾选后才能继续",
        (widget, _) if widget.is_choice() => "请选择{label}（这一项必须选）",
        _ => "请填写{label}（这一项必须填）",
    };
    translator.tf(pattern, &[("label", &translator.t(&field.label))])
}

fn bound(pattern: &str, label: &str, limit: &Value, translator: &Translator) -> String {
    translator.tf(pattern, &[("label", &label), ("limit", limit)])
}
