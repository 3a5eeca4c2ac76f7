//! 删除个人信息 and 法律保留, as acts that somebody ordered for a reason: the ledger keeps that they happened, and nothing about
//! the person (个人信息保护法 arts. 47, 51). The stream's identifier is the person's own, which says nothing once they are
//! forgotten; reasons are about the duty, so they stay readable.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::Rejection;
use wuchuang_ledger::{Context, Stream};

use super::require_text;

/// How long a reason may be, in characters.
pub(crate) const REASON_LENGTH_MAX: usize = 200;
/// So many digits together are a phone or an identity number.
const DIGITS_MAX: usize = 10;

/// What is done with a person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyAct {
    /// 删除个人信息.
    Forget,
    /// 法律保留.
    Hold,
    /// 解除保留.
    Lift,
}

impl PrivacyAct {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Forget, Self::Hold, Self::Lift];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Forget => "forget",
            Self::Hold => "hold",
            Self::Lift => "lift",
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forget => "删除个人信息",
            Self::Hold => "法律保留",
            Self::Lift => "解除保留",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }
}

/// What may be noted.
#[derive(Debug, Clone, Serialize)]
pub enum PrivacyCommand {
    /// Somebody orders an act. It is noted before it is done, so that none is done without a trace.
    Order {
        /// Which one.
        act: PrivacyAct,
        /// Why: the duty or the request, without names and numbers of people.
        reason: String,
    },
    /// The act was done.
    NoteDone(PrivacyAct),
    /// The act was not done, such as a forgetting while the data are held.
    NoteRefused(PrivacyAct),
}

/// What was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyEvent {
    /// Somebody ordered an act.
    Ordered {
        /// Which one.
        act: PrivacyAct,
        /// Why.
        reason: String,
    },
    /// It was done.
    Done {
        /// Which one.
        act: PrivacyAct,
    },
    /// It was not done.
    Refused {
        /// Which one.
        act: PrivacyAct,
    },
}

/// The stream of a person's acts. The ledger itself knows who is held and who was forgotten.
pub struct PrivacyStream;

impl Stream for PrivacyStream {
    const KIND: &'static str = "privacy";
    type State = ();
    type Command = PrivacyCommand;
    type Event = PrivacyEvent;

    fn decide(
        (): &(),
        command: &PrivacyCommand,
        _context: &Context<'_>,
    ) -> Result<Vec<PrivacyEvent>, Rejection> {
        Ok(vec![match command {
            PrivacyCommand::Order { act, reason } => {
                require_text(reason, "理由", "reason", REASON_LENGTH_MAX)?;
                if has_number(reason) {
                    return Err(Rejection::new(
                        "reason_personal",
                        "理由会长期保留，请不要写身份证号、电话号码，改写文号或申请日期。",
                    )
                    .at("reason"));
                }
                PrivacyEvent::Ordered {
                    act: *act,
                    reason: reason.trim().to_owned(),
                }
            }
            PrivacyCommand::NoteDone(act) => PrivacyEvent::Done { act: *act },
            PrivacyCommand::NoteRefused(act) => PrivacyEvent::Refused { act: *act },
        }])
    }

    fn apply((): &mut (), _event: &PrivacyEvent, _recorded_at: Timestamp) {}
}

/// Whether a text holds a number as long as people's numbers are.
fn has_number(text: &str) -> bool {
    let mut digits = 0;
    text.chars().any(|character| {
        if character.is_ascii_digit() || ('０'..='９').contains(&character) {
            digits += 1;
        } else if character != ' ' && character != '-' {
            digits = 0;
        }
        digits > DIGITS_MAX
    })
}

#[cfg(test)]
mod tests {
    use super::has_number;

    #[test]
    fn a_number_of_a_person_is_no_reason() {
        for (text, expected) in [
            ("(2026)陕0924行初12号案件证据", false),
            ("本人2026年11月20日书面申请", false),
            ("电话13891500000要求", true),
            ("138 9150 0000", true),
            ("身份证610924199001011233", true),
        ] {
            assert_eq!(has_number(text), expected, "{text}");
        }
    }
}
