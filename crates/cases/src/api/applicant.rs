//! Who applies, as a program says it: read and checked first, registered last, so that an application that is refused
//! leaves nobody behind.

use serde::Deserialize;
use utoipa::ToSchema;
use wuchuang_access::CitizenDetails;
use wuchuang_codes::{CitizenNumber, PhoneNumber, RecordedCreditCode};
use wuchuang_kernel::PersonId;
use wuchuang_ledger::{ExecuteError, Order};
use wuchuang_webkit::{Caller, Failure};

use crate::{model::ApplicantKind, rooms::CaseRooms, service::ApplicantInput};

/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 100;
/// How long an address or an e-mail may be, in characters.
pub(super) const TEXT_CHARACTERS_MAX: usize = 200;

/// A person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum KindInput {
    /// 自然人.
    Person,
    /// 法人和其他组织.
    Organisation,
}

/// The natural person who acts for an organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandlerInput {
    /// The name.
    #[schema(example = "李小红")]
    name: String,
    /// The citizen number.
    #[schema(example = "61092419900101002X")]
    number: String,
}

/// Who applies.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhoApplies {
    /// A person or an organisation.
    kind: KindInput,
    /// The name.
    #[schema(example = "紫阳县兴盛餐饮店")]
    name: String,
    /// Citizen number (18 digits) or credit code (18 characters).
    #[schema(example = "92610924MA70ABCD2K")]
    number: String,
    /// The phone that messages go to.
    #[schema(example = "13891500000")]
    phone: String,
    /// The address.
    #[serde(default)]
    address: String,
    /// E-mail.
    #[serde(default)]
    email: String,
    /// Who acts for the organisation; needed when staff or a program hand in for an organisation.
    handler: Option<HandlerInput>,
}

impl WhoApplies {
    /// An organisation with the name and number of whoever acts for it, as a counter's page gives them.
    pub fn organisation(
        [name, number, phone, address, email]: [String; 5],
        [handler_name, handler_number]: [String; 2],
    ) -> Self {
        Self {
            kind: KindInput::Organisation,
            name,
            number,
            phone,
            address,
            email,
            handler: Some(HandlerInput {
                name: handler_name,
                number: handler_number,
            }),
        }
    }

    /// Number and name, when an organisation applies.
    pub fn as_organisation(&self) -> Option<(&str, &str)> {
        let is_one = self.is_organisation();
        is_one.then_some((self.number.as_str(), self.name.as_str()))
    }

    /// Whether an organisation applies.
    pub const fn is_organisation(&self) -> bool {
        matches!(self.kind, KindInput::Organisation)
    }
}

/// The rules look at the name again; here its place in the body is told, before anybody is registered.
///
/// # Errors
/// 422 when it is empty or too long.
pub fn check_name(applicant: &WhoApplies) -> Result<(), Failure> {
    let wrong = |sentence: &'static str| Err(Failure::invalid(sentence).at("applicant.name"));
    match applicant.name.trim().chars().count() {
        0 => wrong("请填写申请人姓名或单位名称。"),
        1..=NAME_CHARACTERS_MAX => Ok(()),
        _ => wrong("申请人姓名或单位名称最多100个字，请填写证件上的名称。"),
    }
}

/// Whose application it is: a citizen hands in for themself; for others the person follows from the citizen number.
pub enum Registrant {
    /// Who signed in.
    SignedIn(PersonId),
    /// Whom staff or a program hand in for.
    Named {
        /// The name.
        name: String,
        /// The citizen number.
        number: CitizenNumber,
        /// The phone.
        phone: String,
        /// Where they stand in the body.
        place: &'static str,
    },
}

impl Registrant {
    /// Whose application it is.
    ///
    /// # Errors
    /// 422 when who acts for an organisation is not said, or a number does not read.
    pub fn of(caller: &Caller, applicant: &WhoApplies) -> Result<Self, Failure> {
        if let Some(citizen) = caller.visitor.citizen() {
            return Ok(Self::SignedIn(citizen.person));
        }
        let (name, number, place) = match (applicant.kind, &applicant.handler) {
            (KindInput::Person, _) => (&applicant.name, &applicant.number, "applicant"),
            (KindInput::Organisation, Some(handler)) => {
                (&handler.name, &handler.number, "applicant.handler")
            }
            (KindInput::Organisation, None) => {
                return Err(Failure::invalid("单位申请请填写经办人的姓名和身份证号。")
                    .at("applicant.handler"));
            }
        };
        let number = CitizenNumber::parse(number)
            .map_err(|error| Failure::invalid(error.explain()).at(format!("{place}.number")))?;
        Ok(Self::Named {
            name: name.trim().to_owned(),
            number,
            phone: applicant.phone.trim().to_owned(),
            place,
        })
    }

    /// The person, as far as the house knows them. A number that was mistyped may be somebody else's, who would then own the case.
    ///
    /// # Errors
    /// 422 when the number is registered under another name; when the register cannot be read.
    pub async fn known(
        &self,
        rooms: &CaseRooms,
        caller: &Caller,
    ) -> Result<Option<PersonId>, Failure> {
        let (name, number, place) = match self {
            Self::SignedIn(person) => return Ok(Some(*person)),
            Self::Named {
                name,
                number,
                place,
                ..
            } => (name, number, place),
        };
        let known = rooms
            .directory
            .citizen_find_by_number(caller.region, number)
            .await?;
        if known
            .as_ref()
            .is_some_and(|known| !is_same_name(&known.name, name))
        {
            let text = "这个公民身份号码登记的是另一个姓名，请核对姓名和号码。姓名改过的，请先在窗口更正登记。";
            return Err(Failure::invalid(text).at(format!("{place}.name")));
        }
        Ok(known.map(|known| known.person))
    }

    /// The person, registered now if they are new.
    ///
    /// # Errors
    /// When they cannot be registered.
    pub async fn person(
        &self,
        rooms: &CaseRooms,
        caller: &Caller,
        order: &Order,
    ) -> Result<PersonId, Failure> {
        let (name, number, phone, place) = match self {
            Self::SignedIn(person) => return Ok(*person),
            Self::Named {
                name,
                number,
                phone,
                place,
            } => (name, number, phone, place),
        };
        let directory = &rooms.directory;
        if let Some(known) = self.known(rooms, caller).await? {
            return Ok(known);
        }
        // What was answered under this key registered its applicant; another one comes with another body.
        if rooms.cases.ledger().was_answered(order).await? {
            return Err(ExecuteError::KeyReused.into());
        }
        let (actor, channel) = (caller.visitor.actor(), caller.visitor.channel());
        let details = CitizenDetails {
            name,
            number,
            phone,
        };
        let registered = directory
            .citizen_register(caller.region, actor, channel, &details)
            .await;
        registered.map_err(|error| {
            let failure = Failure::from(error);
            // The register knows its own fields; a program knows those of the body.
            match failure.field.as_deref() {
                Some("phone") => failure.at("applicant.phone"),
                Some(inner) => {
                    let field = format!("{place}.{inner}");
                    failure.at(field)
                }
                None => failure,
            }
        })
    }
}

/// Spaces, and the dots of names of other nations, are typed in several ways.
fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars();
        letters.filter(|letter| letter.is_alphanumeric()).collect()
    };
    plain(one) == plain(other)
}

/// The applicant as the case keeps them.
///
/// # Errors
/// 422 when a number, the phone or a text does not read.
pub fn applicant_of(input: WhoApplies, person: PersonId) -> Result<ApplicantInput, Failure> {
    let number = match input.kind {
        KindInput::Person => CitizenNumber::parse(&input.number)
            .map(|number| number.as_str().to_owned())
            .map_err(|error| Failure::invalid(error.explain()).at("applicant.number"))?,
        // Some codes issued early fail the check although they stand on a valid licence: the page warns, nobody refuses.
        KindInput::Organisation => RecordedCreditCode::parse(&input.number)
            .map(|code| code.as_str().to_owned())
            .map_err(|error| Failure::invalid(error.explain()).at("applicant.number"))?,
    };
    let phone = PhoneNumber::parse(&input.phone)
        .map_err(|error| Failure::invalid(error.explain()).at("applicant.phone"))?;
    for (text, field) in [
        (&input.address, "applicant.address"),
        (&input.email, "applicant.email"),
    ] {
        if text.chars().count() > TEXT_CHARACTERS_MAX {
            return Err(Failure::invalid("最多200个字，请精简。").at(field));
        }
    }
    Ok(ApplicantInput {
        person,
        kind: match input.kind {
            KindInput::Person => ApplicantKind::Person,
            KindInput::Organisation => ApplicantKind::Organisation,
        },
        name: input.name,
        number,
        phone: phone.as_str().to_owned(),
        address: input.address,
        email: input.email,
    })
}
