//! What is particular to an application for a bundle: each part is checked by its own form, and all are handed in at once.

use wuchuang_access::CitizenEntry;
use wuchuang_bundles::{
    Bundles, JointInput,
    joined::{Joined, JoinedMember},
};
use wuchuang_cases::{ApplicantInput, Situation, SubmissionInput, known::brought, store::Draft};
use wuchuang_kernel::{CommandId, JointId};
use wuchuang_webkit::{Caller, Failure};

use super::{Application, agent, applicant, check::Problem, delivery, steps::Step};
use crate::{rooms::Rooms, view::Fee};

/// Where the citizen sees what was handed in.
pub(super) fn done_path(joint: JointId) -> String {
    format!("/my/joints/{joint}?done=1")
}

/// What the forms of the parts refuse and the joined form lets pass: a field that several items share has the rule of the
/// first.
pub(super) fn problems(
    caller: &Caller,
    application: &Application,
    known: &[Problem],
) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    for member in application.joined.iter().flat_map(|joined| &joined.members) {
        let answers = member.answers(&application.draft.content.answers);
        let wrong = member
            .form
            .check_all(&answers, &application.lists, &caller.page.translator);
        for error in &wrong {
            let Some(problem) = problem(application, member, &error.field, &error.message) else {
                continue;
            };
            let is_known = |other: &Problem| other.path == problem.path;
            if !known.iter().any(is_known) && !found.iter().any(is_known) {
                found.push(problem);
            }
        }
    }
    found
}

fn problem(
    application: &Application,
    member: &JoinedMember,
    own: &str,
    message: &str,
) -> Option<Problem> {
    let name = member.joined_field(own)?;
    let field = application.form.field(&name)?;
    let groups = application.form.groups();
    let index = groups.iter().position(|group| *group == field.group)?;
    let step = Step::Group(index);
    Some(Problem {
        path: format!("{}?back=check#field-{name}", application.path_of(step)),
        step,
        message: message.to_owned(),
    })
}

/// What the parts cost by the rules of their items, as far as they say.
pub(super) fn fees(
    rooms: &Rooms,
    joined: &Joined,
    who: &ApplicantInput,
    draft: &Draft,
) -> Result<Vec<Fee>, Failure> {
    let given = draft.content.materials.iter();
    let given: Vec<&str> = given.map(|it| it.name.as_str()).collect();
    let mut fees = Vec::new();
    for member in &joined.members {
        let answers = member.answers(&draft.content.answers);
        let situation = Situation {
            kind: who.kind,
            number: &who.number,
            has_agent: agent::acts(draft),
            answers: &answers,
            given: given.clone(),
        };
        if let Some(terms) = rooms.cases.fee_of(&member.item, &situation, who.person)? {
            let item = member.item.content.name.clone();
            fees.push(Fee { item, terms });
        }
    }
    Ok(fees)
}

/// The applications of all parts.
pub(super) fn input(
    rooms: &Rooms,
    application: &Application,
    joined: &Joined,
    profile: &CitizenEntry,
    (key, undertakes): (CommandId, bool),
) -> JointInput {
    JointInput {
        bundle: joined.bundle.clone(),
        person: application.person,
        parts: joined
            .members
            .iter()
            .map(|member| part(rooms, application, member, profile, (key, undertakes)))
            .collect(),
    }
}

fn part(
    rooms: &Rooms,
    application: &Application,
    member: &JoinedMember,
    profile: &CitizenEntry,
    (key, undertakes): (CommandId, bool),
) -> SubmissionInput {
    let content = &application.draft.content;
    let answers = member.answers(&content.answers);
    let part_key = Bundles::key_of_part(key, member.item.id);
    let materials = member.materials((&content.materials, &content.answers), |index| {
        rooms.cases.material_of(part_key, index)
    });
    SubmissionInput {
        applicant: applicant::applicant(&member.form, &answers, &application.lists, profile),
        agent: agent::agent(application),
        undertaking: member
            .undertaking(&materials, &content.answers)
            .filter(|_| undertakes),
        delivery: member.delivery(&delivery::delivery(application)),
        priority: false,
        handled_by: None,
        part_of: None,
        known: member.known(&brought(
            &content.known,
            &application.form,
            &content.answers,
        )),
        item: member.item.clone(),
        materials,
        answers,
    }
}
