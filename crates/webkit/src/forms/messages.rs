//! What is said when an answer is wrong: the field, the rule, the way out; one sentence for each keyword of the schema.

use std::{collections::BTreeMap, fmt::Display};

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::Value;

use super::{
    Field, FieldError, FieldErrors, FieldKind, Form, Formats, Table, Widget, table::cell_name,
};
use crate::language::Translator;

/// What an error of the validator is about: the field, and in a table the row and the column.
struct Place {
    field: String,
    row: Option<usize>,
    column: Option<String>,
}

impl Place {
    fn of(error: &ValidationError<'_>) -> Option<Self> {
        let path = error.instance_path().as_str();
        let mut parts = path
            .split('/')
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>();
        if let ValidationErrorKind::Required { property } = error.kind()
            && parts.len() % 2 == 0
        {
            // Absent from the whole form, or from a row.
            parts.push(property.as_str()?.to_owned());
        }
        let mut parts = parts.into_iter();
        Some(Self {
            field: parts.next()?,
            row: parts.next().and_then(|row| row.parse().ok()),
            column: parts.next(),
        })
    }
}

/// The mistakes of a form while they are found: one for each field or cell.
pub(super) struct Mistakes<'a> {
    form: &'a Form,
    translator: &'a Translator,
    /// By the place of the field, of the row and of the column.
    found: BTreeMap<(usize, usize, usize), FieldError>,
}

impl<'a> Mistakes<'a> {
    pub(super) fn new(form: &'a Form, translator: &'a Translator) -> Self {
        Self {
            form,
            translator,
            found: BTreeMap::new(),
        }
    }

    /// Takes an error of the validator in.
    pub(super) fn take(&mut self, error: &ValidationError<'_>, is_asked: impl Fn(&Field) -> bool) {
        let Some(place) = Place::of(error) else {
            return;
        };
        let form = self.form;
        let Some(field) = form.field(&place.field).filter(|field| is_asked(field)) else {
            return;
        };
        let translator = self.translator;
        match (&field.table, place.row) {
            (Some(table), Some(row)) => {
                let column = place.column.and_then(|name| table.column(&name));
                let told = match column {
                    Some(column) => message(error, column, form.formats.as_ref(), translator),
                    None => translator.t("有表格里没有的内容，请删去").into_owned(),
                };
                self.add(field, Some(row), column, told);
            }
            (Some(table), None) => {
                let told = of_table(error.kind(), field, table, translator);
                self.add(field, None, None, told);
            }
            (None, _) => {
                let told = message(error, field, form.formats.as_ref(), translator);
                self.add(field, None, None, told);
            }
        }
    }

    /// A choice that its list does not have.
    pub(super) fn not_listed(&mut self, field: &Field, cell: Option<(usize, &Field)>) {
        let told = not_listed(cell.map_or(field, |(_, column)| column), self.translator);
        self.add(
            field,
            cell.map(|cell| cell.0),
            cell.map(|cell| cell.1),
            told,
        );
    }

    /// An answer was changed after it was signed.
    pub(super) fn signed_before(&mut self, field: &Field) {
        let told = self.translator.tf(
            "签名以后改过填写的内容，请清除“{label}”，重新签名",
            &[("label", &self.translator.t(&field.label))],
        );
        self.add(field, None, None, told);
    }

    fn add(&mut self, field: &Field, row: Option<usize>, column: Option<&Field>, told: String) {
        let place = |fields: &[Field], name: &str| fields.iter().position(|one| one.name == name);
        let at = place(&self.form.fields, &field.name).unwrap_or_default();
        let columns = field.table.as_ref().map_or(&[][..], |table| &table.columns);
        let across = column.and_then(|column| place(columns, &column.name));
        let (name, message) = match row {
            None => (field.name.clone(), told),
            Some(row) => (
                column.map_or_else(
                    || field.name.clone(),
                    |column| cell_name(&field.name, row, &column.name),
                ),
                self.translator.tf(
                    "{label}第 {row} 行：{message}",
                    &[
                        ("label", &self.translator.t(&field.label)),
                        ("row", &(row + 1)),
                        ("message", &told),
                    ],
                ),
            ),
        };
        let key = (
            at,
            row.map_or(0, |row| row + 1),
            across.map_or(0, |across| across + 1),
        );
        self.found.entry(key).or_insert(FieldError {
            field: name,
            message,
        });
    }

    /// All of them, in the order in which they are asked.
    pub(super) fn in_order(self) -> FieldErrors {
        self.found.into_values().collect()
    }
}

/// The sentence for a mistake that is about a table and none of its rows.
fn of_table(
    kind: &ValidationErrorKind,
    field: &Field,
    table: &Table,
    translator: &Translator,
) -> String {
    let label = translator.t(&field.label);
    match kind {
        ValidationErrorKind::MaxItems { .. } => too_many_rows(field, table.rows_max, translator),
        ValidationErrorKind::Required { .. } | ValidationErrorKind::MinItems { .. } => translator
            .tf(
                "{label}至少要填 {limit} 行，请补上",
                &[("label", &label), ("limit", &table.rows_min)],
            ),
        _ => translator.tf("{label}填写有误，请检查后修改", &[("label", &label)]),
    }
}

/// The sentence for a row more than may be.
pub(super) fn too_many_rows(field: &Field, rows_max: usize, translator: &Translator) -> String {
    translator.tf(
        "{label}最多 {limit} 行，请删去多出的行",
        &[("label", &translator.t(&field.label)), ("limit", &rows_max)],
    )
}

fn not_listed(field: &Field, translator: &Translator) -> String {
    translator.tf(
        "请从列出的选项中选择{label}",
        &[("label", &translator.t(&field.label))],
    )
}

/// The sentence for one error.
fn message(
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
        ValidationErrorKind::Not { .. } => translator.tf(
            "“{label}”是附件：请作为材料上传，不要写在答案里",
            &[("label", &label)],
        ),
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
