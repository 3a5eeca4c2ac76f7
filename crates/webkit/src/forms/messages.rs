//! What is said when an answer is wrong: the field, the rule, the way out; one sentence for each keyword of the schema.

use std::fmt::Display;

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
    match error.kind() {
        ValidationErrorKind::Required { .. } => required(field, translator),
        ValidationErrorKind::Constant { .. } if field.kind == FieldKind::Boolean => {
            required(field, translator)
        }
        ValidationErrorKind::Enum { .. }
        | ValidationErrorKind::OneOfNotValid { .. }
        | ValidationErrorKind::Constant { .. } => not_listed(field, translator),
        ValidationErrorKind::Pattern { .. } => pattern(field, &label, translator),
        ValidationErrorKind::Format { format } => {
            let typed = error.instance().as_str().unwrap_or_default();
            let reason = formats
                .read(format, typed)
                .err()
                .map(|problem| problem.explain(translator))
                .unwrap_or_default();
            of_format(reason, &label, translator)
        }
        kind => limited(kind, error.instance(), &label, translator)
            .or_else(|| wrong_type(kind, field, &label, translator))
            .unwrap_or_else(|| {
                translator.tf("{label}填写有误，请检查后修改", &[("label", &label)])
            }),
    }
}

fn pattern(field: &Field, label: &str, translator: &Translator) -> String {
    if field.hint.is_empty() {
        return translator.tf(
            "{label}的写法不对，请检查有没有多字、少字或错字",
            &[("label", &label)],
        );
    }
    translator.tf(
        "{label}的写法不对，请按说明填写：{hint}",
        &[("label", &label), ("hint", &translator.t(&field.hint))],
    )
}

fn of_format(reason: String, label: &str, translator: &Translator) -> String {
    // The sentence often names the thing by the very label of the field: once is enough.
    if reason.starts_with(label) {
        return reason;
    }
    translator.tf(
        "{label}：{reason}",
        &[("label", &label), ("reason", &reason)],
    )
}

/// The sentence for a keyword that sets a bound; `None` for others.
fn limited(
    kind: &ValidationErrorKind,
    instance: &Value,
    label: &str,
    translator: &Translator,
) -> Option<String> {
    use ValidationErrorKind::{
        ExclusiveMaximum, ExclusiveMinimum, MaxItems, MaxLength, Maximum, MinItems, MinLength,
        Minimum, MultipleOf,
    };
    let count = instance.as_str().unwrap_or_default().chars().count();
    let (pattern, limit): (&str, &dyn Display) = match kind {
        MinLength { limit } => (
            "{label}至少要 {limit} 个字，现在是 {count} 个，请补全",
            limit,
        ),
        MaxLength { limit } => ("{label}最多 {limit} 个字，现在是 {count} 个，请删减", limit),
        Minimum { limit } => ("{label}不能小于 {limit}，请改成 {limit} 或更大的数", limit),
        Maximum { limit } => ("{label}不能大于 {limit}，请改成 {limit} 或更小的数", limit),
        ExclusiveMinimum { limit } => ("{label}须大于 {limit}，请改成更大的数", limit),
        ExclusiveMaximum { limit } => ("{label}须小于 {limit}，请改成更小的数", limit),
        MultipleOf { multiple_of } => ("{label}须为 {limit} 的倍数，请修改", multiple_of),
        MinItems { limit } => ("{label}至少选 {limit} 项，请补选", limit),
        MaxItems { limit } => ("{label}最多选 {limit} 项，请取消几项", limit),
        _ => return None,
    };
    Some(translator.tf(
        pattern,
        &[("label", &label), ("limit", limit), ("count", &count)],
    ))
}

fn wrong_type(
    kind: &ValidationErrorKind,
    field: &Field,
    label: &str,
    translator: &Translator,
) -> Option<String> {
    let pattern = match (kind, field.kind) {
        (ValidationErrorKind::Type { .. }, FieldKind::Integer) => {
            "{label}须填整数，例如 3，不要写单位"
        }
        (ValidationErrorKind::Type { .. }, FieldKind::Number) => {
            "{label}须填数字，例如 3.5，不要写单位"
        }
        _ => return None,
    };
    Some(translator.tf(pattern, &[("label", &label)]))
}

fn required(field: &Field, translator: &Translator) -> String {
    let pattern = match (field.widget, field.kind) {
        (Widget::Checkbox, FieldKind::Boolean) => "请勾选“{label}”，勾选后才能继续",
        (widget, _) if widget.is_choice() => "请选择{label}（这一项必须选）",
        _ => "请填写{label}（这一项必须填）",
    };
    translator.tf(pattern, &[("label", &translator.t(&field.label))])
}
