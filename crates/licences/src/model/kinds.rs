//! 证照类型代码 (GB/T 36904): each authority numbers the types of licences that it issues, from 001 to 999.
//! The stream is the authority's own, so that two new types at once never get the same number.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::Rejection;
use wuchuang_ledger::{Context, Stream};

/// How many types three digits can tell apart.
const NUMBER_MAX: u16 = 999;
/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 100;

/// The kind of stream; its identifier is the organisation's.
#[derive(Debug, Clone, Copy)]
pub struct LicenceTypes;

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum TypeCommand {
    /// Gives a type its number, unless it has one.
    Number {
        /// The licence's name.
        name: String,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeEvent {
    /// A type got its number.
    Numbered {
        /// The licence's name.
        name: String,
        /// The number, from 1.
        number: u16,
    },
}

/// The types of one authority.
#[derive(Debug, Clone, Default)]
pub struct TypeNumbers(BTreeMap<String, u16>);

impl TypeNumbers {
    /// The number of a type.
    pub fn number(&self, name: &str) -> Option<u16> {
        self.0.get(name).copied()
    }
}

impl Stream for LicenceTypes {
    const KIND: &'static str = "licence_type";
    type State = TypeNumbers;
    type Command = TypeCommand;
    type Event = TypeEvent;

    fn decide(
        state: &TypeNumbers,
        command: &TypeCommand,
        _context: &Context<'_>,
    ) -> Result<Vec<TypeEvent>, Rejection> {
        let TypeCommand::Number { name } = command;
        if state.number(name).is_some() {
            return Ok(Vec::new());
        }
        if name.trim().is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
            return Err(Rejection::new(
                "licence_name",
                "请在事项的办理结果中填写证照名称（1至100字）。",
            )
            .at("name"));
        }
        let number = state.0.values().max().map_or(1, |last| last + 1);
        if number > NUMBER_MAX {
            return Err(Rejection::new(
                "licence_types_exhausted",
                "这个单位的证照类型已满999种，请合并同类证照的名称。",
            ));
        }
        Ok(vec![TypeEvent::Numbered {
            name: name.clone(),
            number,
        }])
    }

    fn apply(state: &mut TypeNumbers, event: &TypeEvent, _at: Timestamp) {
        let TypeEvent::Numbered { name, number } = event;
        state.0.insert(name.clone(), *number);
    }
}
