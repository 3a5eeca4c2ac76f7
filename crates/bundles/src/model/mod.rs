//! The pure part: what a bundle is (`content`, `problems`), how it is written and published (`definition`), and what an
//! application for one is (`joint`, handed in as `handed_in`; `stores` for a batch): in which `order` its parts are opened, and what departments look at
//! together (`inspection`).

pub mod content;
pub mod definition;
pub mod handed_in;
pub mod inspection;
pub mod joint;
pub mod order;
mod problems;
pub mod stores;
#[cfg(test)]
mod tests;

pub use content::{BundleContent, InspectionKind, Member, Situation, SituationOption, Tree};
pub use definition::{BundleCommand, BundleEvent, BundleState, BundleStream, BundleVersion};
pub use handed_in::{JointSubmission, PartApplication, PartKey, SubmittedPart, SubmittedStore};
pub use inspection::{Finding, Inspection, InspectionCommand, InspectionEvent};
pub use joint::{Joint, JointCommand, JointEvent, JointState, JointStream, Part, PartOutcome};
pub use problems::{Problem, problems};
