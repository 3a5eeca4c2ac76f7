//! 核对: everything that will be handed in, each line with its 修改, and what still stands in the way.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use wuchuang_access::CitizenEntry;
use wuchuang_cases::{
    known::brought,
    model::{DeliveryChoice, Undertaking, unexplained},
};
use wuchuang_webkit::{
    Caller, Failure,
    forms::{AnswerLine, Disclosure, FieldErrors},
    markup::DefinitionRow,
    page::PageContext,
};

use super::{
    Application, Place, agent, applicant, attach, bundle, delivery, gone,
    materials::{self, Standing, given_for, standing},
    place, reuse,
    steps::{self, Step},
};
use crate::{
    rooms::{Rooms, html_checked},
    view::{Fee, total},
};

/// Something that stands in the way, with the page where it is mended.
pub(super) struct Problem {
    pub(super) step: Step,
    pub(super) path: String,
    pub(super) message: String,
}

/// Everything that stands in the way of handing in, in the order of the pages.
pub(super) async fn problems(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    profile: &CitizenEntry,
) -> Result<Vec<Problem>, Failure> {
    let page = &caller.page;
    let form = &application.form;
    let answers = &application.draft.content.answers;
    let mut wrong = form.check_all(answers, &application.lists, &page.translator);
    applicant::check_identity(page, form, answers, profile, &mut wrong);
    check_known(page, application, &mut wrong);
    check_signers(page, application, profile, &mut wrong);
    let mut problems: Vec<Problem> = Vec::new();
    for error in &wrong {
        let group = form.field(&error.field).map(|field| field.group.as_str());
        let index = form
            .groups()
            .iter()
            .position(|known| Some(known.as_str()) == group);
        let step = Step::Group(index.unwrap_or(0));
        problems.push(Problem {
            path: format!(
                "{}?back=check#field-{}",
                application.path_of(step),
                error.field
            ),
            step,
            message: error.message.clone(),
        });
    }
    problems.extend(bundle::problems(caller, application, &problems));
    let missing = missing_files(page, application, &mut problems);
    for material in reuse::of_another(rooms, caller, application).await? {
        let id = material.requirement.as_deref().unwrap_or_default();
        problems.push(Problem {
            step: attach::group_of(application, id).map_or(Step::Materials, Step::Group),
            path: format!("{}/materials/{id}?back=check", application.path()),
            message: reuse::told(page, material),
        });
    }
    problems.sort_by_key(|problem| match problem.step {
        Step::Group(index) => index,
        _ => usize::MAX,
    });
    let rest = [
        (Step::Materials, missing),
        (Step::Place, place::problems(page, application)),
        (Step::Delivery, delivery::problems(page, application)),
    ];
    for (step, errors) in rest {
        problems.extend(errors.iter().map(|error| Problem {
            step,
            path: format!(
                "{}?back=check#field-{}",
                application.path_of(step),
                error.field
            ),
            message: error.message.clone(),
        }));
    }
    Ok(problems)
}

/// What is missing in the list of materials; what is asked for in the form is a problem of its page.
fn missing_files(
    page: &PageContext,
    application: &Application,
    problems: &mut Vec<Problem>,
) -> FieldErrors {
    let mut missing = FieldErrors::new();
    for error in &materials::missing(page, application) {
        let Some(group) = attach::group_of(application, &error.field) else {
            missing.add(error.field.clone(), error.message.clone());
            continue;
        };
        let step = Step::Group(group);
        let path = application.path_of(step);
        problems.push(Problem {
            path: format!("{path}?back=check#field-scan-{}", error.field),
            step,
            message: error.message.clone(),
        });
    }
    missing
}

/// What the house knows and the application says otherwise, without a word why.
pub(super) fn check_known(page: &PageContext, application: &Application, errors: &mut FieldErrors) {
    let content = &application.draft.content;
    let known = brought(&content.known, &application.form, &content.answers);
    let answers = serde_json::Value::Object(content.answers.clone());
    for refused in unexplained(&known, Some(&answers)) {
        let field = refused.field.as_deref().unwrap_or_default().to_owned();
        errors.add(field, page.t(&refused.public));
    }
}

/// Whoever is signed in signs, or somebody whom the application names.
pub(super) fn check_signers(
    page: &PageContext,
    application: &Application,
    profile: &CitizenEntry,
    errors: &mut FieldErrors,
) {
    let answers = &application.draft.content.answers;
    let mut names: Vec<&str> = application.form.names_in(answers).collect();
    names.push(&profile.name);
    let found = application
        .form
        .check_signers(answers, (&names, false), &page.translator);
    errors.take_in(&found);
}

struct Section {
    title: String,
    rows: Vec<DefinitionRow>,
}

#[derive(Template)]
#[template(path = "portal/apply/check.html")]
struct CheckPage<'a> {
    page: &'a PageContext,
    step_words: String,
    sections: Vec<Section>,
    /// What it costs by the items' rules.
    fees: &'a [Fee],
    /// All of it together; empty for one item, and where a person sets a part.
    fee_total: String,
    problems: Vec<Problem>,
    /// What the applicant may undertake to hand in later.
    undertaking: Option<Undertaking>,
    action: String,
    errors: &'a FieldErrors,
}

/// The page, with what is wrong with the declaration.
pub(super) async fn show(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    profile: &CitizenEntry,
    key: String,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let problems = problems(rooms, caller, application, profile).await?;
    let has_errors = !errors.is_empty() || !problems.is_empty();
    let mut page = application
        .page(caller, "核对并提交")
        .with_errors(has_errors);
    // The form's key follows from what it hands in, so that every copy of this page makes one case.
    page.command_id = key;
    let template = CheckPage {
        step_words: steps::words(&page, &application.walk().place(Step::Check)),
        sections: sections(&page, application),
        fees: &application.fees,
        fee_total: total(&application.fees),
        problems,
        undertaking: undertaking(application),
        action: application.path_of(Step::Check),
        page: &page,
        errors,
    };
    html_checked(&template, errors)
}

/// What the applicant undertakes when materials are left for later; `None` when nothing is.
pub(super) fn undertaking(application: &Application) -> Option<Undertaking> {
    let content = &application.item.content;
    let given = &application.draft.content.materials;
    let owed: Vec<(String, String)> = content
        .materials
        .iter()
        .filter(|wanted| standing(content, wanted, given) == Standing::MayFollow)
        .map(|wanted| (wanted.id.clone(), wanted.name.clone()))
        .collect();
    (!owed.is_empty()).then(|| Undertaking::of(&content.name, &owed))
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
) -> Result<Response, Failure> {
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let profile = rooms.profile(&caller).await?;
    let key = super::submit::key(&rooms, &application).to_string();
    let errors = FieldErrors::new();
    show(&rooms, &caller, &application, &profile, key, &errors).await
}

fn sections(page: &PageContext, application: &Application) -> Vec<Section> {
    let form = &application.form;
    let lines = form.describe(
        &attach::shown(page, application, &application.draft.content.answers),
        &application.lists,
        Disclosure::Full,
        &page.translator,
    );
    let mut sections: Vec<Section> = form
        .groups()
        .iter()
        .enumerate()
        .map(|(index, group)| Section {
            title: page.t(group).into_owned(),
            rows: lines
                .iter()
                .filter(|line| line.group == *group)
                .map(|line| answer_row(page, application, index, line))
                .collect(),
        })
        .collect();
    if attach::listed(application).next().is_some() {
        sections.push(Section {
            title: page.t("材料").into_owned(),
            rows: material_rows(page, application),
        });
    }
    sections.push(Section {
        title: page.t("领取与代理").into_owned(),
        rows: other_rows(page, application),
    });
    sections
}

fn answer_row(
    page: &PageContext,
    application: &Application,
    group: usize,
    line: &AnswerLine,
) -> DefinitionRow {
    let path = application.path_of(Step::Group(group));
    let mut text = match &line.warning {
        Some(warning) => format!("{}（{warning}）", line.text),
        None => line.text.clone(),
    };
    let content = &application.draft.content;
    let known = content.known.iter().find(|one| one.field == line.field);
    if let Some(known) = known.filter(|one| !one.reason.text().is_empty()) {
        let told = known.told(
            &application.form,
            &content.answers,
            &application.lists,
            Disclosure::Full,
            &page.translator,
        );
        text = format!("{text}（{told}）");
    }
    DefinitionRow {
        picture: line.picture.clone(),
        ..DefinitionRow::new(line.label.clone(), text)
    }
    .changed_at(format!("{path}?back=check#field-{}", line.field))
}

fn material_rows(page: &PageContext, application: &Application) -> Vec<DefinitionRow> {
    let content = &application.item.content;
    let given = &application.draft.content.materials;
    attach::listed(application)
        .map(|wanted| {
            let detail = match given_for(given, &wanted.id) {
                Some(material) if material.files.is_empty() => {
                    page.t(&material.source.text()).into_owned()
                }
                Some(material) => page.tf(
                    "{source}，{count} 个文件",
                    &[
                        ("source", &page.t(&material.source.text())),
                        ("count", &material.files.len()),
                    ],
                ),
                None => page.t(standing(content, wanted, given).word()).into_owned(),
            };
            let path = format!("{}/materials/{}?back=check", application.path(), wanted.id);
            DefinitionRow::new(wanted.name.clone(), detail).changed_at(path)
        })
        .collect()
}

fn other_rows(page: &PageContext, application: &Application) -> Vec<DefinitionRow> {
    let chosen = delivery::delivery(application);
    let words = match &chosen {
        DeliveryChoice::Post { address } => {
            page.tf("邮寄到：{address}", &[("address", &address.text())])
        }
        other => page.t(other.name()).into_owned(),
    };
    let mut row = DefinitionRow::new("结果领取", words);
    if steps::asks_delivery(&application.item.content) {
        row = row.changed_at(format!(
            "{}?back=check",
            application.path_of(Step::Delivery)
        ));
    }
    let agent = agent::agent(application).map_or_else(
        || page.t("没有，本人办理").into_owned(),
        |agent| format!("{} {}", agent.name.text(), agent.phone.text()),
    );
    let agent_path = format!("{}/agent", application.path());
    let place = place::is_asked(application).then(|| {
        let path = format!("{}?back=check", application.path_of(Step::Place));
        DefinitionRow::new("办理地点", place::words(application)).changed_at(path)
    });
    let others = [
        row,
        DefinitionRow::new("代理人", agent).changed_at(agent_path),
    ];
    place.into_iter().chain(others).collect()
}
