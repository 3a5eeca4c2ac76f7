//! Parallel joins that would wait in vain, or get one token too many. Both run into an incident, not into a loss; told
//! here, the drawing can be mended before anybody waits.

use crate::model::{NodeKind, Trigger};
use crate::problem::Severity;

use super::{Check, called};

/// How far back a warning looks, and at how many entries: enough for what people draw, and cheap for what they do not.
const STEPS_BACK_MAX: usize = 30;
const ENTRIES_MAX: usize = 16;
const REMINDERS_MAX: usize = 100;

/// A fork in the way to a join at which only one way is taken, and which one leads here.
type Choice = (usize, Way);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A way out of an exclusive gateway.
    Flow(usize),
    /// Over an activity as usual.
    Through,
    /// Over an interrupting boundary event of it.
    Boundary(usize),
}

impl Check<'_> {
    pub(super) fn starving_joins(&mut self) {
        let mut reminders = 0;
        for (at, node) in self.process.nodes.iter().enumerate() {
            match node.kind {
                NodeKind::Parallel if self.incoming[at].len() > 1 => self.starving(at),
                NodeKind::Boundary {
                    interrupting: false,
                    ref trigger,
                } if !matches!(trigger, Trigger::Compensation(_)) && reminders < REMINDERS_MAX => {
                    reminders += 1;
                    self.surplus(at);
                }
                _ => {}
            }
        }
    }

    /// Two entries that lie behind different ways of one choice never both get a token.
    fn starving(&mut self, at: usize) {
        let choices: Vec<Vec<Choice>> = self.incoming[at]
            .iter()
            .take(ENTRIES_MAX)
            .map(|entry| self.choices(*entry))
            .collect();
        let torn = choices.iter().enumerate().find_map(|(index, first)| {
            let mut others = choices[index + 1..].iter().flatten();
            others.find_map(|(fork, way)| {
                let other = first.iter().find(|(known, _)| known == fork)?;
                (other.1 != *way).then_some(*fork)
            })
        });
        if let Some(fork) = torn {
            let text = format!(
                "{}的几个入口来自{}的不同出口，每次只会来一个，永远等不齐；请改用排他网关汇合",
                called(self.node(at)),
                called(self.node(fork))
            );
            self.tell(Severity::Warning, "join-starves", self.node(at), text);
        }
    }

    /// The choices on the way back from an entry, as far as the way is a single one.
    fn choices(&self, entry: usize) -> Vec<Choice> {
        let mut choices = Vec::new();
        let mut flow = entry;
        for _ in 0..STEPS_BACK_MAX {
            let Some(source) = self.at(&self.flow(flow).source) else {
                break;
            };
            let node = self.node(source);
            let mut here = source;
            match node.kind {
                NodeKind::Exclusive => choices.push((source, Way::Flow(flow))),
                NodeKind::Boundary {
                    interrupting: true, ..
                } => {
                    let Some(host) = node.attached_to.as_deref().and_then(|id| self.at(id)) else {
                        break;
                    };
                    choices.push((host, Way::Boundary(source)));
                    here = host;
                }
                NodeKind::Boundary { .. } => break,
                _ if node.kind.is_activity() => choices.push((source, Way::Through)),
                _ => {}
            }
            let &[before] = self.incoming[here].as_slice() else {
                break;
            };
            flow = before;
        }
        choices
    }

    /// A second token beside the activity's own, running into a parallel join, is one too many there.
    fn surplus(&mut self, at: usize) {
        let reached = self.walk(vec![at], true);
        let join = (0..self.process.nodes.len()).find(|join| {
            reached[*join]
                && self.node(*join).kind == NodeKind::Parallel
                && self.incoming[*join].len() > 1
        });
        if let Some(join) = join {
            let text = format!(
                "{}不中断活动，会多出一个令牌，走到并行汇合{}会卡住；请让这条支路自己结束",
                called(self.node(at)),
                called(self.node(join))
            );
            self.tell(Severity::Warning, "surplus-token", self.node(at), text);
        }
    }
}
