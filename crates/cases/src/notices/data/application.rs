//! What the application form says as a paper: every question that was asked with its answer as it stands now, tables row by row.
//! It is made anew each time and neither numbered nor kept; whoever applies signs it.

use std::sync::Arc;

use wuchuang_catalogue::model::ItemContent;
use wuchuang_documents::data::{ApplicationForm, FormAnswer, FormGroup, FormTable, Head};
use wuchuang_kernel::{china_date, china_time};
use wuchuang_webkit::{
    forms::{AnswerLine, Answers, Disclosure, Form, Lists},
    language::{Language, Texts, Translator},
    page::Site,
};

use crate::{attached, model::Case};

use super::{head, reference};

/// What the paper is made from.
pub struct FormFacts<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its form.
    pub form: &'a Form,
    /// The lists that the form asks from.
    pub lists: &'a dyn Lists,
    /// The item's elements in the version that the case follows.
    pub item: Option<&'a ItemContent>,
    /// Names and addresses of the house.
    pub site: &'a Site,
    /// Whether numbers stand in full.
    pub disclosure: Disclosure,
}

/// 申请表; `None` for a case without answers.
pub fn form_data(facts: &FormFacts<'_>) -> Option<ApplicationForm> {
    let case = facts.case;
    let chinese = Translator::new(Language::SimplifiedChinese, Arc::new(Texts::default()));
    let answers = facts
        .form
        .with_attachments(case.answers.get()?.as_object()?, |material| {
            Some(attached(&case.materials, material, &chinese))
        });
    let received_on = china_date(case.received_at);
    let materials = case.materials.iter();
    Some(ApplicationForm {
        head: Head {
            // The applicant says what stands here, and no organ seals it.
            seal: None,
            ..head(case, facts.site, received_on, None)
        },
        case: reference(case, facts.item, false),
        received_at: china_time(case.received_at),
        groups: facts.groups(&answers),
        materials: materials
            .map(|material| format!("{}（{}）", material.name, material.source.text()))
            .collect(),
        is_full: facts.disclosure == Disclosure::Full,
    })
}

impl FormFacts<'_> {
    fn groups(&self, answers: &Answers) -> Vec<FormGroup> {
        let chinese = Translator::new(Language::SimplifiedChinese, Arc::new(Texts::default()));
        let lines = self
            .form
            .describe(answers, self.lists, self.disclosure, &chinese);
        let groups = self.form.groups().iter().map(|name| {
            let mut group = FormGroup {
                name: name.clone(),
                answers: Vec::new(),
                tables: Vec::new(),
            };
            for line in lines.iter().filter(|line| line.group == *name) {
                match self.table(line, answers, &chinese) {
                    Some(table) => group.tables.push(table),
                    None => group.answers.push(self.answer(line, answers, &chinese)),
                }
            }
            group
        });
        groups
            .filter(|group| !group.answers.is_empty() || !group.tables.is_empty())
            .collect()
    }

    fn answer(&self, line: &AnswerLine, answers: &Answers, chinese: &Translator) -> FormAnswer {
        let known = self.case.known.iter().find(|one| one.field == line.field);
        let note =
            known.map(|one| one.told(self.form, answers, self.lists, self.disclosure, chinese));
        FormAnswer {
            label: line.label.clone(),
            text: line.text.clone(),
            note: note.unwrap_or_default(),
            picture: line
                .picture
                .as_ref()
                .map(|picture| picture.replace("currentColor", "#000000")),
        }
    }

    fn table(
        &self,
        line: &AnswerLine,
        answers: &Answers,
        chinese: &Translator,
    ) -> Option<FormTable> {
        let value = answers.get(&line.field)?;
        let (columns, rows) =
            self.form
                .cells(&line.field, value, self.lists, self.disclosure, chinese)?;
        Some(FormTable {
            label: line.label.clone(),
            columns,
            rows,
        })
    }
}
