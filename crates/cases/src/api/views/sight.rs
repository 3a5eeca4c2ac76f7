//! What of personal values programs see: this is the one place where the API masks.

use wuchuang_codes::{mask_citizen_number, mask_contact, mask_phone};
use wuchuang_kernel::{mask_address, mask_name};

use crate::model::ApplicantKind;

/// What of personal values is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Sight {
    /// Names, numbers, phones and addresses are masked; the form's answers are left out.
    Masked,
    /// Everything.
    Full,
}

impl Sight {
    pub(super) fn name(self, kind: ApplicantKind, name: &str) -> String {
        match (self, kind) {
            (Self::Full, _) | (_, ApplicantKind::Organisation) => name.to_owned(),
            (Self::Masked, ApplicantKind::Person) => mask_name(name),
        }
    }

    pub(super) fn number(self, kind: ApplicantKind, number: &str) -> String {
        match (self, kind) {
            (Self::Full, _) | (_, ApplicantKind::Organisation) => number.to_owned(),
            (Self::Masked, ApplicantKind::Person) => mask_citizen_number(number),
        }
    }

    pub(super) fn phone(self, phone: &str) -> String {
        match self {
            Self::Full => phone.to_owned(),
            Self::Masked => mask_phone(phone),
        }
    }

    pub(super) fn address(self, address: &str) -> String {
        match self {
            Self::Full => address.to_owned(),
            Self::Masked => mask_address(address),
        }
    }

    pub(super) fn email(self, email: &str) -> String {
        match self {
            Self::Full => email.to_owned(),
            Self::Masked => mask_contact(email),
        }
    }
}
