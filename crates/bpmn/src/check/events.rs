//! Events: which trigger may stand where, starts, boundary events and compensation.

use crate::model::{NodeKind, TimerRule, Trigger, handler};
use crate::problem::Severity;

use super::{Check, called};

impl Check<'_> {
    /// Each scope begins in a way that is clear.
    pub(super) fn starts(&mut self) {
        for (scope, host) in self.process.scopes.iter().enumerate() {
            let mut plain = Vec::new();
            let mut triggered = Vec::new();
            for node in self.process.nodes.iter().filter(|node| node.scope == scope) {
                match &node.kind {
                    NodeKind::Start(Trigger::Plain) => plain.push(node),
                    NodeKind::Start(_) => triggered.push(node),
                    _ => {}
                }
            }
            let host = host.map(|at| self.node(at));
            if plain.is_empty() && (triggered.is_empty() || host.is_some()) {
                let text = match host {
                    Some(host) => format!("{}里没有普通开始事件；请加上一个", called(host)),
                    None => "流程没有开始事件；请加上一个".to_owned(),
                };
                let (id, line) = host.map_or((&self.process.id, self.process.line), |host| {
                    (&host.id, host.line)
                });
                self.problems
                    .add(Severity::Error, "no-start", Some(id), line, text);
            }
            for extra in plain.iter().skip(1) {
                self.error(
                    "several-starts",
                    extra,
                    "普通开始事件只能有一个；请合并，后面用网关分开",
                );
            }
            for node in triggered.iter().filter(|_| host.is_some()) {
                let text = format!(
                    "子流程里的{}不能有触发条件；请改为普通开始事件",
                    called(node)
                );
                self.error("start-in-sub-process", node, text);
            }
        }
    }

    /// Which trigger may stand in which kind of event.
    pub(super) fn triggers(&mut self) {
        for node in &self.process.nodes {
            let allowed = match &node.kind {
                NodeKind::Start(trigger) => matches!(
                    trigger,
                    Trigger::Plain | Trigger::Timer(_) | Trigger::Message(_) | Trigger::Signal(_)
                ),
                NodeKind::End(trigger) => match trigger {
                    Trigger::Error(code) => code.is_some(),
                    Trigger::Timer(_) => false,
                    _ => true,
                },
                NodeKind::Throw(trigger) => matches!(
                    trigger,
                    Trigger::Plain
                        | Trigger::Message(_)
                        | Trigger::Signal(_)
                        | Trigger::Compensation(_)
                ),
                NodeKind::Catch(trigger) => matches!(
                    trigger,
                    Trigger::Timer(_) | Trigger::Message(_) | Trigger::Signal(_)
                ),
                NodeKind::Boundary { trigger, .. } => {
                    !matches!(trigger, Trigger::Plain | Trigger::Terminate)
                }
                _ => true,
            };
            if !allowed {
                let text = format!("{}不能用这种触发；请换一种事件", called(node));
                self.error("trigger-misplaced", node, text);
            }
            self.cycle_place(node);
        }
    }

    fn cycle_place(&mut self, node: &crate::model::DraftNode) {
        let Some(Trigger::Timer(TimerRule::Every { .. })) = node.kind.trigger() else {
            return;
        };
        let repeats = matches!(
            node.kind,
            NodeKind::Start(_)
                | NodeKind::Boundary {
                    interrupting: false,
                    ..
                }
        );
        if !repeats {
            let text = "周期定时只能用在开始事件和不中断的边界事件上；请改用时长或日期";
            self.error("timer-cycle-place", node, text);
        }
    }

    /// Boundary events sit on an activity of their own scope.
    pub(super) fn boundaries(&mut self) {
        for node in &self.process.nodes {
            let NodeKind::Boundary {
                interrupting,
                trigger,
            } = &node.kind
            else {
                continue;
            };
            let host = node
                .attached_to
                .as_deref()
                .and_then(|id| self.at(id))
                .map(|at| self.node(at));
            let Some(host) = host else {
                let text = format!(
                    "{}没有附着在活动上；请把它拖到任务或子流程的边上",
                    called(node)
                );
                self.error("boundary-host", node, text);
                continue;
            };
            if !host.kind.is_activity() || host.scope != node.scope {
                let text = format!(
                    "{}不能附着在{}上，只能在同一层的任务、子流程或调用活动上",
                    called(node),
                    called(host)
                );
                self.error("boundary-host", node, text);
            }
            if host.for_compensation {
                let text = format!("补偿处理{}上不能有边界事件；请去掉", called(host));
                self.error("boundary-on-handler", node, text);
            }
            if !interrupting && matches!(trigger, Trigger::Error(_)) {
                let text = "错误边界事件总是中断活动；请去掉 cancelActivity=\"false\"";
                self.error("error-not-interrupting", node, text);
            }
        }
    }

    /// Compensation: the handler stands outside of the flow and hangs on its boundary event by an association.
    pub(super) fn compensation(&mut self) {
        let mut handled = vec![false; self.process.nodes.len()];
        for node in &self.process.nodes {
            let Some(Trigger::Compensation(_)) = node.kind.trigger() else {
                continue;
            };
            if matches!(node.kind, NodeKind::Boundary { .. }) {
                self.compensation_boundary(node, &mut handled);
            } else if let Some(id) = &node.compensates {
                let activity = self.at(id).map(|at| self.node(at));
                if !activity.is_some_and(|activity| {
                    activity.kind.is_activity() && activity.scope == node.scope
                }) {
                    let text =
                        format!("要补偿的活动“{id}”不在同一层；请重新选择，或不填（补偿全部）");
                    self.error("compensation-target", node, text);
                }
            }
        }
        for (at, node) in self.process.nodes.iter().enumerate() {
            if !node.for_compensation {
                continue;
            }
            if !node.kind.is_activity() || !handled[at] {
                let text = format!(
                    "{}标为补偿处理，但没有补偿边界事件连到它；请用关联线连接",
                    called(node)
                );
                self.error("handler-unused", node, text);
            }
            if !self.incoming[at].is_empty() || !self.outgoing[at].is_empty() {
                let text = format!("补偿处理{}不能有顺序流；只用关联线连接", called(node));
                self.error("handler-in-flow", node, text);
            }
        }
    }

    fn compensation_boundary(&mut self, node: &crate::model::DraftNode, handled: &mut [bool]) {
        match handler(self.process, node).and_then(|id| self.at(id)) {
            Some(at) if self.node(at).for_compensation && self.node(at).scope == node.scope => {
                handled[at] = true;
            }
            Some(at) => {
                let text = format!(
                    "{}连到的元素没有标为补偿处理（isForCompensation）",
                    called(self.node(at))
                );
                self.error("handler-unmarked", node, text);
            }
            None => {
                let text = "补偿边界事件没有连到补偿处理；请用关联线连到一个标为补偿的任务";
                self.error("handler-missing", node, text);
            }
        }
        let at = self.at(node.id.as_str());
        if at.is_some_and(|at| !self.outgoing[at].is_empty()) {
            let text = "补偿边界事件不能有顺序流；请用关联线连到补偿处理";
            self.error("handler-in-flow", node, text);
        }
        let siblings = node
            .attached_to
            .as_deref()
            .and_then(|id| self.at(id))
            .map_or(0, |host| {
                self.boundaries[host]
                    .iter()
                    .filter(|at| {
                        matches!(
                            self.node(**at).kind.trigger(),
                            Some(Trigger::Compensation(_))
                        )
                    })
                    .count()
            });
        if siblings > 1 {
            self.error(
                "handler-several",
                node,
                "一个活动只能有一个补偿边界事件；请合并",
            );
        }
    }
}
