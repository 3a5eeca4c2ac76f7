//! A citizen: known at the counter by number, on the phone by a number that a code proved.
//! Everything about them is personal, so that they can be forgotten (个人信息保护法 art. 47).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_codes::{CitizenNumber, PhoneNumber};
use wuchuang_kernel::{PersonId, Personal, Rejection};
use wuchuang_ledger::{Context, Stream};

use super::require_text;

/// What may be asked of a citizen's record.
#[derive(Debug, Clone, Serialize)]
pub enum CitizenCommand {
    /// Enters a citizen who stands at a counter.
    Register {
        /// The name, as on the identity card.
        name: String,
        /// The citizen number (GB 11643).
        number: String,
        /// A phone number to reach them; may be empty.
        phone: String,
    },
    /// Notes that a code proved this phone number; enters the citizen if they are new.
    ProvePhone {
        /// The number.
        phone: String,
    },
    /// Completes name and number, which the citizen gave themself.
    Complete {
        /// The name, as on the identity card.
        name: String,
        /// The citizen number.
        number: String,
    },
    /// Mends the record at the counter, before the identity card.
    Correct(CitizenCorrection),
    /// Notes that this record, known by phone alone, belongs to a person who is already known.
    Join {
        /// The known person.
        into: PersonId,
    },
}

/// The record as it ought to be, and why it is mended.
#[derive(Clone, Serialize)]
pub struct CitizenCorrection {
    /// The name, as on the identity card.
    pub name: String,
    /// The citizen number; empty when it stays.
    pub number: String,
    /// The phone number to reach them; may be empty.
    pub phone: String,
    /// Why, for the record.
    pub reason: String,
}

// Everything here is personal.
impl std::fmt::Debug for CitizenCorrection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CitizenCorrection")
            .finish_non_exhaustive()
    }
}

/// What happened to a citizen's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CitizenEvent {
    /// A counter entered them.
    Registered {
        /// The name.
        name: Personal<String>,
        /// The citizen number.
        number: Personal<String>,
        /// A phone number to reach them.
        phone: Personal<String>,
    },
    /// A code proved this phone number.
    PhoneProved {
        /// The number.
        phone: Personal<String>,
    },
    /// They gave name and number.
    Completed {
        /// The name.
        name: Personal<String>,
        /// The citizen number.
        number: Personal<String>,
    },
    /// A counter mended name and phone.
    Corrected {
        /// The name.
        name: Personal<String>,
        /// The phone number.
        phone: Personal<String>,
    },
    /// A counter mended the record for a reason. The phone that signs them in ends with the number that was wrong or lost.
    CorrectedV2 {
        /// The name.
        name: Personal<String>,
        /// The citizen number.
        number: Personal<String>,
        /// The phone number.
        phone: Personal<String>,
        /// Why.
        reason: Personal<String>,
    },
    /// The record was joined to another person's.
    Joined {
        /// The other person.
        into: PersonId,
    },
}

/// A citizen as the events add up. Forgotten values are empty texts.
#[derive(Clone, Default)]
pub struct CitizenState {
    /// Whether there is any event.
    pub is_known: bool,
    /// The name; empty until given.
    pub name: String,
    /// The citizen number; empty until given.
    pub number: String,
    /// The phone number to reach them.
    pub phone: String,
    /// The numbers that were mended since: what was handed in under one of them is answered on the present one.
    pub former_phones: Vec<String>,
    /// The phone number that a code proved and that signs them in; empty when none.
    pub proved_phone: String,
    /// The person to whom this record was joined.
    pub joined: Option<PersonId>,
}

impl CitizenState {
    fn change_phone(&mut self, phone: &str) {
        let before = std::mem::replace(&mut self.phone, phone.to_owned());
        if !before.is_empty() && before != self.phone && !self.former_phones.contains(&before) {
            self.former_phones.push(before);
        }
    }

    /// On which number somebody is reached now who gave one for a matter: a number that was mended since is not theirs, or
    /// not in use, any more. A number that was given for the matter alone stays.
    pub fn phone_for<'a>(&'a self, given: &'a str) -> &'a str {
        let is_mended = self.former_phones.iter().any(|former| former == given);
        if is_mended && !self.phone.is_empty() {
            &self.phone
        } else {
            given
        }
    }
}

// Everything here is personal, so nothing of it is shown.
impl std::fmt::Debug for CitizenState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CitizenState")
            .field("is_known", &self.is_known)
            .finish_non_exhaustive()
    }
}

/// The stream of a citizen.
pub struct CitizenStream;

impl Stream for CitizenStream {
    const KIND: &'static str = "citizen";
    type State = CitizenState;
    type Command = CitizenCommand;
    type Event = CitizenEvent;

    fn decide(
        state: &CitizenState,
        command: &CitizenCommand,
        context: &Context<'_>,
    ) -> Result<Vec<CitizenEvent>, Rejection> {
        let person = PersonId::from(context.stream);
        let own = |text: &str| Personal::new(person, text.trim().to_owned());
        if state.joined.is_some() {
            return Err(Rejection::new(
                "citizen_joined",
                "这份资料已经并入另一份，请重新登录后再试。",
            ));
        }
        match command {
            CitizenCommand::Register {
                name,
                number,
                phone,
            } => register(state, own, name, number, phone),
            CitizenCommand::ProvePhone { phone } if *phone == state.proved_phone => Ok(Vec::new()),
            CitizenCommand::ProvePhone { phone } => {
                Ok(vec![CitizenEvent::PhoneProved { phone: own(phone) }])
            }
            CitizenCommand::Complete { name, number } => complete(state, own, name, number),
            CitizenCommand::Correct(correction) => correct(state, own, correction),
            CitizenCommand::Join { into } => {
                if !state.number.is_empty() || *into == person {
                    return Err(Rejection::new(
                        "citizen_complete",
                        "这份资料已有身份证号，不能并入另一份。",
                    ));
                }
                Ok(vec![CitizenEvent::Joined { into: *into }])
            }
        }
    }

    fn apply(state: &mut CitizenState, event: &CitizenEvent, _recorded_at: Timestamp) {
        state.is_known = true;
        match event {
            CitizenEvent::Registered {
                name,
                number,
                phone,
            } => {
                name.text().clone_into(&mut state.name);
                number.text().clone_into(&mut state.number);
                phone.text().clone_into(&mut state.phone);
            }
            CitizenEvent::PhoneProved { phone } => {
                phone.text().clone_into(&mut state.proved_phone);
                phone.text().clone_into(&mut state.phone);
            }
            CitizenEvent::Completed { name, number } => {
                name.text().clone_into(&mut state.name);
                number.text().clone_into(&mut state.number);
            }
            CitizenEvent::Corrected { name, phone } => {
                name.text().clone_into(&mut state.name);
                state.change_phone(phone.text());
            }
            CitizenEvent::CorrectedV2 {
                name,
                number,
                phone,
                reason: _,
            } => {
                name.text().clone_into(&mut state.name);
                number.text().clone_into(&mut state.number);
                state.change_phone(phone.text());
                if state.proved_phone != state.phone {
                    state.proved_phone.clear();
                }
            }
            CitizenEvent::Joined { into } => {
                state.joined = Some(*into);
                state.proved_phone.clear();
            }
        }
    }
}

fn register(
    state: &CitizenState,
    own: impl Fn(&str) -> Personal<String>,
    name: &str,
    number: &str,
    phone: &str,
) -> Result<Vec<CitizenEvent>, Rejection> {
    if state.is_known {
        return Err(Rejection::new("citizen_known", "这个人已经登记。"));
    }
    let number = check_identity(name, number)?;
    Ok(vec![CitizenEvent::Registered {
        name: own(name),
        number: own(&number),
        phone: own(&check_phone(phone)?),
    }])
}

fn complete(
    state: &CitizenState,
    own: impl Fn(&str) -> Personal<String>,
    name: &str,
    number: &str,
) -> Result<Vec<CitizenEvent>, Rejection> {
    let number = check_identity(name, number)?;
    if !state.is_known {
        return Err(Rejection::new(
            "citizen_unknown",
            "请先登录，再填写个人信息。",
        ));
    }
    if !state.number.is_empty() && state.number != number {
        return Err(Rejection::new(
            "number_fixed",
            "身份证号登记后不能自己更改。如果填错了，请带身份证到任一窗口更正。",
        )
        .at("number"));
    }
    Ok(vec![CitizenEvent::Completed {
        name: own(name),
        number: own(&number),
    }])
}

fn correct(
    state: &CitizenState,
    own: impl Fn(&str) -> Personal<String>,
    correction: &CitizenCorrection,
) -> Result<Vec<CitizenEvent>, Rejection> {
    if !state.is_known {
        return Err(Rejection::new(
            "citizen_unknown",
            "没有这个人的登记，请先登记。",
        ));
    }
    require_text(&correction.name, "姓名", "name", 40)?;
    require_text(&correction.reason, "更正的理由", "reason", 200)?;
    let number = if correction.number.trim().is_empty() {
        state.number.clone()
    } else {
        check_identity(&correction.name, &correction.number)?
    };
    let phone = check_phone(&correction.phone)?;
    if correction.name.trim() == state.name && number == state.number && phone == state.phone {
        return Err(
            Rejection::new("nothing_corrected", "与现在的登记相同，没有要更正的内容。").at("name"),
        );
    }
    Ok(vec![CitizenEvent::CorrectedV2 {
        name: own(&correction.name),
        number: own(&number),
        phone: own(&phone),
        reason: own(&correction.reason),
    }])
}

/// The number in its canonical form, when name and number read.
fn check_identity(name: &str, number: &str) -> Result<String, Rejection> {
    require_text(name, "姓名", "name", 40)?;
    CitizenNumber::parse(number)
        .map(|number| number.as_str().to_owned())
        .map_err(|error| Rejection::new("citizen_number", error.explain()).at("number"))
}

/// The phone number in its canonical form; an empty text stays empty.
fn check_phone(phone: &str) -> Result<String, Rejection> {
    if phone.trim().is_empty() {
        return Ok(String::new());
    }
    PhoneNumber::parse(phone)
        .map(|phone| phone.as_str().to_owned())
        .map_err(|error| Rejection::new("phone_form", error.explain()).at("phone"))
}
