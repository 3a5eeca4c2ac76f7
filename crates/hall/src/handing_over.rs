//! The form of the delivery desk, pure: to the applicant, to somebody they authorised (代领), or by post. Who may take a
//! result is the rule of the case.

use serde::Deserialize;
use wuchuang_cases::model::{
    ApplicantKind, AtCounter, Authorisation, Case, Delivered, DeliveryChoice,
};
use wuchuang_webkit::forms::FieldErrors;

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
            authorisation: Authorisation::Original.code().to_owned(),
            ..Self::default()
        }
    }

    /// Whether somebody else takes it.
    pub(crate) fn is_on_behalf(&self) -> bool {
        self.on_behalf == "true"
    }
}

/// How the result was handed over, or what is missing. Who may take it is the case's own rule.
pub(crate) fn delivered(
    form: &HandOver,
    case: &Case,
    errors: &mut FieldErrors,
) -> Option<Delivered> {
    let given = AtCounter {
        name: &form.receiver,
        on_behalf: form.is_on_behalf(),
        number: &form.receiver_number,
        authorisation: &form.authorisation,
    };
    let delivered = if form.method == "post" {
        Delivered::by_post(&form.carrier, &form.tracking)
    } else {
        Delivered::at_counter(case, &given)
    };
    match delivered {
        Ok(delivered) => Some(delivered),
        Err(refusals) => {
            for refusal in refusals {
                let field = refusal.field.as_deref().unwrap_or("receiver").to_owned();
                errors.add(field, refusal.public);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_tick_hands_over_to_somebody_else() {
        let form = |on_behalf: &str| HandOver {
            on_behalf: on_behalf.to_owned(),
            ..HandOver::default()
        };
        assert!(form("true").is_on_behalf());
        assert!(!form("").is_on_behalf() && !form("no").is_on_behalf());
    }
}
