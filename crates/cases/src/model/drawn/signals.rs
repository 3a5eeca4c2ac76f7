//! Signals of a drawn process: what one branch of a case gives, every branch of the same case that waits for it hears, within
//! the same move. No signal goes from one case to another: what happens to somebody's case is never decided by somebody
//! else's.

use wuchuang_bpmn::{Effect, Event, Process, Step, Variables, advance};
use wuchuang_kernel::Rejection;

use super::moves::refuses;

/// How many signals one move may give; a drawing whose branches wake each other without end gives more.
const SIGNALS_MAX: usize = 50;

/// A step of the engine with all that follows from the signals that it gave.
pub(super) fn heard(process: &Process, mut step: Step) -> Result<Step, Rejection> {
    let mut given = 0;
    let mut at = 0;
    while at < step.effects.len() && step.instance.outcome().is_none() {
        if let Effect::SignalSent { name, .. } = &step.effects[at] {
            given += 1;
            if given > SIGNALS_MAX {
                let text = format!(
                    "流程一次要传 {SIGNALS_MAX} 个以上的信号，可能绕成了一圈，没有办理。请联系事项管理人员。"
                );
                return Err(Rejection::new("signals_too_many", text));
            }
            let event = Event::SignalReceived {
                name: name.to_string(),
                variables: Variables::new(),
            };
            let next = advance(process, &step.instance, event).map_err(|error| refuses(&error))?;
            step.instance = next.instance;
            step.effects.extend(next.effects);
            step.trace.extend(next.trace);
        }
        at += 1;
    }
    Ok(step)
}
