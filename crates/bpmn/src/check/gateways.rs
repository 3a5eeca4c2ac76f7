//! What each kind of gateway needs.

use crate::model::{NodeKind, Task, Trigger};
use crate::problem::Severity;

use super::{Check, called};

impl Check<'_> {
    pub(super) fn gateways(&mut self) {
        for (at, node) in self.process.nodes.iter().enumerate() {
            match node.kind {
                NodeKind::Exclusive | NodeKind::Inclusive => self.deciding(at),
                NodeKind::EventGateway => self.event_gateway(at),
                _ => {}
            }
        }
    }

    /// A gateway that decides: each way out has a condition or is the default, and there should be a default.
    fn deciding(&mut self, at: usize) {
        let node = self.node(at);
        let ways = self.outgoing[at].clone();
        if ways.len() < 2 {
            return;
        }
        let mut defaulted = false;
        for way in &ways {
            let flow = self.flow(*way);
            if node.default.as_deref() == Some(flow.id.as_str()) {
                defaulted = true;
            } else if flow.condition.is_none() && !flow.condition_broken {
                let text = format!("{}的这条出口没有条件；请写条件，或设为默认流", called(node));
                self.flow_problem(Severity::Error, "condition-missing", flow, text);
            }
        }
        if !defaulted {
            let text = format!(
                "{}没有默认出口；条件都不成立时会停下等人处理，建议设默认流",
                called(node)
            );
            self.tell(Severity::Warning, "default-missing", node, text);
        }
    }

    /// An event gateway waits for the first of several events; each stands behind it alone.
    fn event_gateway(&mut self, at: usize) {
        let node = self.node(at);
        let ways = self.outgoing[at].clone();
        if ways.len() < 2 {
            let text = format!(
                "{}至少要有两个事件可等；只等一个请直接用中间事件",
                called(node)
            );
            self.error("event-gateway-ways", node, text);
        }
        for way in ways {
            let Some(target_at) = self.target(way) else {
                continue;
            };
            let target = self.node(target_at);
            let waits = matches!(
                target.kind,
                NodeKind::Catch(Trigger::Timer(_) | Trigger::Message(_) | Trigger::Signal(_))
                    | NodeKind::Task(Task::Receive(_))
            );
            if !waits {
                let text = format!(
                    "{}后面只能是定时、消息、信号的中间捕获事件或接收任务，不能是{}",
                    called(node),
                    called(target)
                );
                self.flow_problem(
                    Severity::Error,
                    "event-gateway-target",
                    self.flow(way),
                    text,
                );
            } else if self.incoming[target_at].len() > 1 {
                let text = format!(
                    "{}在事件网关之后，不能再有别的入口；请另画一个",
                    called(target)
                );
                self.error("event-gateway-shared", target, text);
            } else if target.looping.is_some() || !self.boundaries[target_at].is_empty() {
                let text = format!(
                    "{}在事件网关之后，不能是多实例，也不能带边界事件",
                    called(target)
                );
                self.error("event-gateway-plain", target, text);
            }
        }
    }
}
