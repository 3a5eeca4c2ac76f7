//! 送达: who takes the result away, and by which right. One rule for the counter, the case page and programs: the applicant
//! in person, the agent whom the application names, or somebody whom the applicant authorised. The latter two leave their
//! citizen number, and who is no agent an authorisation, because the proof of delivery must say who has the result.

use serde::{Deserialize, Serialize};
use wuchuang_codes::CitizenNumber;
use wuchuang_kernel::{Personal, Rejection};

use super::super::{Case, parts::ApplicantKind};

/// How long a receiver's name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 40;
/// How long a carrier's name or a tracking number may be, in characters.
const TRACKING_CHARACTERS_MAX: usize = 60;

/// How the result was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "delivery")]
pub enum Delivered {
    /// At a counter, as it was recorded before receivers were told apart. Read as the applicant in person, or as somebody
    /// without proof, when a command still says it so.
    Counter {
        /// Who took it.
        receiver: Personal<String>,
        /// Whether the receiver is not the applicant (代领).
        on_behalf: bool,
    },
    /// At a counter.
    CounterV2 {
        /// Who took it.
        receiver: Receiver,
    },
    /// By post.
    Post {
        /// The carrier.
        carrier: String,
        /// The tracking number.
        tracking: String,
    },
    /// Electronically.
    Electronic,
}

/// Who took the result at a counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// The name.
    pub name: Personal<String>,
    /// By which right.
    pub right: ReceiverRight,
}

/// By which right somebody takes the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum ReceiverRight {
    /// The applicant in person, or whoever comes from the organisation that applied.
    Applicant,
    /// The agent whom the application names; the authorisation was seen when it was received.
    Agent {
        /// The citizen number.
        number: Personal<String>,
    },
    /// Somebody whom the applicant authorised (代领).
    Authorised {
        /// The citizen number.
        number: Personal<String>,
        /// What proves it and stays with the authority.
        authorisation: Authorisation,
    },
}

/// What proves that somebody may fetch for another, and stays with the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authorisation {
    /// The original.
    Original,
    /// A copy that was compared with the original.
    Copy,
    /// A copy of a notarised one.
    Notarised,
}

impl Authorisation {
    /// All of them, the usual one first.
    pub const ALL: [Self; 3] = [Self::Original, Self::Copy, Self::Notarised];

    /// The stored form, for forms and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Copy => "copy",
            Self::Notarised => "notarised",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// The words that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "授权委托书原件，已留存",
            Self::Copy => "授权委托书已核对原件，复印件留存",
            Self::Notarised => "公证委托书，复印件留存",
        }
    }
}

/// What a window records of the person before it.
#[derive(Debug, Clone, Default)]
pub struct AtCounter<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether it is somebody else than the applicant (代领).
    pub on_behalf: bool,
    /// The citizen number of somebody else.
    pub number: &'a str,
    /// The code of the authorisation that stays; the agent of the application needs none.
    pub authorisation: &'a str,
}

impl Delivered {
    /// What was recorded at a counter, or everything that stands against handing over.
    ///
    /// # Errors
    /// One rejection for each field that is missing or wrong: `receiver`, `receiver_number`, `authorisation`.
    pub fn at_counter(case: &Case, given: &AtCounter<'_>) -> Result<Self, Vec<Rejection>> {
        let own = |text: &str| Personal::new(case.applicant.person, text.to_owned());
        let name = given.name.trim();
        let number = CitizenNumber::parse(given.number).map_or_else(
            |_| given.number.trim().to_owned(),
            |it| it.as_str().to_owned(),
        );
        let mut refusals = Vec::new();
        let right = if !given.on_behalf {
            ReceiverRight::Applicant
        } else if agent_name(case).is_some_and(|agent| agent == name) {
            ReceiverRight::Agent {
                number: own(&number),
            }
        } else {
            let authorisation = Authorisation::from_code(given.authorisation);
            if authorisation.is_none() {
                refusals.push(authorisation_missing());
            }
            ReceiverRight::Authorised {
                number: own(&number),
                authorisation: authorisation.unwrap_or(Authorisation::Original),
            }
        };
        let delivered = Self::CounterV2 {
            receiver: Receiver {
                name: own(name),
                right,
            },
        };
        refusals.extend(delivered.problems(case));
        if refusals.is_empty() {
            Ok(delivered)
        } else {
            Err(refusals)
        }
    }

    /// What was recorded when a result went into the post, or everything that is missing.
    ///
    /// # Errors
    /// One rejection for each field that is missing or too long: `carrier`, `tracking`.
    pub fn by_post(carrier: &str, tracking: &str) -> Result<Self, Vec<Rejection>> {
        let (carrier, tracking) = (carrier.trim(), tracking.trim());
        let mut refusals = Vec::new();
        for (field, text, missing) in [
            ("carrier", carrier, "请填写快递公司。"),
            ("tracking", tracking, "请填写运单号，申请人凭它查询。"),
        ] {
            if text.is_empty() {
                refusals.push(Rejection::new("tracking_missing", missing).at(field));
            } else if text.chars().count() > TRACKING_CHARACTERS_MAX {
                let text =
                    format!("快递公司和运单号各不超过{TRACKING_CHARACTERS_MAX}个字，请核对面单。");
                refusals.push(Rejection::new("tracking_long", text).at(field));
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(Self::Post {
            carrier: carrier.to_owned(),
            tracking: tracking.to_owned(),
        })
    }

    /// Everything that stands against handing over in this way.
    pub fn problems(&self, case: &Case) -> Vec<Rejection> {
        match self {
            Self::Counter {
                receiver,
                on_behalf,
            } => {
                let mut refusals = of_receiver(case, receiver, &ReceiverRight::Applicant);
                if *on_behalf {
                    refusals.retain(|refusal| refusal.code != OTHER_PERSON);
                    refusals.push(authorisation_missing());
                }
                refusals
            }
            Self::CounterV2 { receiver } => of_receiver(case, &receiver.name, &receiver.right),
            Self::Post { carrier, tracking } => {
                Self::by_post(carrier, tracking).err().unwrap_or_default()
            }
            Self::Electronic => Vec::new(),
        }
    }

    /// The same as it is recorded from now on.
    pub(super) fn recorded(&self) -> Self {
        match self {
            Self::Counter {
                receiver,
                on_behalf: false,
            } => Self::CounterV2 {
                receiver: Receiver {
                    name: receiver.clone(),
                    right: ReceiverRight::Applicant,
                },
            },
            other => other.clone(),
        }
    }

    /// The word that people read.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Counter {
                on_behalf: true, ..
            }
            | Self::CounterV2 {
                receiver:
                    Receiver {
                        right: ReceiverRight::Agent { .. } | ReceiverRight::Authorised { .. },
                        ..
                    },
            } => "窗口代领",
            Self::Counter { .. } | Self::CounterV2 { .. } => "窗口领取",
            Self::Post { .. } => "邮寄",
            Self::Electronic => "电子送达",
        }
    }

    /// Who took it instead of a person who applied, with what the proof of delivery says of them; `None` when nobody did.
    pub fn received_for(&self, case: &Case) -> Option<String> {
        match self {
            Self::Counter {
                receiver,
                on_behalf: true,
            } => Some(format!("{}（代领）", receiver.text())),
            Self::CounterV2 { receiver } => {
                let name = receiver.name.text();
                match &receiver.right {
                    ReceiverRight::Applicant => (case.applicant.kind
                        == ApplicantKind::Organisation
                        && name != case.applicant.name.text())
                    .then(|| format!("{name}（单位经办人）")),
                    ReceiverRight::Agent { number } => {
                        Some(format!("{name}（代理人，身份证号 {}）", number.text()))
                    }
                    ReceiverRight::Authorised {
                        number,
                        authorisation,
                    } => Some(format!(
                        "{name}（身份证号 {}；{}）（代领）",
                        number.text(),
                        authorisation.name()
                    )),
                }
            }
            _ => None,
        }
    }
}

/// The code of the refusal when somebody else than the applicant stands there.
const OTHER_PERSON: &str = "receiver_other";

fn agent_name(case: &Case) -> Option<&str> {
    let agent = case.agent.as_ref()?;
    Some(agent.name.text()).filter(|name| !name.is_empty())
}

fn authorisation_missing() -> Rejection {
    Rejection::new(
        "authorisation_missing",
        "请选择留存了哪种委托书：没有申请人的授权，不能代领。",
    )
    .at("authorisation")
}

fn of_receiver(case: &Case, name: &Personal<String>, right: &ReceiverRight) -> Vec<Rejection> {
    let mut refusals = Vec::new();
    let name = name.text().trim();
    if name.is_empty() {
        refusals.push(Rejection::new("receiver_missing", "请填写领取人姓名。").at("receiver"));
    } else if name.chars().count() > NAME_CHARACTERS_MAX {
        refusals.push(
            Rejection::new(
                "receiver_too_long",
                "领取人姓名最多40个字，请填写证件上的姓名。",
            )
            .at("receiver"),
        );
    }
    match right {
        ReceiverRight::Applicant => {
            let applicant = &case.applicant;
            // Whose name was forgotten cannot be compared with any more.
            let is_other = applicant.kind == ApplicantKind::Person
                && applicant.name.get().is_some_and(|own| own.trim() != name);
            if !name.is_empty() && is_other {
                refusals.push(
                    Rejection::new(
                        OTHER_PERSON,
                        "领取人不是申请人本人：请勾选“代领”，并填写代领人身份证号。",
                    )
                    .at("receiver"),
                );
            }
        }
        ReceiverRight::Agent { number } => {
            if agent_name(case) != Some(name) {
                refusals.push(
                    Rejection::new(
                        "receiver_no_agent",
                        "这个办件没有登记这位代理人：请按代领登记，并留存委托书。",
                    )
                    .at("receiver"),
                );
            }
            refusals.extend(of_number(case, number));
            let known = case.agent.as_ref().map_or("", |agent| agent.number.text());
            if refusals.is_empty() && !known.is_empty() && known != number.text() {
                refusals.push(
                    Rejection::new(
                        "receiver_number_other",
                        "代领人：身份证号与办件登记的代理人不一致，请核对证件。",
                    )
                    .at("receiver_number"),
                );
            }
        }
        ReceiverRight::Authorised { number, .. } => refusals.extend(of_number(case, number)),
    }
    refusals
}

/// The citizen number of somebody who fetches for another.
fn of_number(case: &Case, number: &Personal<String>) -> Option<Rejection> {
    let wrong =
        |sentence: String| Some(Rejection::new("receiver_number", sentence).at("receiver_number"));
    match CitizenNumber::parse(number.text()) {
        Err(error) => wrong(format!("代领人：{}", error.explain())),
        Ok(number) if number.as_str() == case.applicant.number.text() => wrong(
            "代领人：这是申请人本人的身份证号。本人领取请取消“代领”，代领请填写代领人的。"
                .to_owned(),
        ),
        Ok(_) => None,
    }
}
