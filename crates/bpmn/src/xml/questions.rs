//! The questions of a task: `camunda:formData` with `camunda:formField`, `flowable:formProperty`, and the same in our own
//! namespace. They are how whoever draws a process asks for what its gateways decide by.

use std::sync::Arc;

use roxmltree::Node;

use crate::limits::{CHOICES_MAX, QUESTIONS_MAX};
use crate::model::{QuestionKind, TaskQuestion};
use crate::problem::Severity;

use super::names::VENDORS;
use super::reader::{Reader, extensions};

impl Reader {
    pub(super) fn questions(&mut self, node: Node<'_, '_>) -> Vec<TaskQuestion> {
        let direct = extensions(node).filter(|child| is_ours(*child, "formProperty"));
        let grouped = extensions(node)
            .filter(|child| is_ours(*child, "formData"))
            .flat_map(|block| block.children())
            .filter(|child| is_ours(*child, "formField"));
        let fields: Vec<_> = direct.chain(grouped).collect();
        if fields.len() > QUESTIONS_MAX {
            let text = format!("一个任务最多问 {QUESTIONS_MAX} 个问题，请精简");
            self.error("questions-too-many", node, text);
        }
        let mut questions: Vec<TaskQuestion> = Vec::new();
        for field in fields.into_iter().take(QUESTIONS_MAX) {
            if let Some(question) = self.question_of(field) {
                if questions.iter().any(|known| known.id == question.id) {
                    let text = format!("这个任务有两个问题都叫“{}”，请改掉一个", question.id);
                    self.error("question-duplicate", field, text);
                }
                questions.push(question);
            }
        }
        questions
    }

    fn question_of(&mut self, field: Node<'_, '_>) -> Option<TaskQuestion> {
        let id = field.attribute("id").map_or("", str::trim);
        if id.is_empty() {
            self.error(
                "question-id",
                field,
                "问题没有 id；请写上变量名，例如 is_clean",
            );
            return None;
        }
        let id = self.short(field, id);
        let label = field
            .attribute("label")
            .or_else(|| field.attribute("name"))
            .map_or("", str::trim);
        let label = if label.is_empty() {
            id.clone()
        } else {
            self.short(field, label)
        };
        let kind = self.kind_of(field);
        Some(TaskQuestion {
            id: id.as_str().into(),
            label: label.as_str().into(),
            kind,
            is_required: is_required(field),
        })
    }

    fn kind_of(&mut self, field: Node<'_, '_>) -> QuestionKind {
        match field.attribute("type").map_or("string", str::trim) {
            "boolean" => QuestionKind::YesNo,
            "long" | "integer" | "number" => QuestionKind::Number,
            "enum" => self.choices(field),
            "string" | "date" => QuestionKind::Text,
            other => {
                let text = format!("不认识的问题类型“{other}”，按文字问");
                self.tell(Severity::Notice, "question-type", field, text);
                QuestionKind::Text
            }
        }
    }

    fn choices(&mut self, field: Node<'_, '_>) -> QuestionKind {
        let values: Vec<_> = field
            .children()
            .filter(|child| is_ours(*child, "value"))
            .collect();
        if values.is_empty() || values.len() > CHOICES_MAX {
            let text = format!("选择题要有 1 到 {CHOICES_MAX} 个选项，每个写 id 和 name");
            self.error("question-choices", field, text);
        }
        let choices = values.into_iter().take(CHOICES_MAX).filter_map(|value| {
            let id = value.attribute("id").map(str::trim)?;
            let word = value.attribute("name").map_or(id, str::trim);
            Some((Arc::from(id), Arc::from(word)))
        });
        QuestionKind::Choice(choices.collect())
    }
}

fn is_ours(node: Node<'_, '_>, name: &str) -> bool {
    VENDORS
        .iter()
        .any(|vendor| node.has_tag_name((*vendor, name)))
}

/// Flowable says it with an attribute, Camunda with a constraint.
fn is_required(field: Node<'_, '_>) -> bool {
    let constrained = field
        .descendants()
        .any(|child| is_ours(child, "constraint") && child.attribute("name") == Some("required"));
    constrained || field.attribute("required") == Some("true")
}
