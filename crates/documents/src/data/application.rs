//! The form that an applicant filled in, as a paper to be read, printed and signed.

use jiff::civil::{DateTime, date};
use serde::{Deserialize, Serialize};

use super::{CaseReference, Head, TemplateData};
use crate::template::DocumentTemplate;

/// 申请表: every question with its answer, tables row by row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApplicationForm {
    /// Head of the document: the organ that it is addressed to. Nothing is sealed by it.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// When it was handed in.
    pub received_at: DateTime,
    /// The questions by group, in the order of the form.
    pub groups: Vec<FormGroup>,
    /// The names of the materials that were handed in, with their form.
    pub materials: Vec<String>,
    /// Whether numbers and names stand in full; else it is a copy that nobody signs.
    pub is_full: bool,
}

/// One group of questions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormGroup {
    /// Its name.
    pub name: String,
    /// The answers.
    pub answers: Vec<FormAnswer>,
    /// The tables.
    pub tables: Vec<FormTable>,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormAnswer {
    /// What was asked.
    pub label: String,
    /// What was answered; 未填写 for nothing.
    pub text: String,
    /// Where the answer comes from and why it was changed; may be empty.
    pub note: String,
    /// A drawn signature as SVG, for whoever may see it.
    #[serde(default)]
    pub picture: Option<String>,
}

/// A table of rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormTable {
    /// What was asked.
    pub label: String,
    /// The columns.
    pub columns: Vec<String>,
    /// The cells of each row, one for each column.
    pub rows: Vec<Vec<String>>,
}

impl TemplateData for ApplicationForm {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::ApplicationForm;

    fn sample() -> Self {
        let answer = |label: &str, text: &str, note: &str| FormAnswer {
            label: label.to_owned(),
            text: text.to_owned(),
            note: note.to_owned(),
            picture: None,
        };
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        Self {
            head: Head {
                seal: None,
                verification: None,
                ..Head::sample(None)
            },
            case: CaseReference::sample(),
            received_at: date(2026, 11, 23).at(9, 30, 0, 0),
            groups: vec![
                FormGroup {
                    name: "申请人".to_owned(),
                    answers: vec![
                        answer("姓名", "王小明", ""),
                        answer(
                            "详细住址",
                            "五组1号",
                            "原：三组12号（取自《食品小经营店备案证》（2026年3月2日发）），申请人改为：五组1号，理由：搬到五组",
                        ),
                    ],
                    tables: Vec::new(),
                },
                FormGroup {
                    name: "申请内容".to_owned(),
                    answers: vec![answer("家庭月总收入（元）", "800.00", "")],
                    tables: vec![FormTable {
                        label: "共同生活的家庭成员".to_owned(),
                        columns: row(["姓名", "与申请人关系", "就业或就学情况"]),
                        rows: vec![
                            row(["王小明", "本人", "务农"]),
                            row(["李芳", "配偶", "没有劳动能力"]),
                        ],
                    }],
                },
            ],
            materials: vec![
                "居民身份证（上传）".to_owned(),
                "户口簿（纸质 1 份）".to_owned(),
            ],
            is_full: true,
        }
    }
}
