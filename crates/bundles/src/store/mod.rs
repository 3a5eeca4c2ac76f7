//! The slice's tables: written by the projection, read by pages and API.

mod projection;

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{BundleId, CaseId, JointId, PersonId, Region};
use wuchuang_ledger::{
    Database, StorageError,
    storage::{Value, find, list},
};

use crate::model::BundleVersion;

pub use projection::BundleProjection;

/// How many bundles a county may have; lists show no more.
const BUNDLES_MAX: i64 = 300;
/// How many applications of one citizen are listed.
const JOINTS_OF_PERSON_MAX: i64 = 100;

/// One bundle as the staff's list shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct BundleRow {
    /// The bundle.
    pub bundle: String,
    /// The county's key.
    pub code: String,
    /// Its name.
    pub name: String,
    /// In which tree it hangs.
    pub tree: String,
    /// The newest version; 0 when none was published.
    pub version: i64,
    /// Whether there is an unpublished working copy.
    pub has_working_copy: bool,
    /// The version in force as JSON; empty when none is.
    pub content: String,
}

/// All bundles of a region, in the order of the trees.
///
/// # Errors
/// Whatever storage reports.
pub async fn bundles(database: &Database, region: Region) -> Result<Vec<BundleRow>, StorageError> {
    list(
        database.read(),
        "SELECT bundle, code, name, tree, version, has_working_copy, content FROM bundle
         WHERE region = $1 ORDER BY position, code LIMIT $2",
        [region.to_string().into(), BUNDLES_MAX.into()],
    )
    .await
}

impl BundleRow {
    /// The version in force; `None` when none is.
    ///
    /// # Errors
    /// When the row does not read.
    pub fn published(&self) -> Result<Option<BundleVersion>, StorageError> {
        if self.content.is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&self.content)
            .map(Some)
            .map_err(|error| StorageError::Inconsistent {
                table: "bundle",
                column: "content",
                id: self.bundle.clone(),
                reason: error.to_string(),
            })
    }

    /// The bundle's identifier.
    pub fn id(&self) -> Option<BundleId> {
        self.bundle.parse().ok()
    }
}

/// One application for a bundle, without what is personal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct JointRow {
    /// The application.
    pub joint: String,
    /// Its number.
    pub number: String,
    /// The bundle.
    pub bundle: String,
    /// The bundle's name when it was handed in.
    pub name: String,
    /// Who applies.
    pub person: String,
    /// When it was received.
    pub received_at_us: i64,
}

impl JointRow {
    /// The application's identifier.
    pub fn id(&self) -> Option<JointId> {
        self.joint.parse().ok()
    }

    /// When it was received.
    pub fn received_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.received_at_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

const JOINT_COLUMNS: &str = "joint, number, bundle, name, person, received_at_us";

/// Where a page of the list goes on: behind this instant and application.
pub type JointPlace = (i64, String);

/// The applications of a region, the newest first.
///
/// # Errors
/// Whatever storage reports.
pub async fn joints(
    database: &Database,
    region: Region,
    place: Option<JointPlace>,
    limit: i64,
) -> Result<Vec<JointRow>, StorageError> {
    let (received_at_us, joint) = place.unwrap_or((i64::MAX, String::new()));
    list(
        database.read(),
        &format!(
            "SELECT {JOINT_COLUMNS} FROM joint WHERE region = $1
             AND (received_at_us < $2 OR (received_at_us = $2 AND joint > $3))
             ORDER BY received_at_us DESC, joint LIMIT $4"
        ),
        [
            region.to_string().into(),
            received_at_us.into(),
            joint.into(),
            limit.into(),
        ],
    )
    .await
}

/// The applications of a citizen, the newest first; at most 100.
///
/// # Errors
/// Whatever storage reports.
pub async fn joints_of_person(
    database: &Database,
    region: Region,
    person: PersonId,
) -> Result<Vec<JointRow>, StorageError> {
    list(
        database.read(),
        &format!(
            "SELECT {JOINT_COLUMNS} FROM joint WHERE region = $1 AND person = $2
             ORDER BY received_at_us DESC, joint LIMIT $3"
        ),
        [
            region.to_string().into(),
            person.to_string().into(),
            JOINTS_OF_PERSON_MAX.into(),
        ],
    )
    .await
}

/// The application with a number.
///
/// # Errors
/// Whatever storage reports.
pub async fn joint_by_number(
    database: &Database,
    region: Region,
    number: &str,
) -> Result<Option<JointRow>, StorageError> {
    find(
        database.read(),
        &format!("SELECT {JOINT_COLUMNS} FROM joint WHERE region = $1 AND number = $2"),
        [region.to_string().into(), number.into()],
    )
    .await
}

/// The application that a case belongs to; `None` for a case of its own.
///
/// # Errors
/// Whatever storage reports.
pub async fn joint_of_case(
    database: &Database,
    region: Region,
    case: CaseId,
) -> Result<Option<JointRow>, StorageError> {
    find(
        database.read(),
        "SELECT joint.joint AS joint, number, bundle, name, person, received_at_us
         FROM joint_part JOIN joint ON joint.region = joint_part.region AND joint.joint = joint_part.joint
         WHERE joint_part.region = $1 AND joint_part.case_id = $2",
        [region.to_string().into(), case.to_string().into()],
    )
    .await
}

/// A case of an application.
#[derive(Debug, Clone, Deserialize)]
pub struct PartRow {
    /// The application.
    pub joint: String,
    /// The case.
    pub case_id: String,
}

/// The cases of some applications, in the order of their parts.
///
/// # Errors
/// Whatever storage reports.
pub async fn parts_of(
    database: &Database,
    region: Region,
    joints: &[&str],
) -> Result<Vec<PartRow>, StorageError> {
    if joints.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..joints.len() + 2).map(|at| format!("${at}")).collect();
    let values: Vec<Value> = std::iter::once(region.to_string().into())
        .chain(joints.iter().map(|joint| (*joint).into()))
        .collect();
    list(
        database.read(),
        &format!(
            "SELECT joint, case_id FROM joint_part WHERE region = $1 AND joint IN ({}) ORDER BY joint, position",
            places.join(", ")
        ),
        values,
    )
    .await
}
