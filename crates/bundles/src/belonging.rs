//! The answer to the cases' question of which whole a case is a part, and what is arranged or missing for it on the spot.

use async_trait::async_trait;
use wuchuang_cases::belonging::{Belonging, Whole};
use wuchuang_kernel::{CaseId, JointId, Region, group_case_number};
use wuchuang_webkit::Failure;

use crate::{
    model::{Joint, inspection::moment},
    service::Bundles,
};

#[async_trait]
impl Belonging for Bundles {
    async fn whole_of(&self, region: Region, case: CaseId) -> Result<Option<Whole>, Failure> {
        let Some(row) = self.of_case(region, case).await? else {
            return Ok(None);
        };
        let found = match row.id() {
            Some(id) => self.find_joint(region, id).await?.map(|joint| (id, joint)),
            None => None,
        };
        let (on_the_spot, records) = found.map_or_else(Default::default, |(id, joint)| {
            on_the_spot(id, &joint, case)
        });
        Ok(Some(Whole {
            number: group_case_number(&row.number),
            staff_path: format!("/staff/joints/{}", row.joint),
            name: row.name,
            on_the_spot,
            records,
        }))
    }
}

/// What its department reads of 联合踏勘 and 联合验收 on the page of a case: sentences, and the records.
fn on_the_spot(id: JointId, joint: &Joint, case: CaseId) -> (Vec<String>, Vec<(String, String)>) {
    let Some(part) = joint.part_of(case).map(|part| part.submitted.id) else {
        return Default::default();
    };
    let mine = || {
        let all = joint.inspections.iter();
        all.filter(move |one| one.parts.iter().any(|(known, _)| *known == part))
    };
    let mut told: Vec<String> = mine()
        .filter(|one| one.is_open())
        .map(|one| {
            let at = moment(one.appointment.at);
            match one.signature(part) {
                None => format!("{}约在{at}。", one.kind.name()),
                Some(_) => format!("{}约在{at}，本事项已签署，等其他单位。", one.kind.name()),
            }
        })
        .collect();
    told.extend(joint.holds_back(part));
    let records = mine()
        .filter(|one| one.concluded_at.is_some())
        .map(|one| (one.record_name(), record_path(id, one.serial)))
        .collect();
    (told, records)
}

/// Where a record opens, for the staff and for the applicant.
pub(crate) fn record_path(joint: JointId, serial: u32) -> String {
    format!("/joints/{joint}/inspections/{serial}/record.pdf")
}
