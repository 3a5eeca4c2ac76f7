//! One question of a form: what is asked, how it is asked, what kind of answer it has.

pub(super) mod attachment;

use super::{Table, When};
use crate::markup::Choice;

/// How a question is asked (`x-widget`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widget {
    /// One line.
    Text,
    /// Several lines.
    TextArea,
    /// Choices shown all at once.
    Radio,
    /// Choices in a list.
    Select,
    /// One box to tick, or several when the answer is an array.
    Checkbox,
    /// A day, `2026-11-22`.
    Date,
    /// A telephone number.
    Phone,
    /// 公民身份号码, GB 11643-1999.
    CitizenNumber,
    /// 统一社会信用代码, GB 32100-2015.
    CreditCode,
    /// Town and village from the list that `x-list` names.
    Address,
    /// Yuan with at most two decimals, kept as text so that no amount is rounded.
    Money,
    /// Rows with columns; only for tables.
    Table,
    /// The signer's own mark; see [`super::Signature`].
    Signature,
    /// A file, which is a material of the item.
    Attachment,
}

impl Widget {
    /// The widget of that name in the schema.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "textarea" => Self::TextArea,
            "radio" => Self::Radio,
            "select" => Self::Select,
            "checkbox" => Self::Checkbox,
            "date" => Self::Date,
            "phone" => Self::Phone,
            "citizen-number" => Self::CitizenNumber,
            "credit-code" => Self::CreditCode,
            "address" => Self::Address,
            "money" => Self::Money,
            "table" => Self::Table,
            "signature" => Self::Signature,
            "attachment" => Self::Attachment,
            _ => return None,
        })
    }

    /// The format that a widget brings when the schema names none.
    pub(super) fn format(self) -> Option<&'static str> {
        match self {
            Self::Date => Some("date"),
            Self::Phone => Some("phone"),
            Self::CitizenNumber => Some("citizen-number"),
            Self::CreditCode => Some("credit-code"),
            Self::Money => Some("money"),
            Self::Signature => Some(super::signature::FORMAT),
            _ => None,
        }
    }

    /// Whether the person chooses rather than writes: messages say 请选择.
    pub fn is_choice(self) -> bool {
        matches!(
            self,
            Self::Radio | Self::Select | Self::Checkbox | Self::Address
        )
    }
}

/// The JSON type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// `string`
    Text,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
    /// `array` of strings: several ticked.
    Several,
    /// `array` of objects: a table of rows.
    Rows,
}

/// One question.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the answers: small letters, digits and `_`.
    pub name: String,
    /// What it is called (`x-label`, else `title`).
    pub label: String,
    /// Help under the label (`x-hint`, else `description`); may be empty.
    pub hint: String,
    /// How it is asked.
    pub widget: Widget,
    /// What kind of answer it has.
    pub kind: FieldKind,
    /// The group it belongs to (`x-group`).
    pub group: String,
    /// Name of the shared data element (`x-element`), so that a bundle asks each thing once.
    pub element: Option<String>,
    /// Whether the answer belongs to a person and must be sealed in the ledger (`x-personal`).
    pub is_personal: bool,
    /// Whether an answer is always needed.
    pub is_required: bool,
    /// The format that the answer must have.
    pub format: Option<String>,
    /// The choices written in the form.
    pub choices: Vec<Choice>,
    /// The list the choices come from (`x-list`).
    pub list: Option<String>,
    /// How many characters can be typed.
    pub length_max: u64,
    /// The columns, where the answer is a table of rows.
    pub table: Option<Table>,
    /// Which of the item's materials the file is (`x-material`), where it asks for one.
    pub material: Option<String>,
    /// When it is asked (`x-when`); `None` is always.
    pub when: Option<When>,
    /// `x-order`; fields without one keep their place in the file.
    pub(super) order: i64,
}
