//! From what a window hands in to the parts of an application, and back to the application for an item that opens a case.

use std::sync::Arc;

use wuchuang_cases::{ApplicantInput, SubmissionInput, model::Applicant};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CommandId, JointId, Personal};

use crate::{
    identity::{awaited, item_of_code, key_of_part},
    model::{BundleContent, Member, PartApplication, PartKey, SubmittedPart, content::WhenRefused},
};

/// The part that applies for the item of a member; `None` when the situation does not need it.
pub(super) fn part_of_code(code: &str, parts: &[SubmissionInput]) -> Option<PartKey> {
    let item = item_of_code(code);
    let has = parts.iter().any(|part| part.item.id == item);
    (!code.is_empty() && has).then(|| item.into())
}

/// The parts with what the bundle says of each: for which others it waits, and what is looked at on the spot.
pub(super) fn submitted_parts(
    joint: JointId,
    content: &BundleContent,
    parts: Vec<SubmissionInput>,
) -> Vec<SubmittedPart> {
    let rules: Vec<(Vec<PartKey>, Member)> = parts
        .iter()
        .map(|part| {
            let mut members = content.members.iter();
            let member = members.find(|member| item_of_code(&member.code) == part.item.id);
            let member = member.cloned().unwrap_or_default();
            let after = member.after.iter();
            let after = after.filter_map(|code| part_of_code(code, &parts));
            (after.collect(), member)
        })
        .collect();
    let is_awaited = |id: &PartKey| rules.iter().any(|(after, _)| after.contains(id));
    let keys: Vec<CommandId> = parts
        .iter()
        .map(|part| {
            let id = part.item.id.into();
            let key = key_of_part(joint, id);
            if is_awaited(&id) { awaited(key) } else { key }
        })
        .collect();
    parts
        .into_iter()
        .zip(rules)
        .zip(keys)
        .map(|((part, (after, member)), key)| SubmittedPart {
            after,
            when_refused: member.when_refused,
            inspections: member.inspections,
            ..submitted_part(key, part)
        })
        .collect()
}

pub(super) fn submitted_part(key: CommandId, part: SubmissionInput) -> SubmittedPart {
    let person = part.applicant.person;
    let own = |text: &str| Personal::new(person, text.trim().to_owned());
    let who = &part.applicant;
    SubmittedPart {
        id: part.item.id.into(),
        item_version: part.item.version,
        item_name: part.item.content.name.clone(),
        department: match &part.handled_by {
            Some(by) => by.name.clone(),
            None => part.item.content.department.name.clone(),
        },
        key,
        after: Vec::new(),
        when_refused: WhenRefused::End,
        inspections: Vec::new(),
        application: PartApplication {
            applicant: Applicant {
                person,
                kind: who.kind,
                name: own(&who.name),
                number: own(&who.number),
                phone: own(&who.phone),
                address: own(&who.address),
                email: own(&who.email),
            },
            agent: part.agent,
            answers: Personal::new(person, serde_json::Value::Object(part.answers)),
            materials: part.materials,
            delivery: part.delivery,
            undertaking: part.undertaking,
            known: part.known,
            handled_by: part.handled_by,
        },
    }
}

pub(super) fn input_of(part: &SubmittedPart, item: Arc<ItemVersion>) -> SubmissionInput {
    let application = &part.application;
    let who = &application.applicant;
    SubmissionInput {
        item,
        applicant: ApplicantInput {
            person: who.person,
            kind: who.kind,
            name: who.name.text().to_owned(),
            number: who.number.text().to_owned(),
            phone: who.phone.text().to_owned(),
            address: who.address.text().to_owned(),
            email: who.email.text().to_owned(),
        },
        agent: application.agent.clone(),
        answers: match application.answers.get() {
            Some(serde_json::Value::Object(answers)) => answers.clone(),
            _ => serde_json::Map::new(),
        },
        materials: application.materials.clone(),
        delivery: application.delivery.clone(),
        priority: false,
        undertaking: application.undertaking.clone(),
        handled_by: application.handled_by.clone(),
        part_of: None,
        known: application.known.clone(),
    }
}
