//! Identity numbers, credit codes, region and item codes, licence identifiers: parse to a typed value or an error that
//! names the position.
//!
//! `mask` is the one place that hides numbers and addresses; names and places are masked in `wuchuang_kernel`, beside
//! the personal values that they are.
//!
//! This crate lies on the ground floor because every window reads the same numbers: a citizen number typed at the
//! counter, on the phone or in an Excel sheet must pass or fail by one rule. It is pure: no clock, no randomness, no
//! tables of places (those belong to the catalogue, which can be updated without a release).
//!
//! Every `parse` accepts what people really type (full-width digits, lower-case letters, blanks) and keeps the one
//! canonical form. Types that name a person (`CitizenNumber`, `PhoneNumber`) have no `Display`, and their `Debug` is
//! masked, so that they cannot slip into a log by accident.

mod check;
mod citizen;
mod credit;
mod error;
mod index_number;
mod input;
mod item;
mod licence;
mod mask;
mod organisation;
mod phone;
mod region;
mod tables;
mod text;

pub use citizen::{CitizenNumber, Sex};
pub use credit::{CreditCode, RecordedCreditCode, SubjectKind};
pub use error::{Alphabet, CodeError, CodeKind, Rule};
pub use index_number::IndexNumber;
pub use item::{
    BasicItemCode, HandlingItemCode, ImplementationItemCode, ItemType, ItemTypeExtension,
    LOCAL_CODE_CHARACTERS_MAX, LocalCode, NationalItemCode, ShortHandlingItemCode,
};
pub use licence::{LicenceIdentifier, LicenceTypeCode};
pub use mask::{mask_citizen_number, mask_contact, mask_phone};
pub use organisation::OrganisationCode;
pub use phone::PhoneNumber;
pub use region::{CommitteeKind, RegionCode, RegionLevel};
pub use tables::{
    ExerciseLevel, HandlingForm, HandlingKind, Satisfaction, ServiceObject, SpecialProcedure,
    SubjectNature,
};

/// Every Chinese name of the code tables with its English, for the pages in English. The tables own both, so that a new
/// value cannot be forgotten on them.
pub fn english_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let extensions = ["11", "21"]
        .into_iter()
        .filter_map(|code| ItemType::from_code(code).ok());
    tables::english_names().chain(
        ItemType::NATIONAL
            .into_iter()
            .chain(extensions)
            .map(|kind| (kind.name(), kind.english())),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is typed or pasted, each parser answers with a value or with an explanation.
        #[test]
        fn no_input_makes_a_parser_panic(
            text in "(1\\.2\\.156\\.3005\\.2\\.)?(11100000000013338W011|719776475/|0|1|86)?[0-9A-Zx./()+\\-０中 ]{0,60}",
        ) {
            let errors = [
                CitizenNumber::parse(&text).err(),
                CreditCode::parse(&text).err(),
                OrganisationCode::parse(&text).err(),
                RegionCode::parse(&text).err(),
                NationalItemCode::parse(&text).err(),
                LocalCode::parse(&text).err(),
                LicenceIdentifier::parse(&text).err(),
                IndexNumber::parse(&text).err(),
                PhoneNumber::parse(&text).err(),
                ItemType::from_code(&text).err(),
                ExerciseLevel::from_code(&text).err(),
            ];
            for error in errors.into_iter().flatten() {
                prop_assert!(error.explain().ends_with(['。', '？']));
            }
        }
    }
}
