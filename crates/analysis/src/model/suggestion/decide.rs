//! What may happen to a suggestion.

use jiff::Timestamp;
use wuchuang_kernel::Rejection;
use wuchuang_ledger::{Context, Stream};

use super::{
    DECISIONS_MAX, Grounds, Suggestion, SuggestionCommand, SuggestionDecision, SuggestionEvent,
    SuggestionStanding, SuggestionState, SuggestionStream,
};
use crate::model::require_reason;

impl Stream for SuggestionStream {
    const KIND: &'static str = "demand_suggestion";
    type State = SuggestionState;
    type Command = SuggestionCommand;
    type Event = SuggestionEvent;

    fn decide(
        state: &SuggestionState,
        command: &SuggestionCommand,
        context: &Context<'_>,
    ) -> Result<Vec<SuggestionEvent>, Rejection> {
        if let SuggestionCommand::Raise(grounds) = command {
            may_raise(state.0.as_deref(), grounds)?;
            return Ok(vec![SuggestionEvent::Raised(grounds.clone())]);
        }
        let Some(known) = state.0.as_deref() else {
            return Err(Rejection::new("suggestion_unknown", "没有这条建议。"));
        };
        let by = *context.actor;
        let event = match command {
            SuggestionCommand::Lapse if known.standing == SuggestionStanding::Open => {
                SuggestionEvent::Lapsed {}
            }
            SuggestionCommand::TakeUp { reason } => {
                require_reason(reason, "reason")?;
                undecided(known, SuggestionStanding::TakenUp)?;
                let reason = reason.trim().to_owned();
                SuggestionEvent::TakenUp { reason, by }
            }
            SuggestionCommand::Dismiss { reason } => {
                require_reason(reason, "reason")?;
                undecided(known, SuggestionStanding::Dismissed)?;
                let reason = reason.trim().to_owned();
                SuggestionEvent::Dismissed { reason, by }
            }
            SuggestionCommand::Lapse | SuggestionCommand::Raise(_) => {
                return Err(Rejection::new(
                    "suggestion_decided",
                    "这条建议已经有人决定。",
                ));
            }
        };
        Ok(vec![event])
    }

    fn apply(state: &mut SuggestionState, event: &SuggestionEvent, at: Timestamp) {
        match (event, &mut state.0) {
            (SuggestionEvent::Raised(grounds), Some(known)) => {
                known.grounds = (**grounds).clone();
                known.standing = SuggestionStanding::Open;
                known.raised_at = at;
            }
            (SuggestionEvent::Raised(grounds), place @ None) => {
                *place = Some(Box::new(Suggestion {
                    grounds: (**grounds).clone(),
                    standing: SuggestionStanding::Open,
                    raised_at: at,
                    decisions: Vec::new(),
                }));
            }
            (SuggestionEvent::Lapsed {}, Some(known)) => {
                known.standing = SuggestionStanding::Lapsed;
            }
            (SuggestionEvent::TakenUp { reason, by }, Some(known)) => {
                known.standing = SuggestionStanding::TakenUp;
                remember(known, (true, reason), (*by, at));
            }
            (SuggestionEvent::Dismissed { reason, by }, Some(known)) => {
                known.standing = SuggestionStanding::Dismissed;
                remember(known, (false, reason), (*by, at));
            }
            (_, None) => {}
        }
    }
}

/// Whether figures make a suggestion: a new one, one that lapsed, or one whose figures say something else. What was taken
/// up stays taken up.
///
/// # Errors
/// Why they make none.
pub fn may_raise(known: Option<&Suggestion>, grounds: &Grounds) -> Result<(), Rejection> {
    let Some(known) = known else {
        return Ok(());
    };
    let same = !known.grounds.differs(grounds);
    let (code, told) = match known.standing {
        SuggestionStanding::TakenUp => ("suggestion_taken_up", "这条建议已经采纳。"),
        SuggestionStanding::Open if same => {
            ("suggestion_stands", "这条建议已经列出，数据没有明显变化。")
        }
        SuggestionStanding::Dismissed if same => (
            "suggestion_dismissed",
            "这条建议没有采纳，数据没有明显变化。",
        ),
        _ => return Ok(()),
    };
    Err(Rejection::new(code, told))
}

/// A decision may be changed into the other one, but not said twice, and not about figures that are gone.
fn undecided(known: &Suggestion, wanted: SuggestionStanding) -> Result<(), Rejection> {
    if known.standing == SuggestionStanding::Lapsed {
        return Err(Rejection::new(
            "suggestion_lapsed",
            "现在的数据不再支持这条建议，不用再决定。",
        )
        .at("reason"));
    }
    if known.standing == wanted {
        return Err(Rejection::new(
            "suggestion_decided",
            "这条建议已经这样决定，请刷新看现在的情况。",
        )
        .at("reason"));
    }
    Ok(())
}

fn remember(
    known: &mut Suggestion,
    (is_taken_up, reason): (bool, &str),
    (by, at): (wuchuang_kernel::Actor, Timestamp),
) {
    if known.decisions.len() == DECISIONS_MAX {
        known.decisions.remove(0);
    }
    known.decisions.push(SuggestionDecision {
        is_taken_up,
        reason: reason.to_owned(),
        by,
        at,
    });
}
