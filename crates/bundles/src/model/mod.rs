//! The pure part: what a bundle is (`content`, `problems`), how it is written and published (`definition`), and what an
//! application for one is (`joint`).

pub mod content;
pub mod definition;
pub mod joint;
mod problems;
#[cfg(test)]
mod tests;

pub use content::{BundleContent, Member, Situation, SituationOption, Tree};
pub use definition::{BundleCommand, BundleEvent, BundleState, BundleStream, BundleVersion};
pub use joint::{
    Joint, JointCommand, JointEvent, JointState, JointStream, JointSubmission, Part,
    PartApplication, PartOutcome,
};
pub use problems::{Problem, problems};
