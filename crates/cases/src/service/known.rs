//! What the house knows before anybody types: the answers of a form that a licence in force or an earlier, accepted case of the
//! same applicant gives already, each with where it comes from. Every window and the API begin a form with the same answers.
//!
//! Answers are known again by the shared data element of their field. All of them speak of one applicant: of the person by
//! their number, or of the organisation for which the person applied last.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::{Map, Value};
use wuchuang_access::CitizenEntry;
use wuchuang_calendar::china_date;
use wuchuang_catalogue::{exchange::form::is_sensitive, model::ServiceItem};
use wuchuang_kernel::{CaseId, PersonId, Personal, Region, group_case_number};
use wuchuang_webkit::{
    Failure,
    forms::{Answers, Disclosure, Field, Form, KnownNote, KnownNotes, Lists, typed_reason},
    language::Translator,
};

use super::Cases;
use crate::{
    model::{ApplicantKind, Case, KnownAnswer, KnownSource},
    store::CaseRow,
};

/// How many earlier cases answer.
const EARLIER_CASES_MAX: usize = 10;
/// How many cases are looked at for those.
const LOOKED_AT_MAX: usize = 30;
/// For how long an earlier case answers, in days: what was said three years ago is asked again.
const EARLIER_DAYS_MAX: i64 = 3 * 366;
/// The element that says for which organisation somebody applies.
const ORGANISATION_NUMBER: &str = "organisation.number";

/// What one source says, by data element.
#[derive(Clone)]
pub struct Statement {
    /// The source.
    pub source: KnownSource,
    /// When it was said; the newest counts.
    pub at: Timestamp,
    kind: ApplicantKind,
    /// The number of whom it speaks.
    number: String,
    by_element: BTreeMap<String, Value>,
}

impl Statement {
    /// What a case says in the fields of its form for which `stands` holds. Tables say nothing, nor do sensitive elements, nor
    /// a case whose applicant was forgotten.
    pub fn of(
        case: &Case,
        (source, at): (KnownSource, Timestamp),
        form: &Form,
        stands: impl Fn(&Field) -> bool,
    ) -> Option<Self> {
        let Some(Value::Object(answers)) = case.answers.get() else {
            return None;
        };
        let number = case.applicant.number.get()?;
        let mut by_element = BTreeMap::new();
        let fields = form.fields().iter();
        for field in fields.filter(|field| field.table.is_none() && stands(field)) {
            let Some(element) = field.element.as_ref().filter(|it| !is_sensitive(it)) else {
                continue;
            };
            let said = answers.get(&field.name).filter(|said| !is_nothing(said));
            if let Some(said) = said.filter(|_| form.is_asked(field, answers)) {
                by_element.entry(element.clone()).or_insert(said.clone());
            }
        }
        Some(Self {
            source,
            at,
            kind: case.applicant.kind,
            number: number.clone(),
            by_element,
        })
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// What is asked, and of whom.
pub struct Asked<'a> {
    /// The form.
    pub form: &'a Form,
    /// Its lists.
    pub lists: &'a dyn Lists,
    /// The visitor's language.
    pub translator: &'a Translator,
    /// Whose form it is.
    pub citizen: &'a CitizenEntry,
}

impl Asked<'_> {
    /// What the person's own record answers.
    fn account(&self, element: &str) -> Option<&str> {
        let recorded = match element {
            "applicant.name" | "person.name" | "organisation.contact" => &self.citizen.name,
            "applicant.number" | "person.number" => &self.citizen.number,
            "applicant.phone" | "person.phone" | "organisation.phone" => &self.citizen.phone,
            _ => return None,
        };
        Some(recorded.as_str()).filter(|text| !text.is_empty())
    }

    /// The statements that speak of the applicant, the newest first.
    fn own<'s>(&self, statements: &'s [Statement]) -> Vec<&'s Statement> {
        let kind = match field_of(self.form, "organisation.name") {
            Some(_) => ApplicantKind::Organisation,
            None => ApplicantKind::Person,
        };
        let mut own: Vec<&Statement> = statements.iter().filter(|it| it.kind == kind).collect();
        // A licence of the same instant says more than the case that it was issued for.
        let is_case = |it: &Statement| matches!(it.source, KnownSource::EarlierCase { .. });
        own.sort_by_key(|it| (std::cmp::Reverse(it.at), is_case(it)));
        let number = match kind {
            ApplicantKind::Person => self.citizen.number.clone(),
            ApplicantKind::Organisation => {
                own.first().map(|it| it.number.clone()).unwrap_or_default()
            }
        };
        own.retain(|statement| statement.number == number);
        own
    }

    /// The answers with their sources, in the order of the form. What the form would refuse today is not offered.
    pub fn answers(&self, statements: &[Statement]) -> Vec<KnownAnswer> {
        let own = self.own(statements);
        let fields = self.form.fields().iter();
        let found = fields.filter_map(|field| {
            let element = field.element.as_deref().filter(|it| !is_sensitive(it))?;
            let takes = |value: &Value| {
                field.table.is_none() && self.form.takes(field, value, self.lists, self.translator)
            };
            let recorded = self.account(element).map(Value::from);
            let (source, was) = match recorded.filter(|value| takes(value)) {
                Some(recorded) => (KnownSource::Account, recorded),
                None => own.iter().find_map(|statement| {
                    let said = statement.by_element.get(element).filter(|it| takes(it))?;
                    Some((statement.source.clone(), said.clone()))
                })?,
            };
            Some(KnownAnswer {
                field: field.name.clone(),
                label: field.label.clone(),
                source,
                was: Personal::new(self.citizen.person, was),
                reason: Personal::new(self.citizen.person, String::new()),
            })
        });
        found.collect()
    }
}

/// The field that asks for an element.
fn field_of<'a>(form: &'a Form, element: &str) -> Option<&'a Field> {
    let mut fields = form.fields().iter();
    fields.find(|field| field.element.as_deref() == Some(element))
}

/// What a form begins with.
pub fn filled_in(known: &[KnownAnswer]) -> Answers {
    let said = known.iter();
    said.filter_map(|one| Some((one.field.clone(), one.was.get()?.clone())))
        .collect()
}

/// The known answers as an application brings them: of questions that are asked. Whoever applies for another organisation
/// than the one of which they speak brings none; nor does a case keep what the person's own record says.
pub fn brought(
    known: &[KnownAnswer],
    form: &Form,
    answers: &Map<String, Value>,
) -> Vec<KnownAnswer> {
    let given = Value::Object(answers.clone());
    let subject = field_of(form, ORGANISATION_NUMBER);
    let is_other = |one: &KnownAnswer| {
        subject.is_some_and(|field| field.name == one.field) && one.is_changed(Some(&given))
    };
    if known.iter().any(is_other) {
        return Vec::new();
    }
    let is_asked = |one: &KnownAnswer| {
        let field = form.field(&one.field);
        field.is_some_and(|field| form.is_asked(field, answers))
    };
    let brought = known
        .iter()
        .filter(|one| one.source.asks_reason() && is_asked(one));
    brought.cloned().collect()
}

/// Takes the reasons that a page sends.
pub fn read_reasons(known: &mut [KnownAnswer], pairs: &[(String, String)]) {
    for one in known {
        if let Some(reason) = typed_reason(pairs, &one.field).filter(|_| one.source.asks_reason()) {
            // One more than is allowed is kept, so that it is refused and not cut.
            let reason: String = reason.chars().take(201).collect();
            *one = one.clone().because(&reason);
        }
    }
}

/// What a page says under its questions.
pub fn notes(known: &[KnownAnswer], answers: &Answers, translator: &Translator) -> KnownNotes {
    let given = Value::Object(answers.clone());
    let note = |one: &KnownAnswer| KnownNote {
        source: one.source.words(translator),
        reason: one
            .source
            .asks_reason()
            .then(|| one.reason.text().to_owned()),
        is_changed: one.source.asks_reason()
            && answers.contains_key(&one.field)
            && one.is_changed(Some(&given)),
    };
    known
        .iter()
        .map(|one| (one.field.clone(), note(one)))
        .collect()
}

/// The answers as a page shows them: a question that is not asked now opens with what is known, should it be asked later.
pub fn shown(known: &[KnownAnswer], form: &Form, answers: &Answers) -> Answers {
    let mut shown = answers.clone();
    for one in known {
        let field = form.field(&one.field);
        let waits = field.is_some_and(|it| it.when.is_some() && !form.is_asked(it, answers));
        if let Some(was) = one.was.get().filter(|_| waits) {
            shown.insert(one.field.clone(), was.clone());
        }
    }
    shown
}

impl KnownSource {
    /// Where the answer comes from, in words.
    pub fn words(&self, translator: &Translator) -> String {
        let day = |day: &Date| {
            let (year, month, number) = (day.year(), day.month(), day.day());
            translator.tf(
                "{year}年{month}月{day}日",
                &[("year", &year), ("month", &month), ("day", &number)],
            )
        };
        match self {
            Self::Account => translator.t("取自登记的个人信息").into_owned(),
            Self::Licence {
                name, issued_on, ..
            } => translator.tf(
                "取自《{name}》（{day}发）",
                &[("name", &translator.t(name)), ("day", &day(issued_on))],
            ),
            Self::EarlierCase {
                number,
                item,
                received_on,
                ..
            } => translator.tf(
                "取自{day}办理的“{item}”（办件号 {number}）",
                &[
                    ("day", &day(received_on)),
                    ("item", &translator.t(item)),
                    ("number", &group_case_number(number)),
                ],
            ),
        }
    }
}

impl KnownAnswer {
    /// What a case page says beside the answer: where it comes from, and if it was changed what it was and why.
    pub fn told(
        &self,
        form: &Form,
        answers: &Answers,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> String {
        let source = self.source.words(translator);
        if self.was.get().is_none() || !self.is_changed(Some(&Value::Object(answers.clone()))) {
            return source;
        }
        let words =
            |value: Option<&Value>| form.told(&self.field, value, lists, disclosure, translator);
        let (was, given) = (words(self.was.get()), words(answers.get(&self.field)));
        match self.reason.text() {
            "" => translator.tf(
                "原：{was}（{source}），补正时改为：{given}",
                &[("was", &was), ("source", &source), ("given", &given)],
            ),
            reason => translator.tf(
                "原：{was}（{source}），申请人改为：{given}，理由：{reason}",
                &[
                    ("was", &was),
                    ("source", &source),
                    ("given", &given),
                    ("reason", &reason),
                ],
            ),
        }
    }
}

impl Cases {
    /// The form with which a case began; `None` for an item without one.
    ///
    /// # Errors
    /// When the item cannot be read.
    pub async fn form_of(&self, region: Region, case: &Case) -> Result<Option<Arc<Form>>, Failure> {
        let item = case.terms.item.into();
        let loaded = self.ledger.load::<ServiceItem>(region, item).await?;
        let version = loaded.and_then(|(_, state)| state.version(case.terms.version).cloned());
        Ok(version.and_then(|version| Form::shared(&version.content.form).ok()))
    }

    /// What the earlier cases of a person say that were accepted in the last three years; not the one to be left out.
    ///
    /// # Errors
    /// When cases or items cannot be read.
    pub async fn statements(
        &self,
        (region, person): (Region, PersonId),
        now: Timestamp,
        except: &[CaseId],
    ) -> Result<Vec<Statement>, Failure> {
        let since = now - SignedDuration::from_hours(24 * EARLIER_DAYS_MAX);
        let rows = self.of_person(region, person).await?;
        let mut statements = Vec::new();
        let ids = rows.iter().filter_map(CaseRow::case_id);
        for id in ids.take(LOOKED_AT_MAX) {
            if statements.len() == EARLIER_CASES_MAX {
                break;
            }
            let Some(case) = self.find(region, id).await? else {
                continue;
            };
            if case.received_at < since {
                break;
            }
            if case.clock.is_none() || except.contains(&id) {
                continue;
            }
            let source = KnownSource::EarlierCase {
                case: id,
                number: case.number.clone(),
                item: case.terms.name.clone(),
                received_on: china_date(case.received_at),
            };
            if let Some(form) = self.form_of(region, &case).await? {
                let said = Statement::of(&case, (source, case.received_at), &form, |_| true);
                statements.extend(said);
            }
        }
        Ok(statements)
    }
}

#[cfg(test)]
mod tests;
