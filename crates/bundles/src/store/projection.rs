//! The tables that follow from the events of bundles and of applications for them.

use wuchuang_kernel::CaseId;
use wuchuang_ledger::{Existing, Projection, Recorded, Sheet, StorageError, Stream, Table};

use crate::model::{BundleState, BundleStream, Joint, JointEvent, JointStream};

/// Writes `bundle`, `joint` and `joint_part`.
#[derive(Debug, Clone, Copy)]
pub struct BundleProjection;

const BUNDLES: Table = Table {
    name: "bundle",
    columns: &[
        "region",
        "bundle",
        "code",
        "name",
        "tree",
        "position",
        "version",
        "has_working_copy",
        "content",
        "changed_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

const JOINTS: Table = Table {
    name: "joint",
    columns: &[
        "region",
        "joint",
        "number",
        "bundle",
        "name",
        "person",
        "received_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

const PARTS: Table = Table {
    name: "joint_part",
    columns: &["region", "case_id", "joint", "position"],
    key_columns: 2,
    existing: Existing::Replaced,
};

impl Projection for BundleProjection {
    fn name(&self) -> &'static str {
        "bundles"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[BundleStream::KIND, JointStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["bundle", "joint", "joint_part"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        if let Some(state) = recorded.state::<BundleStream>() {
            put_bundle(recorded, state, sheet);
            return Ok(());
        }
        let joint = recorded
            .state::<JointStream>()
            .and_then(|state| state.0.as_deref());
        let (Some(joint), Some(event)) = (joint, recorded.event::<JointStream>()) else {
            return Ok(());
        };
        match event {
            JointEvent::Received { .. } => put_joint(recorded, joint, sheet),
            JointEvent::CaseOpened { case, .. } => put_part(recorded, joint, *case, sheet),
            JointEvent::CaseRefused { .. } | JointEvent::Inspection(_) => {}
        }
        Ok(())
    }
}

fn put_bundle(recorded: &Recorded, state: &BundleState, sheet: &mut Sheet) {
    let Some(content) = state.current() else {
        return;
    };
    let published = state
        .published
        .as_ref()
        .and_then(|version| serde_json::to_string(version.as_ref()).ok())
        .unwrap_or_default();
    // Each tree has its place, so that one index orders them all.
    let position = (content.tree as i64) * 100_000 + i64::from(content.order);
    sheet.put(
        &BUNDLES,
        [
            recorded.region.to_string().into(),
            recorded.stream_id.to_string().into(),
            content.code.clone().into(),
            content.name.clone().into(),
            content.tree.code().into(),
            position.into(),
            i64::from(state.version).into(),
            state.working_copy.is_some().into(),
            published.into(),
            recorded.recorded_at.as_microsecond().into(),
        ],
    );
}

fn put_joint(recorded: &Recorded, joint: &Joint, sheet: &mut Sheet) {
    sheet.put(
        &JOINTS,
        [
            recorded.region.to_string().into(),
            recorded.stream_id.to_string().into(),
            joint.number.clone().into(),
            joint.bundle.to_string().into(),
            joint.name.clone().into(),
            joint.person.to_string().into(),
            recorded.recorded_at.as_microsecond().into(),
        ],
    );
}

fn put_part(recorded: &Recorded, joint: &Joint, case: CaseId, sheet: &mut Sheet) {
    let position = joint
        .parts
        .iter()
        .position(|part| part.case() == Some(case));
    sheet.put(
        &PARTS,
        [
            recorded.region.to_string().into(),
            case.to_string().into(),
            recorded.stream_id.to_string().into(),
            i64::try_from(position.unwrap_or(0)).unwrap_or(0).into(),
        ],
    );
}
