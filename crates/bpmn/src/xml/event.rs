//! Event definitions: what sets an event off.

use std::sync::Arc;

use jiff::Span;
use jiff::civil::{Date, DateTime};
use roxmltree::Node;

use crate::expression::Template;
use crate::model::{CompensationTarget, TimerRule, Trigger};

use super::names::BPMN;
use super::reader::{Reader, child, text_of, vendor};
use super::refused::refused;

impl Reader {
    /// The trigger of an event. `None` when it is refused or broken; the problem is told.
    pub(super) fn trigger(&mut self, event: Node<'_, '_>) -> Option<Trigger> {
        let mut definitions = event.children().filter(|child| {
            child.tag_name().namespace() == Some(BPMN)
                && child.tag_name().name().ends_with("ventDefinition")
        });
        let Some(definition) = definitions.next() else {
            if child(event, "eventDefinitionRef").is_some() {
                self.error(
                    "event-reference",
                    event,
                    "请把事件定义写在事件里面，不要引用别处的定义",
                );
                return None;
            }
            return Some(Trigger::Plain);
        };
        if definitions.next().is_some() {
            let text = "一个事件有几个触发定义；请拆成几个事件，用事件网关或几个边界事件";
            self.error("event-multiple", event, text);
            return None;
        }
        self.list_ignored(definition);
        match definition.tag_name().name() {
            "timerEventDefinition" => self.timer(definition).map(Trigger::Timer),
            "messageEventDefinition" => self
                .reference(definition, "messageRef", "消息")
                .map(Trigger::Message),
            "signalEventDefinition" => self
                .reference(definition, "signalRef", "信号")
                .map(Trigger::Signal),
            "errorEventDefinition" => match definition.attribute("errorRef") {
                None => Some(Trigger::Error(None)),
                Some(_) => self
                    .reference(definition, "errorRef", "错误")
                    .map(|code| Trigger::Error(Some(code))),
            },
            "terminateEventDefinition" => Some(Trigger::Terminate),
            "compensateEventDefinition" => {
                if !self.flag(definition, "waitForCompletion", true) {
                    let text = "不支持不等待的补偿；请去掉 waitForCompletion=\"false\"";
                    self.error("compensation-not-waiting", definition, text);
                }
                Some(Trigger::Compensation(CompensationTarget::Scope))
            }
            other => {
                let (name, advice) =
                    refused(other).unwrap_or((other, "请改用消息、定时、信号或错误事件"));
                self.error("not-executed", event, format!("不执行“{name}”：{advice}"));
                None
            }
        }
    }

    /// The name or code of what `messageRef`, `signalRef` or `errorRef` points to.
    pub(super) fn reference(
        &mut self,
        node: Node<'_, '_>,
        attribute: &str,
        what: &str,
    ) -> Option<Arc<str>> {
        let Some(id) = node
            .attribute(attribute)
            .map(str::trim)
            .filter(|id| !id.is_empty())
        else {
            self.error(
                "reference-missing",
                node,
                format!("没有指明{what}；请选择或新建一个{what}"),
            );
            return None;
        };
        // References are qualified names; the prefix stands for the file's own namespace.
        let local = id.rsplit_once(':').map_or(id, |(_, local)| local);
        let declared = match attribute {
            "messageRef" => &self.declared.messages,
            "signalRef" => &self.declared.signals,
            _ => &self.declared.errors,
        };
        let found = declared.get(id).or_else(|| declared.get(local)).cloned();
        if found.is_none() {
            self.error(
                "reference-unknown",
                node,
                format!("{what}“{id}”在文件里没有定义"),
            );
        }
        found
    }

    fn timer(&mut self, definition: Node<'_, '_>) -> Option<TimerRule> {
        let kinds: Vec<_> = ["timeDuration", "timeDate", "timeCycle"]
            .into_iter()
            .filter_map(|kind| child(definition, kind).map(|node| (kind, text_of(node))))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let [(kind, text)] = kinds.as_slice() else {
            let text = "定时事件要写一个时长（timeDuration）、日期（timeDate）或周期（timeCycle），只写一个";
            self.error("timer-missing", definition, text);
            return None;
        };
        let working_days = vendor(definition, "workingDays") == Some("true");
        if *kind == "timeCycle" {
            return self.cycle(definition, text);
        }
        let template = self.template(definition, "定时", text)?;
        if *kind == "timeDate" {
            self.check_date(definition, &template);
            return Some(TimerRule::At(template));
        }
        self.check_duration(definition, &template, working_days);
        Some(TimerRule::After {
            duration: template,
            working_days,
        })
    }

    fn check_date(&mut self, node: Node<'_, '_>, template: &Template) {
        if template.constant().is_some_and(|text| !is_date(text)) {
            let text = "日期应写成 2026-03-31 或 2026-03-31T17:00:00+08:00，或者用 ${变量}";
            self.error("timer-date", node, text);
        }
    }

    fn check_duration(&mut self, node: Node<'_, '_>, template: &Template, working_days: bool) {
        let Some(text) = template.constant() else {
            return;
        };
        if !is_duration(text) {
            let text =
                format!("时长“{text}”应写成 P3D（三天）、PT4H（四小时）之类，或者用 ${{变量}}");
            self.error("timer-duration", node, text);
        } else if working_days && whole_days(text).is_none() {
            let text = "工作日时长只能是整天数，例如 P5D";
            self.error("timer-working-days", node, text);
        }
    }

    fn cycle(&mut self, node: Node<'_, '_>, text: &str) -> Option<TimerRule> {
        let parts = text.strip_prefix('R').and_then(|rest| rest.split_once('/'));
        if let Some((times, duration)) = parts
            && is_duration(duration)
        {
            let times = match times {
                "" => Some(None),
                times => times.parse().ok().filter(|times| *times > 0).map(Some),
            };
            if let Some(times) = times {
                return Some(TimerRule::Every {
                    times,
                    duration: duration.into(),
                });
            }
        }
        let text = "周期应写成 R3/P1D（三次，每次一天）或 R/P1D（一直）；不支持 cron";
        self.error("timer-cycle", node, text);
        None
    }
}

/// An ISO 8601 duration that is not negative.
pub(crate) fn is_duration(text: &str) -> bool {
    text.len() <= 50 && text.starts_with('P') && text.parse::<Span>().is_ok()
}

/// The number of days in `P5D`.
pub(crate) fn whole_days(text: &str) -> Option<u32> {
    text.strip_prefix('P')?
        .strip_suffix('D')?
        .parse()
        .ok()
        .filter(|days| *days <= 3650)
}

/// A civil date, a civil time or an instant.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() <= 50
        && (text.parse::<Date>().is_ok()
            || text.parse::<DateTime>().is_ok()
            || text.parse::<jiff::Timestamp>().is_ok())
}
