//! How a result leaves the counter, pure: to the applicant, to somebody they authorised (代领), or by
//! post.

use serde::Deserialize;
use wuchuang_cases::model::{Applicant, ApplicantKind, Case, Delivered, DeliveryChoice};
use wuchuang_codes::CitizenNumber;
use wuchuang_kernel::Personal;
use wuchuang_webkit::forms::FieldErrors;

/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 40;
/// How long a carrier's name or a tracking number may be, in characters.
const TRACKING_CHARACTERS_MAX: usize = 60;

/// What proves at the counter that somebody may fetch for another, and stays there (代领): code and word.
pub(crate) const AUTHORISATIONS: [(&str, &str); 3] = [
    ("original", "授权委托书原件，已留存"),
    ("copy", "授权委托书已核对原件，复印件留存"),
    ("notarised", "公证委托书，复印件留存"),
];

/// The form of the delivery desk.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct HandOver {
    /// `counter` or `post`.
    #[serde(default)]
    pub(crate) method: String,
    /// Who takes it.
    #[serde(default)]
    pub(crate) receiver: String,
    /// `true` when the receiver is not the applicant.
    #[serde(default)]
    pub(crate) on_behalf: String,
    /// The receiver's citizen number, when they act for the applicant.
    #[serde(default)]
    pub(crate) receiver_number: String,
    /// The code of the authorisation that stays at the counter, when they act for the applicant.
    #[serde(default)]
    pub(crate) authorisation: String,
    /// The carrier.
    #[serde(default)]
    pub(crate) carrier: String,
    /// The tracking number.
    #[serde(default)]
    pub(crate) tracking: String,
    /// The version of the case that the clerk saw.
    #[serde(default)]
    pub(crate) version: String,
    /// The key of the form.
    #[serde(default)]
    pub(crate) command_id: String,
}

impl HandOver {
    /// What the page begins with: a person fetches their own result; somebody fetches for an
    /// organisation, and then it is asked who.
    pub(crate) fn of(case: &Case) -> Self {
        let is_person = case.applicant.kind == ApplicantKind::Person;
        Self {
            method: match case.delivery {
                DeliveryChoice::Post { .. } => "post".to_owned(),
                DeliveryChoice::Counter | DeliveryChoice::Electronic => "counter".to_owned(),
            },
            receiver: if is_person {
                case.applicant.name.text().to_owned()
            } else {
                String::new()
            },
            authorisation: AUTHORISATIONS[0].0.to_owned(),
            ..Self::default()
        }
    }

    /// Whether somebody else takes it.
    pub(crate) fn is_on_behalf(&self) -> bool {
        self.on_behalf == "true"
    }
}

/// How the result was handed over, or what is missing. Who collects for another leaves name and number,
/// because the proof of delivery must say who has the result.
pub(crate) fn delivered(
    form: &HandOver,
    applicant: &Applicant,
    errors: &mut FieldErrors,
) -> Delivered {
    let cut = |text: &str, limit: usize| -> String { text.trim().chars().take(limit).collect() };
    if form.method == "post" {
        let (carrier, tracking) = (
            cut(&form.carrier, TRACKING_CHARACTERS_MAX),
            cut(&form.tracking, TRACKING_CHARACTERS_MAX),
        );
        if carrier.is_empty() {
            errors.add("carrier", "请填写快递公司。");
        }
        if tracking.is_empty() {
            errors.add("tracking", "请填写运单号，申请人凭它查询。");
        }
        return Delivered::Post { carrier, tracking };
    }
    let name = cut(&form.receiver, NAME_CHARACTERS_MAX);
    if name.is_empty() {
        errors.add("receiver", "请填写领取人姓名。");
    }
    let on_behalf = form.is_on_behalf();
    let receiver = if on_behalf {
        agent(form, name, errors)
    } else {
        let own_name = applicant.name.text();
        if applicant.kind == ApplicantKind::Person && !name.is_empty() && name != own_name {
            errors.add(
                "receiver",
                "领取人不是申请人本人：请勾选“代领”，并填写代领人身份证号。",
            );
        }
        name
    };
    Delivered::Counter {
        receiver: Personal::new(applicant.person, receiver),
        on_behalf,
    }
}

/// Who fetches for another, with their number and what authorised them, as the proof of delivery says it.
fn agent(form: &HandOver, name: String, errors: &mut FieldErrors) -> String {
    let number = CitizenNumber::parse(&form.receiver_number)
        .map_err(|error| errors.add("receiver_number", format!("代领人：{}", error.explain())));
    let authorisation = AUTHORISATIONS
        .iter()
        .find(|(code, _)| *code == form.authorisation);
    if authorisation.is_none() {
        errors.add(
            "authorisation",
            "请选择留存了哪种委托书：没有申请人的授权，不能代领。",
        );
    }
    match (number, authorisation) {
        (Ok(number), Some((_, word))) => format!("{name}（身份证号 {}；{word}）", number.as_str()),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use wuchuang_kernel::PersonId;

    use super::*;

    fn applicant(kind: ApplicantKind) -> Applicant {
        let person = PersonId::from_u128(1);
        let own = |text: &str| Personal::new(person, text.to_owned());
        Applicant {
            person,
            kind,
            name: own("张三"),
            number: own("11010519491231002X"),
            phone: own(""),
            address: own(""),
            email: own(""),
        }
    }

    fn check(form: HandOver, kind: ApplicantKind, expected: &Expect) {
        let mut errors = FieldErrors::new();
        let delivered = delivered(&form, &applicant(kind), &mut errors);
        let who = match &delivered {
            Delivered::Counter { receiver, .. } => receiver.text().to_owned(),
            Delivered::Post { carrier, tracking } => format!("{carrier} {tracking}"),
            Delivered::Electronic => String::new(),
        };
        let errors: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        expected.assert_eq(&format!("{} {who} {errors:?}", delivered.name()));
    }

    fn counter(receiver: &str, on_behalf: &str, number: &str) -> HandOver {
        HandOver {
            method: "counter".to_owned(),
            receiver: receiver.to_owned(),
            on_behalf: on_behalf.to_owned(),
            receiver_number: number.to_owned(),
            authorisation: "original".to_owned(),
            ..HandOver::default()
        }
    }

    #[test]
    fn the_proof_says_who_has_the_result() {
        let person = ApplicantKind::Person;
        check(
            counter(" 张三 ", "", ""),
            person,
            &expect!["窗口领取 张三 []"],
        );
        check(
            counter("李四", "", ""),
            person,
            &expect![
                "窗口领取 李四 [\"领取人不是申请人本人：请勾选“代领”，并填写代领人身份证号。\"]"
            ],
        );
        check(
            counter("李四", "true", "11010519491231002x"),
            person,
            &expect!["窗口代领 李四（身份证号 11010519491231002X；授权委托书原件，已留存） []"],
        );
        check(
            counter("", "", ""),
            person,
            &expect!["窗口领取  [\"请填写领取人姓名。\"]"],
        );
        check(
            counter("李四", "", ""),
            ApplicantKind::Organisation,
            &expect!["窗口领取 李四 []"],
        );
        let mut errors = FieldErrors::new();
        delivered(
            &HandOver {
                authorisation: "said so".to_owned(),
                ..counter("李四", "true", "1")
            },
            &applicant(person),
            &mut errors,
        );
        assert!(errors.of("authorisation").is_some());
        assert!(
            errors
                .of("receiver_number")
                .is_some_and(|message| message.starts_with("代领人："))
        );
    }

    #[test]
    fn the_post_wants_a_number_to_ask_for() {
        let post = |carrier: &str, tracking: &str| HandOver {
            method: "post".to_owned(),
            carrier: carrier.to_owned(),
            tracking: tracking.to_owned(),
            ..HandOver::default()
        };
        check(
            post("邮政", " EX123 "),
            ApplicantKind::Person,
            &expect!["邮寄 邮政 EX123 []"],
        );
        check(
            post("", ""),
            ApplicantKind::Person,
            &expect!["邮寄   [\"请填写快递公司。\", \"请填写运单号，申请人凭它查询。\"]"],
        );
    }
}
