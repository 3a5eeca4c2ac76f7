//! The registered kinds of streams, with their types erased, so that one writer serves them all.

use std::{any::Any, collections::HashMap, marker::PhantomData, sync::Arc};

use jiff::Timestamp;
use serde_json::{Value, json};
use wuchuang_kernel::Rejection;

use crate::stream::{Context, Stream, join_tag, split_tag};

/// A value whose type only its own stream kind knows.
pub(crate) type Erased = Arc<dyn Any + Send + Sync>;

/// A stored event that its stream kind cannot read.
#[derive(Debug, thiserror::Error)]
#[error("an event {event_type} of version {event_version} does not read: {reason}")]
pub struct UnreadableEvent {
    event_type: String,
    event_version: i64,
    reason: String,
}

/// A decided event, not yet sealed.
pub(crate) struct Decided {
    pub(crate) event_type: String,
    pub(crate) event_version: i64,
    pub(crate) payload: Value,
    pub(crate) event: Erased,
    pub(crate) state: Erased,
}

/// What the writer needs of a stream kind.
pub(crate) trait Kind: Send + Sync {
    fn name(&self) -> &'static str;
    fn fresh(&self) -> Erased;
    /// Reads a stored event and applies it: the event and the state after it.
    fn apply(
        &self,
        state: &Erased,
        event_type: &str,
        event_version: i64,
        payload: &Value,
        recorded_at: Timestamp,
    ) -> Result<(Erased, Erased), UnreadableEvent>;
}

struct Typed<S>(PhantomData<fn() -> S>);

impl<S: Stream> Kind for Typed<S> {
    fn name(&self) -> &'static str {
        S::KIND
    }

    fn fresh(&self) -> Erased {
        Arc::new(S::State::default())
    }

    fn apply(
        &self,
        state: &Erased,
        event_type: &str,
        event_version: i64,
        payload: &Value,
        recorded_at: Timestamp,
    ) -> Result<(Erased, Erased), UnreadableEvent> {
        let event = read_event::<S>(event_type, event_version, payload)?;
        let mut state = own::<S>(state);
        S::apply(&mut state, &event, recorded_at);
        Ok((Arc::new(event), Arc::new(state)))
    }
}

/// A stored event as its stream kind's own type.
pub(crate) fn read_event<S: Stream>(
    event_type: &str,
    event_version: i64,
    payload: &Value,
) -> Result<S::Event, UnreadableEvent> {
    let tagged = json!({ join_tag(event_type, event_version): payload });
    serde_json::from_value(tagged).map_err(|error| UnreadableEvent {
        event_type: event_type.to_owned(),
        event_version,
        reason: error.to_string(),
    })
}

fn own<S: Stream>(state: &Erased) -> S::State {
    state
        .downcast_ref::<S::State>()
        .expect("the registry gives each kind its own state")
        .clone()
}

/// A command with its stream kind's types erased.
pub(crate) trait AnyCommand: Send + Sync {
    fn kind(&self) -> &'static str;
    fn fingerprint_bytes(&self) -> Vec<u8>;
    fn sequence(&self, now: Timestamp) -> Option<String>;
    fn decide(&self, state: &Erased, context: &Context<'_>) -> Result<Vec<Decided>, Rejection>;
}

pub(crate) struct TypedCommand<S: Stream>(pub(crate) S::Command);

impl<S: Stream> AnyCommand for TypedCommand<S> {
    fn kind(&self) -> &'static str {
        S::KIND
    }

    fn fingerprint_bytes(&self) -> Vec<u8> {
        S::sent(&self.0)
            .map_or_else(
                || serde_json::to_vec(&self.0),
                |sent| serde_json::to_vec(&sent),
            )
            .expect("a command is a plain value that serialises")
    }

    fn sequence(&self, now: Timestamp) -> Option<String> {
        S::sequence(&self.0, now)
    }

    fn decide(&self, state: &Erased, context: &Context<'_>) -> Result<Vec<Decided>, Rejection> {
        let mut state = own::<S>(state);
        let events = S::decide(&state, &self.0, context)?;
        Ok(events
            .into_iter()
            .map(|event| {
                let tagged = serde_json::to_value(&event)
                    .expect("an event is a plain value that serialises");
                let (tag, payload) = match tagged {
                    Value::String(tag) => (tag, Value::Null),
                    Value::Object(object) => object
                        .into_iter()
                        .next()
                        .expect("an event is an externally tagged enum"),
                    _ => unreachable!("an event is an externally tagged enum"),
                };
                S::apply(&mut state, &event, context.now);
                let (event_type, event_version) = split_tag(&tag);
                Decided {
                    event_type: event_type.to_owned(),
                    event_version,
                    payload,
                    event: Arc::new(event),
                    state: Arc::new(state.clone()),
                }
            })
            .collect())
    }
}

/// The registered kinds.
#[derive(Clone, Default)]
pub(crate) struct Kinds(HashMap<&'static str, Arc<dyn Kind>>);

impl Kinds {
    pub(crate) fn register<S: Stream>(&mut self) {
        let before = self.0.insert(S::KIND, Arc::new(Typed::<S>(PhantomData)));
        assert!(before.is_none(), "two streams are named {}", S::KIND);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<dyn Kind>> {
        self.0.get(name)
    }
}
