//! The slip for papers that come after the application: corrections, and what was owed.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Head, ReceivedMaterial, TemplateData};
use crate::template::DocumentTemplate;

/// 补正材料收件凭证 or 补交材料收件凭证. Printed on an 80 mm roll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Supplied {
    /// Head of the slip.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// What the slip is called.
    pub title: String,
    /// Local time of receipt, to the minute.
    pub received_at: DateTime,
    /// The counter, or the channel in words.
    pub counter: String,
    /// Who received it.
    pub received_by: String,
    /// What was received; may be empty when only the form was changed.
    pub materials: Vec<ReceivedMaterial>,
    /// Whether answers of the form were changed.
    pub form_changed: bool,
    /// What is still open, one name a line.
    pub still_open: Vec<String>,
    /// What follows, one sentence.
    pub next: String,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for Supplied {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Supplied;

    fn sample() -> Self {
        Self {
            head: Head::sample(None),
            case: CaseReference::sample(),
            title: "补交材料收件凭证".to_owned(),
            received_at: jiff::civil::date(2026, 11, 18).at(10, 5, 0, 0),
            counter: "综合受理8号窗口".to_owned(),
            received_by: "工号0823".to_owned(),
            materials: vec![ReceivedMaterial {
                name: "从业人员健康证明".to_owned(),
                form: "纸质".to_owned(),
                copies: 3,
            }],
            form_changed: true,
            still_open: vec!["经营场所租赁合同".to_owned()],
            next: "其余材料请在容缺受理通知书写明的日期以前补齐。".to_owned(),
            contact: Contact::sample(),
        }
    }
}
