//! What an applicant brings to a running case: the defects of the one notice (补正), or what is owed after conditional
//! acceptance (补交). The same checklist as at reception; what follows from its marks is decided here, pure.

use std::collections::BTreeSet;

use serde_json::Value;
use wuchuang_cases::{
    model::{CaseCommand, Material},
    wanted::{Subject, Wanted},
};
use wuchuang_catalogue::model::ItemContent;
use wuchuang_kernel::{MaterialId, PersonId, Personal};
use wuchuang_licences::reuse::Stock;
use wuchuang_webkit::forms::{Answers, FieldErrors, Submission};

use super::checklist::{Checklist, Line, Mark};

/// How many materials have a digit key.
const DIGIT_KEYS: usize = 9;
/// A material that the item does not list has a line of its own, and no requirement in the case.
const OTHER: &str = "other-";

/// What lies on the counter.
pub(crate) struct Supply {
    /// 补正 before acceptance, or else what is owed after it.
    pub(crate) is_correction: bool,
    /// Everything that is asked.
    pub(crate) wanted: Vec<Wanted>,
    /// The materials of it.
    pub(crate) checklist: Checklist,
    /// The answers as the case has them.
    pub(crate) known: Answers,
    /// The asked questions as they are answered now.
    pub(crate) answers: Submission,
}

/// The materials that are asked, each with what the notice says of it. None counts as brought before somebody marks it.
pub(crate) fn asked_for(
    content: &ItemContent,
    (stock, organisation): (&Stock, Option<(&str, &str)>),
    wanted: &[Wanted],
    is_correction: bool,
) -> Checklist {
    let of_item = Checklist::of(content, stock, organisation);
    let mut lines: Vec<Line> = Vec::new();
    for (index, wish) in wanted.iter().enumerate() {
        let Subject::Material(id) = &wish.subject else {
            continue;
        };
        let listed = id
            .as_ref()
            .and_then(|id| of_item.0.iter().find(|line| line.id == *id));
        let mut line = listed.map_or_else(|| other(index), Line::clone);
        if let Some(same) = lines.iter_mut().find(|known| known.id == line.id) {
            same.problem.push_str(&wish.problem);
            continue;
        }
        line.name.clone_from(&wish.name);
        line.problem.clone_from(&wish.problem);
        line.is_required = true;
        line.may_follow = false;
        line.mark = Mark::Missing;
        if !is_correction {
            // Whoever accepted a case under the condition that a material follows expects the material.
            line.commitment = None;
        }
        let digit = lines.len() + 1;
        line.key = if digit <= DIGIT_KEYS {
            digit.to_string()
        } else {
            String::new()
        };
        lines.push(line);
    }
    Checklist(lines)
}

fn other(index: usize) -> Line {
    Line {
        id: format!("{OTHER}{}", index + 1),
        name: String::new(),
        is_required: true,
        may_follow: false,
        substitute: None,
        commitment: None,
        asked: String::new(),
        mark: Mark::Missing,
        copies: 1,
        problem: String::new(),
        files: Vec::new(),
        key: String::new(),
    }
}

impl Supply {
    /// What was brought. The same marks give the same materials each time.
    pub(crate) fn materials(&self, id: impl Fn(usize) -> MaterialId) -> Vec<Material> {
        let mut materials = self.checklist.materials(id);
        for material in &mut materials {
            let is_other = material
                .requirement
                .as_deref()
                .is_some_and(|id| id.starts_with(OTHER));
            if is_other {
                material.requirement = None;
            }
        }
        materials
    }

    /// Whether a question is answered otherwise than the case has it.
    fn is_changed(&self, field: &str) -> bool {
        self.answers.values.get(field) != self.known.get(field)
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wanted.iter().filter_map(|wish| match &wish.subject {
            Subject::Field(field) => Some((field.as_str(), wish.name.as_str())),
            Subject::Material(_) => None,
        })
    }

    /// The names of what is still open.
    pub(crate) fn open(&self) -> Vec<&str> {
        let brought: BTreeSet<String> = self
            .checklist
            .materials(|_| MaterialId::from_u128(0))
            .into_iter()
            .filter_map(|material| material.requirement)
            .collect();
        let lines = self.checklist.0.iter();
        lines
            .filter(|line| !brought.contains(&line.id))
            .map(|line| line.name.as_str())
            .chain(
                self.fields()
                    .filter(|(field, _)| !self.is_changed(field))
                    .map(|(_, name)| name),
            )
            .collect()
    }

    /// What stands against taking it. A correction that is not whole is taken only when the applicant wishes it, because
    /// what they leave open may be the ground of a refusal.
    pub(crate) fn against(&self, partly: bool) -> FieldErrors {
        let mut errors = FieldErrors::new();
        for error in &self.answers.errors {
            let (field, _) = error.field.split_once('.').unwrap_or((&error.field, ""));
            if self.is_changed(field) {
                errors.add(error.field.clone(), error.message.clone());
            }
        }
        let open = self.open();
        let count = self.checklist.0.len() + self.fields().count();
        if open.len() >= count {
            errors.add(
                "supply",
                "还没有标出收到了什么：请把带来的材料标为齐全，或改好要改的栏目。",
            );
        } else if self.is_correction && !open.is_empty() && !partly {
            errors.add(
                "partly",
                format!(
                    "还有{}项没有补：{}。请补齐再收；申请人要求先交已带来的，请勾选这一栏。",
                    open.len(),
                    open.join("、")
                ),
            );
        }
        errors
    }

    /// The command that takes it.
    pub(crate) fn command(
        &self,
        person: PersonId,
        id: impl Fn(usize) -> MaterialId,
    ) -> CaseCommand {
        let materials = self.materials(id);
        if !self.is_correction {
            return CaseCommand::SupplySupplement { materials };
        }
        let changed: Vec<&str> = self
            .fields()
            .map(|(field, _)| field)
            .filter(|field| self.is_changed(field))
            .collect();
        let answers = (!changed.is_empty()).then(|| {
            let mut merged = self.known.clone();
            for field in changed {
                match self.answers.values.get(field) {
                    Some(value) => merged.insert(field.to_owned(), value.clone()),
                    None => merged.remove(field),
                };
            }
            Personal::new(person, Value::Object(merged))
        });
        CaseCommand::SupplyCorrection {
            answers,
            materials,
            counted: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;
    use wuchuang_catalogue::model::ItemMaterial;

    use super::*;
    use crate::reception::Sheet;

    fn content() -> ItemContent {
        let material = |id: &str, name: &str| ItemMaterial {
            id: id.to_owned(),
            name: name.to_owned(),
            tolerable: true,
            ..ItemMaterial::default()
        };
        ItemContent {
            conditional_acceptance_allowed: true,
            materials: vec![material("m1", "申请书"), material("m2", "租赁合同")],
            ..ItemContent::default()
        }
    }

    fn wish(subject: Subject, name: &str, problem: &str) -> Wanted {
        Wanted {
            subject,
            name: name.to_owned(),
            problem: problem.to_owned(),
        }
    }

    fn correction() -> Vec<Wanted> {
        vec![
            wish(
                Subject::Material(Some("m2".to_owned())),
                "租赁合同",
                "已过期。",
            ),
            wish(Subject::Material(None), "其他", "请带委托书。"),
            wish(
                Subject::Field("shop_name".to_owned()),
                "店招名称",
                "与营业执照不一致。",
            ),
        ]
    }

    fn supply(wanted: Vec<Wanted>, is_correction: bool, pairs: &[(&str, &str)]) -> Supply {
        let mut checklist = asked_for(
            &content(),
            (&Stock::default(), None),
            &wanted,
            is_correction,
        );
        let sheet = Sheet::of(pairs);
        checklist.read(&sheet);
        let known = json!({ "shop_name": "旧名", "area": 12 });
        let mut values = Answers::new();
        if !sheet.text("shop_name").is_empty() {
            values.insert("shop_name".to_owned(), sheet.text("shop_name").into());
        }
        Supply {
            is_correction,
            wanted,
            checklist,
            known: known.as_object().cloned().unwrap_or_default(),
            answers: Submission {
                values,
                errors: FieldErrors::new(),
                ..Submission::default()
            },
        }
    }

    fn check(supply: &Supply, partly: bool, expected: &Expect) {
        let errors = supply.against(partly);
        let told: Vec<String> = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect();
        let person = PersonId::from_u128(1);
        let command = match supply.command(person, |index| MaterialId::from_u128(index as u128)) {
            CaseCommand::SupplyCorrection {
                answers, materials, ..
            } => {
                let answers = answers.map(|answers| answers.get().map(Value::to_string));
                format!("correction {answers:?} {:?}", told_of(&materials))
            }
            CaseCommand::SupplySupplement { materials } => {
                format!("supplement {:?}", told_of(&materials))
            }
            _ => "another".to_owned(),
        };
        expected.assert_eq(&format!(
            "open {:?}\nagainst {told:?}\n{command}",
            supply.open()
        ));
    }

    fn told_of(materials: &[Material]) -> Vec<String> {
        materials
            .iter()
            .map(|material| {
                format!(
                    "{:?} {} {}",
                    material.requirement,
                    material.name,
                    material.source.text()
                )
            })
            .collect()
    }

    #[test]
    fn nothing_is_taken_that_was_not_marked() {
        let untouched = supply(correction(), true, &[("shop_name", "旧名")]);
        check(
            &untouched,
            true,
            &expect![[r#"
                open ["租赁合同", "其他", "店招名称"]
                against ["supply: 还没有标出收到了什么：请把带来的材料标为齐全，或改好要改的栏目。"]
                correction None []"#]],
        );
    }

    #[test]
    fn a_correction_is_whole_or_the_applicant_wishes_otherwise() {
        let some = [
            ("mark-m2", "complete"),
            ("copies-m2", "2"),
            ("shop_name", "新名"),
        ];
        check(
            &supply(correction(), true, &some),
            false,
            &expect![[r#"
                open ["其他"]
                against ["partly: 还有1项没有补：其他。请补齐再收；申请人要求先交已带来的，请勾选这一栏。"]
                correction Some(Some("{\"shop_name\":\"新名\",\"area\":12}")) ["Some(\"m2\") 租赁合同 纸质 2 份"]"#]],
        );
        assert!(supply(correction(), true, &some).against(true).is_empty());
        let all = [
            ("mark-m2", "complete"),
            ("mark-other-2", "complete"),
            ("shop_name", "新名"),
        ];
        check(
            &supply(correction(), true, &all),
            false,
            &expect![[r#"
                open []
                against []
                correction Some(Some("{\"shop_name\":\"新名\",\"area\":12}")) ["Some(\"m2\") 租赁合同 纸质 1 份", "None 其他 纸质 1 份"]"#]],
        );
    }

    #[test]
    fn what_is_owed_may_come_in_parts_and_never_as_a_promise() {
        let owed = |id: &str, name: &str| wish(Subject::Material(Some(id.to_owned())), name, "");
        let wanted = vec![owed("m1", "申请书"), owed("m2", "租赁合同")];
        check(
            &supply(
                wanted,
                false,
                &[("mark-m1", "owed"), ("mark-m2", "complete")],
            ),
            false,
            &expect![[r#"
                open ["申请书"]
                against []
                supplement ["Some(\"m2\") 租赁合同 纸质 1 份"]"#]],
        );
        let mut content = content();
        content.commitment_allowed = true;
        content.materials[0].by_commitment = true;
        let first = |is_correction| {
            let wanted = [owed("m1", "申请书")];
            asked_for(&content, (&Stock::default(), None), &wanted, is_correction)
                .0
                .iter()
                .any(|line| line.commitment.is_some())
        };
        assert!(first(true) && !first(false));
    }
}
