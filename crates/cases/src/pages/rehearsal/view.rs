//! Where a made-up case stands and what happened to it, in words.

use wuchuang_bpmn::{ElementId, TimerDue};
use wuchuang_webkit::markup::Choice;

use crate::{
    model::{
        AwaitedKind, DrawnProcess,
        drawn::rehearsal::{Move, Rehearsal, Script},
    },
    pages::tasks::{Asked, asked},
};

/// A task that somebody would do now.
pub(super) struct TaskView {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) who: String,
    pub(super) limit: String,
    pub(super) questions: Vec<Asked>,
    pub(super) targets: Vec<Choice>,
}

/// A business rule task that waits for what the rules give.
pub(super) struct DecisionView {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) decision: String,
}

/// Something that is waited for from outside.
pub(super) struct AwaitedView {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) topic: String,
    pub(super) is_service: bool,
}

pub(super) struct TimerView {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) due: String,
}

pub(super) struct StuckView {
    pub(super) number: u32,
    pub(super) text: String,
    pub(super) targets: Vec<Choice>,
}

/// One line of what happened.
pub(super) struct Played {
    pub(super) deed: String,
    pub(super) then: String,
}

/// What people call the elements.
pub(super) struct Names<'d>(pub(super) &'d DrawnProcess);

impl Names<'_> {
    fn of(&self, wanted: &ElementId) -> String {
        let mut elements = self.0.process().elements();
        let found = elements.find(|element| element.id == *wanted);
        found.map_or_else(
            || wanted.to_string(),
            |element| {
                if element.name.is_empty() {
                    element.kind.to_owned()
                } else {
                    element.name.to_string()
                }
            },
        )
    }

    pub(super) fn choices(&self, elements: &[ElementId]) -> Vec<Choice> {
        let elements = elements.iter();
        elements
            .map(|element| Choice::new(element.as_str(), self.of(element)))
            .collect()
    }
}

pub(super) fn tasks(drawn: &DrawnProcess, seen: &Rehearsal) -> Vec<TaskView> {
    let names = Names(drawn);
    let tasks = seen.tasks.iter();
    tasks
        .map(|open| {
            let number = open.task.task.0;
            TaskView {
                number,
                name: open.task.name.clone(),
                who: if open.task.candidates.is_empty() {
                    "本单位能审查的人".to_owned()
                } else {
                    open.task.candidates.join("、")
                },
                limit: open
                    .task
                    .limit_days
                    .map_or_else(String::new, |days| format!("{days} 个工作日")),
                questions: asked(
                    &super::deed_of(number),
                    drawn.process().questions(&open.task.element),
                ),
                targets: names.choices(&open.targets),
            }
        })
        .collect()
}

pub(super) fn decisions(names: &Names<'_>, seen: &Rehearsal) -> Vec<DecisionView> {
    let decisions = seen.decisions.iter();
    decisions
        .map(|(number, element, decision)| DecisionView {
            number: number.0,
            name: names.of(element),
            decision: decision.to_string(),
        })
        .collect()
}

/// What is waited for from outside, with what programs know it by.
pub(super) fn awaited(seen: &Rehearsal) -> Vec<AwaitedView> {
    let awaited = seen.awaited.iter();
    awaited
        .map(|awaited| AwaitedView {
            number: awaited.number,
            name: awaited.name.clone(),
            topic: awaited.topic.clone(),
            is_service: awaited.kind == AwaitedKind::Service,
        })
        .collect()
}

pub(super) fn timers(names: &Names<'_>, seen: &Rehearsal) -> Vec<TimerView> {
    let timers = seen.timers.iter();
    timers
        .map(|timer| TimerView {
            number: timer.timer.0,
            name: names.of(&timer.element),
            due: due_words(&timer.due),
        })
        .collect()
}

fn due_words(due: &TimerDue) -> String {
    match due {
        TimerDue::AfterWorkingDays(days) => format!("{days} 个工作日以后"),
        TimerDue::After(duration) => match duration.strip_prefix('P') {
            Some(rest) if rest.ends_with('D') && !rest.contains('T') => {
                format!("{} 天以后", rest.trim_end_matches('D'))
            }
            Some(rest) if rest.starts_with('T') && rest.ends_with('H') => {
                format!("{} 小时以后", rest.trim_matches(['T', 'H']))
            }
            _ => format!("{duration} 以后"),
        },
        TimerDue::At(text) => format!("到 {text}"),
    }
}

pub(super) fn stuck(names: &Names<'_>, seen: &Rehearsal) -> Vec<StuckView> {
    let places = seen.stuck.iter();
    places
        .map(|(number, element, text, targets)| StuckView {
            number: *number,
            text: format!("{}：{text}", names.of(element)),
            targets: names.choices(targets),
        })
        .collect()
}

/// Each move in words, with what was entered by it.
pub(super) fn played(names: &Names<'_>, script: &Script, seen: &Rehearsal) -> Vec<Played> {
    let deeds = script.moves.iter().map(|chosen| match chosen {
        Move::Complete { answers, .. } => {
            let answered: Vec<String> = answers
                .iter()
                .filter(|(_, value)| value.as_str() != Some(""))
                .map(|(name, value)| format!("{name} = {}", value.as_str().unwrap_or_default()))
                .collect();
            if answered.is_empty() {
                "办完一个环节".to_owned()
            } else {
                format!("办完一个环节（{}）", answered.join("，"))
            }
        }
        Move::Decide { .. } => "规则给出结果".to_owned(),
        Move::Answer { failed: true, .. } => "外面没有办成".to_owned(),
        Move::Answer { .. } => "外面的结果到了".to_owned(),
        Move::Fire { .. } => "到时间了".to_owned(),
        Move::Return { to, .. } => format!("退回到{}", names.of(to)),
    });
    let deeds = std::iter::once("受理".to_owned()).chain(deeds);
    let then = seen.entered.iter().map(|entered| {
        let entered: Vec<String> = entered.iter().map(|element| names.of(element)).collect();
        entered.join(" → ")
    });
    deeds
        .zip(then)
        .map(|(deed, then)| Played { deed, then })
        .collect()
}
