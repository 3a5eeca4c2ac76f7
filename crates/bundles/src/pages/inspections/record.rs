//! 联合踏勘笔录 and 联合验收笔录: one paper for all departments that went. It is made when it is asked for, from what the ledger
//! holds and as of the last signature, so that it is the same file each time, and is gone when the applicant is forgotten.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use wuchuang_documents::data::{Head, Inspected, Inspection as Paper, Seal, TemplateData};
use wuchuang_kernel::{JointId, china_date, china_time};
use wuchuang_webkit::{Caller, Failure, Resource};

use super::resource;
use crate::{
    model::{Inspection, Joint, PartOutcome},
    rooms::BundleRooms,
};

/// The caption of the seal.
const SEAL_CAPTION: &str = "行政审批专用章";

/// Who may read a record: its applicant, whoever supervises, and the departments that went or lead.
async fn require(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
    inspection: &Inspection,
) -> Result<(), Failure> {
    let mut things = vec![Resource {
        kind: "joint",
        id: id.to_string(),
        owner: Some(joint.person),
        ..Resource::default()
    }];
    for (key, _) in &inspection.parts {
        things.push(resource(rooms, caller, joint.part(*key)).await?.0);
    }
    things.push(resource(rooms, caller, joint.leading()).await?.0);
    let may = |thing: &Resource| caller.may("joint_record_read", thing);
    if things.iter().any(may) {
        Ok(())
    } else {
        Err(Failure::not_found())
    }
}

pub(in crate::pages) async fn record(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, serial)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    let id: JointId = joint.parse().map_err(|_| Failure::not_found())?;
    let joint = rooms.get(caller.region, id).await?;
    let mut all = joint.inspections.iter();
    let inspection = all.find(|known| known.serial == serial);
    let inspection = inspection.ok_or_else(Failure::not_found)?;
    require(&rooms, &caller, (id, &joint), inspection).await?;
    let Some(at) = inspection.concluded_at else {
        return Err(Failure::not_found());
    };
    let paper = paper(&rooms, &caller, &joint, inspection).await?;
    let title = paper.title.clone();
    let data = serde_json::to_value(paper).map_err(Failure::internal)?;
    let notices = &rooms.cases.notices;
    let pdf = notices
        .render_signed(Paper::TEMPLATE, data, title, at)
        .await?;
    let head = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{}-{serial}.pdf\"", joint.number),
        ),
    ];
    Ok((head, pdf).into_response())
}

async fn paper(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    inspection: &Inspection,
) -> Result<Paper, Failure> {
    let applicant = joint.parts.first();
    let name = applicant.map_or("", |part| part.submitted.application.applicant.name.text());
    if name.is_empty() {
        return Err(wuchuang_cases::files::erased());
    }
    let findings = findings(rooms, caller, joint, inspection).await?;
    let site = rooms.cases.notices.site();
    let leading = joint
        .leading()
        .map(|part| part.submitted.department.clone());
    let organisation = leading.unwrap_or_else(|| site.operator.clone());
    Ok(Paper {
        head: Head {
            number: None,
            seal: Some(Seal {
                organisation: organisation.clone(),
                caption: SEAL_CAPTION.to_owned(),
            }),
            organisation,
            issued_on: inspection
                .concluded_at
                .map_or_else(|| inspection.appointment.at.date(), china_date),
            // A licensed electronic seal is not part of this program; every signature is a test one.
            test_authority: true,
            verification: None,
        },
        title: format!("{}笔录", inspection.kind.name()),
        matter_name: joint.name.clone(),
        matter_number: joint.number.clone(),
        applicant_name: name.to_owned(),
        appointed_at: inspection.appointment.at,
        place: inspection.appointment.place.text().to_owned(),
        findings,
    })
}

/// What each department found, in the order of the parts.
async fn findings(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &Joint,
    inspection: &Inspection,
) -> Result<Vec<Inspected>, Failure> {
    let mut findings = Vec::new();
    for (key, signature) in &inspection.parts {
        let (Some(part), Some(signature)) = (joint.part(*key), signature) else {
            continue;
        };
        let signer = match signature.by {
            Some(person) => {
                let directory = &rooms.cases.directory;
                directory.staff_name(caller.region, person).await?
            }
            None => "".into(),
        };
        findings.push(Inspected {
            organisation: signature.organisation.clone(),
            item_name: part.title(),
            case_number: match &part.outcome {
                PartOutcome::Opened { number, .. } => number.clone(),
                _ => String::new(),
            },
            result: signature.finding.name().to_owned(),
            words: signature.finding.words().text().to_owned(),
            rectify_by: match &signature.finding {
                crate::model::Finding::Rectify { by, .. } => Some(*by),
                _ => None,
            },
            signed_by: signer.to_string(),
            signed_at: china_time(signature.at),
        });
    }
    Ok(findings)
}
