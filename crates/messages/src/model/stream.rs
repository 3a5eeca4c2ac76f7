//! The stream of a message's text: who changed what and when stays on the ledger, and a message that was sent last
//! month can still be read as it was written then.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::Rejection;
use wuchuang_ledger::{Context, Stream};

use super::template::{TemplateName, TemplateText, problems, stream_of};

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct TemplateStream;

/// The text now in force; `None` is the default text.
#[derive(Debug, Clone, Default)]
pub struct TemplateState {
    /// The text that an administrator wrote.
    pub text: Option<TemplateText>,
}

/// What may be asked of a message's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum TemplateCommand {
    /// Puts another text in force.
    Edit {
        /// Which message.
        name: TemplateName,
        /// Its text.
        text: TemplateText,
    },
    /// Puts the default text in force again.
    Restore {
        /// Which message.
        name: TemplateName,
    },
}

/// What happened to a message's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateEvent {
    /// Another text is in force.
    Edited {
        /// Which message.
        name: TemplateName,
        /// Its text.
        text: TemplateText,
    },
    /// The text delivered with the product is in force again. It is written out, because a later version of the
    /// product may bring another one.
    Restored {
        /// Which message.
        name: TemplateName,
        /// Its text.
        text: TemplateText,
    },
}

impl Stream for TemplateStream {
    const KIND: &'static str = "message_template";
    type State = TemplateState;
    type Command = TemplateCommand;
    type Event = TemplateEvent;

    fn decide(
        state: &TemplateState,
        command: &TemplateCommand,
        context: &Context<'_>,
    ) -> Result<Vec<TemplateEvent>, Rejection> {
        let (TemplateCommand::Edit { name, .. } | TemplateCommand::Restore { name }) = command;
        if context.stream != stream_of(*name) {
            return Err(Rejection::new(
                "template_wrong_stream",
                "消息模板与地址不符，请从模板列表重新进入。",
            ));
        }
        match command {
            TemplateCommand::Edit { name, text } => {
                if let Some((field, sentence)) = problems(*name, text).into_iter().next() {
                    return Err(Rejection::new("template_invalid", sentence).at(field));
                }
                let current = state.text.clone().unwrap_or_else(|| name.default_text());
                if current == *text {
                    return Err(Rejection::new(
                        "template_unchanged",
                        "内容没有改动，不需要保存。",
                    ));
                }
                Ok(vec![TemplateEvent::Edited {
                    name: *name,
                    text: text.clone(),
                }])
            }
            TemplateCommand::Restore { name } => {
                let text = name.default_text();
                if state.text.as_ref().is_none_or(|current| *current == text) {
                    return Err(Rejection::new(
                        "template_unchanged",
                        "现在用的就是系统自带的文字，不需要恢复。",
                    ));
                }
                Ok(vec![TemplateEvent::Restored { name: *name, text }])
            }
        }
    }

    fn apply(state: &mut TemplateState, event: &TemplateEvent, _recorded_at: Timestamp) {
        let (TemplateEvent::Edited { text, .. } | TemplateEvent::Restored { text, .. }) = event;
        state.text = Some(text.clone());
    }
}
