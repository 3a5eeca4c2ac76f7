//! How a bundle is written and published: a working copy and versions, as of an item, but in force at once. An application
//! under way keeps what it was handed in with, so that a new version changes none.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_kernel::{BundleId, PersonId, Rejection};
use wuchuang_ledger::{Context, Stream};

use super::{content::BundleContent, problems::problems};

/// The kind of stream.
#[derive(Debug, Clone, Copy)]
pub struct BundleStream;

/// What may be asked of a bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum BundleCommand {
    /// Creates or replaces the working copy.
    Draft {
        /// The elements.
        content: Box<BundleContent>,
    },
    /// Makes the working copy the version in force.
    Publish,
    /// Takes the bundle out of force.
    Withdraw,
}

/// What happened to a bundle. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BundleEvent {
    /// The working copy was written.
    Drafted {
        /// The elements.
        content: Box<BundleContent>,
        /// By whom.
        by: Option<PersonId>,
    },
    /// The working copy became the version in force.
    Published {
        /// Which bundle.
        bundle: BundleId,
        /// Which version, from 1.
        version: u32,
        /// By whom.
        by: Option<PersonId>,
    },
    /// The bundle was taken out of force.
    Withdrawn {
        /// By whom.
        by: Option<PersonId>,
    },
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleVersion {
    /// The bundle.
    pub id: BundleId,
    /// Which version, from 1.
    pub version: u32,
    /// When it was published.
    pub published_at: Timestamp,
    /// The elements.
    pub content: BundleContent,
}

/// A bundle with its working copy and its version in force; nothing before the first draft.
#[derive(Debug, Clone, Default)]
pub struct BundleState {
    /// The working copy, when it differs from the last version.
    pub working_copy: Option<Arc<BundleContent>>,
    /// The newest version; 0 before the first.
    pub version: u32,
    /// The version in force.
    pub published: Option<Arc<BundleVersion>>,
    /// The elements that were published last, also of a bundle that is out of force.
    pub last: Option<Arc<BundleContent>>,
}

impl BundleState {
    /// The elements that an editor begins with.
    pub fn current(&self) -> Option<&BundleContent> {
        self.working_copy.as_deref().or(self.last.as_deref())
    }
}

impl Stream for BundleStream {
    const KIND: &'static str = "bundle";
    type State = BundleState;
    type Command = BundleCommand;
    type Event = BundleEvent;

    fn decide(
        state: &BundleState,
        command: &BundleCommand,
        context: &Context<'_>,
    ) -> Result<Vec<BundleEvent>, Rejection> {
        let by = context.actor.person;
        match command {
            BundleCommand::Draft { content } => {
                if let Some(problem) = problems(content).into_iter().next() {
                    return Err(problem.rejection());
                }
                let is_same = state.current() == Some(content)
                    && (state.working_copy.is_some() || state.published.is_some());
                if is_same {
                    return Err(Rejection::new("nothing_changed", "没有改动，不需要保存。"));
                }
                Ok(vec![BundleEvent::Drafted {
                    content: content.clone(),
                    by,
                }])
            }
            BundleCommand::Publish if state.working_copy.is_none() => Err(Rejection::new(
                "nothing_to_publish",
                "没有待发布的修改。请先编辑，或者导入修改后的文件，再发布。",
            )),
            BundleCommand::Publish => Ok(vec![BundleEvent::Published {
                bundle: context.stream.into(),
                version: state.version + 1,
                by,
            }]),
            BundleCommand::Withdraw if state.published.is_none() => Err(Rejection::new(
                "not_published",
                "这件事没有发布，不需要停用。",
            )),
            BundleCommand::Withdraw => Ok(vec![BundleEvent::Withdrawn { by }]),
        }
    }

    fn apply(state: &mut BundleState, event: &BundleEvent, at: Timestamp) {
        match event {
            BundleEvent::Drafted { content, .. } => {
                state.working_copy = Some(Arc::from(content.clone()));
            }
            BundleEvent::Published {
                bundle, version, ..
            } => {
                // A publication is always preceded by a draft.
                let Some(copy) = state.working_copy.take() else {
                    return;
                };
                state.version = *version;
                state.last = Some(Arc::clone(&copy));
                state.published = Some(Arc::new(BundleVersion {
                    id: *bundle,
                    version: *version,
                    published_at: at,
                    content: copy.as_ref().clone(),
                }));
            }
            BundleEvent::Withdrawn { .. } => state.published = None,
        }
    }
}
