//! A group of questions as HTML, with what was typed and what is wrong.

use askama::Template;
use serde_json::Value;

use super::{
    Answers, ChoiceGroup, Field, FieldErrors, FieldKind, Form, KnownNote, KnownNotes, Lists,
    REASON_CHARACTERS_MAX, Signature, Table, When, Widget, describe::number_text,
    known::reason_field, signature, table::cell_name,
};
use crate::{
    markup::Choice,
    page::{PageContext, VisitorKind},
};

/// One question with its answer, ready for the template.
struct Question<'a> {
    field: &'a Field,
    value: String,
    ticked: Vec<String>,
    groups: Vec<ChoiceGroup>,
    /// What is to be filled in, and what may be wrong with what is there.
    hint: String,
    /// The rows of a table, ready for the page.
    rows: Vec<RowView>,
    /// The answers that ask it, parted by `|`; empty when it is always asked.
    when_values: String,
    /// Where its answer was filled in from.
    known: Option<&'a KnownNote>,
    /// The field for why that answer was changed.
    reason_field: String,
    /// What was signed, and the fields in which it can be signed.
    signing: Option<Signing>,
}

/// A field for a signature, ready for the page.
struct Signing {
    /// What was signed, in words.
    told: String,
    /// What was drawn.
    picture: Option<String>,
    /// The name that was written.
    name: String,
    typed_field: String,
    own_field: String,
    paper_field: String,
    /// Whether a printed form may be signed, because the page is the counter's.
    is_counter: bool,
}

impl Signing {
    fn of(page: &PageContext, field: &Field, text: &str) -> Self {
        let signature = Signature::read(text).ok().map(|(signature, _)| signature);
        let named = text.strip_prefix("named:").unwrap_or_default();
        Self {
            told: signature
                .as_ref()
                .map_or_else(String::new, |one| one.words(&page.translator)),
            picture: signature
                .as_ref()
                .and_then(|one| one.picture("currentColor")),
            name: match &signature {
                Some(Signature::Typed(name)) => name.clone(),
                _ => named.to_owned(),
            },
            typed_field: signature::typed_field(&field.name),
            own_field: signature::own_field(&field.name),
            paper_field: signature::paper_field(&field.name),
            is_counter: page
                .visitor
                .as_ref()
                .is_some_and(|visitor| visitor.kind == VisitorKind::Staff),
        }
    }
}

/// One row of a table.
struct RowView {
    /// Its questions as HTML.
    cells: String,
    /// Where a page opens on which it was just added.
    place: String,
}

impl Question<'_> {
    /// The material that is asked for in its place.
    fn material(&self) -> &str {
        self.field.material.as_deref().unwrap_or_default()
    }

    /// Whether another row may be added.
    fn may_grow(&self) -> bool {
        self.rows.len() < self.rows_max()
    }

    fn rows_max(&self) -> usize {
        self.field.table.as_ref().map_or(0, |table| table.rows_max)
    }

    /// The field whose answer decides whether it is asked.
    fn when_field(&self) -> &str {
        self.field.when.as_ref().map_or("", |when| &when.field)
    }

    fn is_ticked(&self, value: &str) -> bool {
        self.ticked.iter().any(|ticked| ticked == value)
    }

    fn kind(&self) -> &'static str {
        match self.field.widget {
            Widget::Phone => "tel",
            Widget::Date => "date",
            _ if self.field.format.as_deref() == Some("email") => "email",
            _ => "text",
        }
    }

    /// Which keys a phone shows. A citizen number may end in X, so it needs letters too.
    fn input_mode(&self) -> &'static str {
        match (self.field.widget, self.field.kind) {
            (_, FieldKind::Integer) => "numeric",
            (Widget::Money, _) | (_, FieldKind::Number) => "decimal",
            (Widget::Phone, _) => "tel",
            _ => "",
        }
    }

    /// A field is as wide as what goes in.
    fn width(&self) -> &'static str {
        match (self.field.widget, self.field.kind) {
            (_, FieldKind::Integer | FieldKind::Number) | (Widget::Money, _) => "short",
            (Widget::Date | Widget::Phone, _) => "medium",
            (Widget::CitizenNumber | Widget::CreditCode, _) => "long",
            _ if self.field.length_max <= 10 => "short",
            _ if self.field.length_max <= 20 => "medium",
            _ => "",
        }
    }

    /// What the browser may fill in by itself (WCAG 2.2, 1.3.5), by the shared data element.
    fn autocomplete(&self) -> &'static str {
        match (self.field.element.as_deref(), self.field.format.as_deref()) {
            (Some("person.name" | "applicant.name"), _) => "name",
            (Some("person.birthday" | "applicant.birthday"), _) => "bday",
            (Some("person.address" | "applicant.address"), _) => "street-address",
            (Some("person.phone" | "applicant.phone"), _) => "tel",
            (Some("person.email" | "applicant.email"), _) => "email",
            _ => "off",
        }
    }

    fn rows(&self) -> u64 {
        (self.field.length_max / 100).clamp(3, 8)
    }

    /// A number as it is typed is a little longer than as it is kept: blanks and separators are allowed.
    fn typed_length_max(&self) -> u64 {
        if self.field.format.is_some() || self.field.kind != FieldKind::Text {
            60
        } else {
            self.field.length_max
        }
    }
}

#[derive(Template)]
#[template(path = "forms/group.html")]
struct GroupTemplate<'a> {
    page: &'a PageContext,
    questions: Vec<Question<'a>>,
    errors: &'a FieldErrors,
}

impl GroupTemplate<'_> {
    /// Whether the page is the counter's, which takes papers in its list of materials.
    fn is_counter(&self) -> bool {
        let visitor = self.page.visitor.as_ref();
        visitor.is_some_and(|visitor| visitor.kind == VisitorKind::Staff)
    }

    /// Whether Enter in a field would press the button of a row unless another one stood before it.
    fn has_table(&self) -> bool {
        self.questions
            .iter()
            .any(|question| matches!(question.field.widget, Widget::Table | Widget::Attachment))
    }
}

impl Form {
    /// The questions of one group as HTML, without `<form>` and buttons. Use it as `{{ html|safe }}`.
    pub fn render_group(
        &self,
        page: &PageContext,
        group: &str,
        values: &Answers,
        errors: &FieldErrors,
        lists: &dyn Lists,
    ) -> askama::Result<String> {
        let questions = self.fields.iter().filter(|field| field.group == group);
        self.render_fields(page, questions, values, errors, lists, &KnownNotes::new())
    }

    /// The same with where answers were filled in from; all groups when none is named.
    pub fn render_known(
        &self,
        page: &PageContext,
        group: Option<&str>,
        (values, known): (&Answers, &KnownNotes),
        errors: &FieldErrors,
        lists: &dyn Lists,
    ) -> askama::Result<String> {
        let fields = self.fields.iter();
        let questions = fields.filter(|field| group.is_none_or(|group| field.group == group));
        self.render_fields(page, questions, values, errors, lists, known)
    }

    /// All questions on one page, as the counter shows them.
    pub fn render_all(
        &self,
        page: &PageContext,
        values: &Answers,
        errors: &FieldErrors,
        lists: &dyn Lists,
    ) -> askama::Result<String> {
        let known = KnownNotes::new();
        self.render_fields(page, self.fields.iter(), values, errors, lists, &known)
    }

    fn render_fields<'a>(
        &self,
        page: &'a PageContext,
        fields: impl Iterator<Item = &'a Field>,
        values: &Answers,
        errors: &'a FieldErrors,
        lists: &dyn Lists,
        known: &KnownNotes,
    ) -> askama::Result<String> {
        let questions = fields
            .map(|field| {
                let value = values.get(&field.name);
                let rows = match &field.table {
                    Some(table) => self.render_rows(page, (field, table), value, errors, lists)?,
                    None => Vec::new(),
                };
                let warning = value.and_then(|value| self.warning(field, value, &page.translator));
                let when = field.when.as_ref().map(|when| self.when_told(page, when));
                let hint = match (when, warning) {
                    (None, None) => field.hint.clone(),
                    (when, warning) => {
                        let own =
                            (!field.hint.is_empty()).then(|| page.t(&field.hint).into_owned());
                        let told = [when, own, warning].into_iter().flatten();
                        told.collect::<Vec<_>>().join(" ")
                    }
                };
                let question = question(field, value, lists, hint);
                Ok(Question {
                    rows,
                    known: known.get(&field.name),
                    signing: field
                        .is_signature()
                        .then(|| Signing::of(page, field, &question.value)),
                    ..question
                })
            })
            .collect::<askama::Result<Vec<_>>>()?;
        GroupTemplate {
            page,
            questions,
            errors,
        }
        .render()
    }
}

impl Form {
    /// The rows of a table, as many as were written, and at least as many as there must be: each a group of its own, whose
    /// questions are named after their cells.
    fn render_rows(
        &self,
        page: &PageContext,
        (field, table): (&Field, &Table),
        value: Option<&Value>,
        errors: &FieldErrors,
        lists: &dyn Lists,
    ) -> askama::Result<Vec<RowView>> {
        let written = value
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let shown = written.len().max(table.rows_min).min(table.rows_max + 1);
        (0..shown)
            .map(|row| {
                let mut cells: Vec<Field> = table.columns.clone();
                let mut values = Answers::new();
                for cell in &mut cells {
                    let name = cell_name(&field.name, row, &cell.name);
                    if let Some(value) = written.get(row).and_then(|known| known.get(&cell.name)) {
                        values.insert(name.clone(), value.clone());
                    }
                    cell.name = name;
                }
                Ok(RowView {
                    cells: self.render_fields(
                        page,
                        cells.iter(),
                        &values,
                        errors,
                        lists,
                        &KnownNotes::new(),
                    )?,
                    place: format!("{}.{row}", field.name),
                })
            })
            .collect()
    }

    /// When a question is asked, for those whose page cannot hide it.
    fn when_told(&self, page: &PageContext, when: &When) -> String {
        let (label, values) = self.when_words(when);
        page.tf(
            "“{label}”选“{values}”时填写。",
            &[("label", &page.t(&label)), ("values", &page.t(&values))],
        )
    }
}

fn question<'a>(
    field: &'a Field,
    value: Option<&Value>,
    lists: &dyn Lists,
    hint: String,
) -> Question<'a> {
    let (value, ticked) = match value {
        None | Some(Value::Null) => (String::new(), Vec::new()),
        Some(Value::String(text)) => (text.clone(), Vec::new()),
        Some(Value::Array(several)) => (
            String::new(),
            several
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        ),
        Some(Value::Number(number)) => (number_text(number), Vec::new()),
        Some(other) => (other.to_string(), Vec::new()),
    };
    let groups = match &field.list {
        Some(list) => lists.groups(list),
        None => vec![ChoiceGroup {
            label: String::new(),
            choices: field.choices.clone(),
        }],
    };
    Question {
        field,
        value,
        ticked,
        groups,
        hint,
        rows: Vec::new(),
        known: None,
        signing: None,
        reason_field: reason_field(&field.name),
        when_values: field
            .when
            .as_ref()
            .map_or_else(String::new, |when| when.values.join("|")),
    }
}

impl Question<'_> {
    fn choices(&self) -> Vec<Choice> {
        self.groups
            .iter()
            .flat_map(|group| group.choices.clone())
            .collect()
    }
}
