//! Answers that the house gave before the applicant did: nothing is asked again that a licence or an earlier case answers. What was
//! filled in is kept with where it comes from, and whoever says something else says why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::{CaseId, LicenceId, PersonId, Personal, Rejection};

/// How many known answers an application may name: as many as a form may have fields.
const KNOWN_MAX: usize = 200;
/// How long the reason for another answer may be, in characters.
const REASON_CHARACTERS_MAX: usize = 200;

/// Where a known answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum KnownSource {
    /// The person's own record (我的信息). It is theirs to mend, so nobody is asked why an application says something else, and
    /// no case keeps it.
    Account,
    /// A licence in force.
    Licence {
        /// Which one.
        licence: LicenceId,
        /// Its name: 食品经营许可证.
        name: String,
        /// The number that people read.
        number: String,
        /// When it was issued.
        issued_on: Date,
    },
    /// An earlier case of the same applicant that was accepted.
    EarlierCase {
        /// Which one.
        case: CaseId,
        /// Its number.
        number: String,
        /// Its item.
        item: String,
        /// When it was received.
        received_on: Date,
    },
}

impl KnownSource {
    /// What programs call it: `licence:…`, `case:…`, `account`.
    pub fn key(&self) -> String {
        match self {
            Self::Account => "account".to_owned(),
            Self::Licence { licence, .. } => format!("licence:{licence}"),
            Self::EarlierCase { case, .. } => format!("case:{case}"),
        }
    }

    /// Whether another answer needs a reason.
    pub const fn asks_reason(&self) -> bool {
        !matches!(self, Self::Account)
    }

    /// What a refusal calls it.
    fn name(&self) -> String {
        match self {
            Self::Account => "登记的个人信息".to_owned(),
            Self::Licence { name, .. } => format!("《{name}》"),
            Self::EarlierCase { number, .. } => format!("以前的办件 {number} "),
        }
    }
}

/// A known answer, as an application keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAnswer {
    /// The field of the form.
    pub field: String,
    /// What it asks.
    pub label: String,
    /// Where the answer comes from.
    pub source: KnownSource,
    /// The answer there.
    pub was: Personal<Value>,
    /// Why the applicant answers something else; empty when they do not.
    pub reason: Personal<String>,
}

impl KnownAnswer {
    /// The same with a reason.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self {
            reason: Personal::new(self.was.person(), reason.trim().to_owned()),
            ..self
        }
    }

    /// The same in the name of a person.
    #[must_use]
    pub(crate) fn of_person(self, person: PersonId) -> Self {
        Self {
            was: Personal::new(person, self.was.get().cloned().unwrap_or_default()),
            reason: Personal::new(person, self.reason.text().to_owned()),
            ..self
        }
    }

    /// Whether the answers say something else. Of a forgotten person nobody can tell.
    pub fn is_changed(&self, answers: Option<&Value>) -> bool {
        let given = answers.and_then(|answers| answers.get(&self.field));
        self.was
            .get()
            .is_some_and(|was| !is_same(was, given.unwrap_or(&Value::Null)))
    }

    /// What is wrong with it, at the place where the reason is written.
    fn check(&self, answers: Option<&Value>) -> Result<(), Rejection> {
        let (label, reason) = (&self.label, self.reason.text().trim());
        let place = format!("{}.reason", self.field);
        if reason.chars().count() > REASON_CHARACTERS_MAX {
            let text = format!("“{label}”为什么改，最多写200个字，请精简。");
            return Err(Rejection::new("known_reason_too_long", text).at(place));
        }
        if self.source.asks_reason() && reason.is_empty() && self.is_changed(answers) {
            let text = format!(
                "“{label}”和{}上的不一样，请写明为什么改，或者改回原来的内容。",
                self.source.name()
            );
            return Err(Rejection::new("known_reason_missing", text).at(place));
        }
        Ok(())
    }
}

/// Whether two answers say the same: a number is the same with and without a point, and a box that is not ticked says as much
/// as none.
fn is_same(was: &Value, given: &Value) -> bool {
    let is_nothing = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
    match (was.as_f64(), given.as_f64()) {
        (Some(was), Some(given)) => (was - given).abs() < f64::EPSILON,
        _ => was == given || is_nothing(was) && is_nothing(given),
    }
}

/// Every known answer that was changed without a reason, or with one that is too long.
pub fn unexplained(known: &[KnownAnswer], answers: Option<&Value>) -> Vec<Rejection> {
    let checked = known.iter().map(|one| one.check(answers));
    checked.filter_map(Result::err).collect()
}

/// Refuses an application that says something else than the house knows, and not why.
///
/// # Errors
/// The first field whose reason is missing or too long.
pub fn check_known(known: &[KnownAnswer], answers: Option<&Value>) -> Result<(), Rejection> {
    if known.len() > KNOWN_MAX {
        let text = "一份申请最多注明200项已知内容的来源，请检查后再提交。";
        return Err(Rejection::new("known_too_many", text).at("known"));
    }
    known.iter().try_for_each(|one| one.check(answers))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    const PERSON: PersonId = PersonId::from_u128(7);

    fn known(source: KnownSource, was: Value, reason: &str) -> KnownAnswer {
        KnownAnswer {
            field: "place".to_owned(),
            label: "经营场所".to_owned(),
            source,
            was: Personal::new(PERSON, was),
            reason: Personal::new(PERSON, reason.to_owned()),
        }
    }

    fn licence() -> KnownSource {
        KnownSource::Licence {
            licence: LicenceId::from_u128(9),
            name: "食品经营许可证".to_owned(),
            number: "JY1".to_owned(),
            issued_on: date(2026, 3, 2),
        }
    }

    fn case() -> KnownSource {
        KnownSource::EarlierCase {
            case: CaseId::from_u128(3),
            number: "610924SPJU20260506000412".to_owned(),
            item: "食品经营许可".to_owned(),
            received_on: date(2026, 5, 6),
        }
    }

    fn check(known: KnownAnswer, given: &Value, expected: &Expect) {
        let answers = json!({ "place": given });
        let told = match check_known(&[known], Some(&answers)) {
            Ok(()) => "taken".to_owned(),
            Err(refused) => format!(
                "{} {}: {}",
                refused.code,
                refused.field.unwrap_or_default(),
                refused.public
            ),
        };
        expected.assert_eq(&told);
    }

    #[test]
    fn another_answer_needs_a_reason_and_the_same_one_none() {
        let old = || json!("环城路1号");
        check(known(licence(), old(), ""), &old(), &expect!["taken"]);
        check(
            known(licence(), old(), " "),
            &json!("环城路2号"),
            &expect![
                "known_reason_missing place.reason: “经营场所”和《食品经营许可证》上的不一样，请写明为什么改，或者改回原来的内容。"
            ],
        );
        check(
            known(case(), old(), ""),
            &Value::Null,
            &expect![
                "known_reason_missing place.reason: “经营场所”和以前的办件 610924SPJU20260506000412 上的不一样，请写明为什么改，或者改回原来的内容。"
            ],
        );
        check(
            known(case(), old(), "搬了"),
            &json!("环城路2号"),
            &expect!["taken"],
        );
        check(
            known(case(), old(), &"搬".repeat(201)),
            &old(),
            &expect![
                "known_reason_too_long place.reason: “经营场所”为什么改，最多写200个字，请精简。"
            ],
        );
        check(
            known(KnownSource::Account, old(), ""),
            &json!("环城路2号"),
            &expect!["taken"],
        );
    }

    #[test]
    fn numbers_and_boxes_are_compared_by_what_they_say() {
        check(
            known(case(), json!(120.0), ""),
            &json!(120),
            &expect!["taken"],
        );
        check(
            known(case(), json!(false), ""),
            &Value::Null,
            &expect!["taken"],
        );
        check(
            known(case(), json!(true), ""),
            &json!(false),
            &expect![
                "known_reason_missing place.reason: “经营场所”和以前的办件 610924SPJU20260506000412 上的不一样，请写明为什么改，或者改回原来的内容。"
            ],
        );
    }

    #[test]
    fn every_change_is_told_at_once_and_their_number_is_bounded() {
        let changed = vec![
            known(case(), json!("甲"), ""),
            known(licence(), json!("乙"), ""),
        ];
        assert_eq!(unexplained(&changed, Some(&json!({}))).len(), 2);
        let many = vec![known(case(), json!("甲"), ""); 201];
        let refused = check_known(&many, None).unwrap_err();
        assert_eq!(refused.code, "known_too_many");
    }
}
