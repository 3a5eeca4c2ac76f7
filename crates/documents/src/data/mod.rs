//! What each template reads, as documented structs; each has a `sample()` for previews of templates and for tests.
//!
//! They live beside the templates because field names here and in `assets/documents/*.typ` must change together.
//! Amounts, times and limits arrive as text already worded by the slice that knows the rule; dates arrive as dates,
//! and the templates print them as 2026年11月20日.

mod application;
mod certificate;
mod closing;
mod decisions;
mod handbook;
mod inspection;
mod notices;
mod parts;
mod procedures;
mod service;
mod slips;
mod stopping;
mod supplied;

pub use application::{ApplicationForm, FormAnswer, FormGroup, FormTable};
pub use certificate::Certificate;
pub use closing::Closing;
pub use decisions::{DecisionGranted, DecisionRefused, GrantedResult, NotAccepted};
pub use handbook::{Handbook, HandbookGuide};
pub use inspection::{Inspected, Inspection};
pub use notices::{Acceptance, Conditional, Correction, Defect, MissingMaterial};
pub use parts::{CaseReference, Contact, Fact, Head, Remedy, Seal, Verification};
pub use procedures::{Extension, SpecialProcedure};
pub use service::{OneTimeNotice, RequiredMaterial};
pub use slips::{Delivery, Pickup, Receipt, ReceivedMaterial};
pub use stopping::{Termination, Withdrawal};
pub use supplied::Supplied;

use serde::Serialize;

use crate::template::DocumentTemplate;

/// Data of one template.
pub trait TemplateData: Serialize {
    /// The template that reads it.
    const TEMPLATE: DocumentTemplate;

    /// A believable example of a test authority, for previewing a county's own template.
    fn sample() -> Self;
}

/// The sample of `template` as JSON, for the page on which an administrator previews templates.
pub fn sample(template: DocumentTemplate) -> serde_json::Value {
    fn json<T: TemplateData>() -> serde_json::Value {
        serde_json::to_value(T::sample()).expect("samples are plain structs with text keys")
    }
    match template {
        DocumentTemplate::ApplicationForm => json::<ApplicationForm>(),
        DocumentTemplate::Receipt => json::<Receipt>(),
        DocumentTemplate::Acceptance => json::<Acceptance>(),
        DocumentTemplate::Correction => json::<Correction>(),
        DocumentTemplate::NotAccepted => json::<NotAccepted>(),
        DocumentTemplate::Conditional => json::<Conditional>(),
        DocumentTemplate::SpecialProcedure => json::<SpecialProcedure>(),
        DocumentTemplate::Extension => json::<Extension>(),
        DocumentTemplate::DecisionGranted => json::<DecisionGranted>(),
        DocumentTemplate::DecisionRefused => json::<DecisionRefused>(),
        DocumentTemplate::Delivery => json::<Delivery>(),
        DocumentTemplate::Termination => json::<Termination>(),
        DocumentTemplate::Withdrawal => json::<Withdrawal>(),
        DocumentTemplate::Pickup => json::<Pickup>(),
        DocumentTemplate::Supplied => json::<Supplied>(),
        DocumentTemplate::Closing => json::<Closing>(),
        DocumentTemplate::OneTimeNotice => json::<OneTimeNotice>(),
        DocumentTemplate::Handbook => json::<Handbook>(),
        DocumentTemplate::Certificate => json::<Certificate>(),
        DocumentTemplate::Inspection => json::<Inspection>(),
    }
}
