//! Sequence flows and where they may begin and end.

use crate::model::NodeKind;
use crate::problem::Severity;

use super::{Check, called};

impl Check<'_> {
    /// Both ends exist and lie in the same scope as the flow.
    pub(super) fn flow_ends(&mut self) {
        for flow in &self.process.flows {
            for (what, id) in [("起点", &flow.source), ("终点", &flow.target)] {
                if self.at(id).is_none() {
                    let text = if id.is_empty() {
                        format!("顺序流没有{what}；请重新连接或删去")
                    } else {
                        format!("顺序流的{what}“{id}”不存在；请重新连接或删去")
                    };
                    self.flow_problem(Severity::Error, "flow-end-missing", flow, text);
                }
            }
            let Some((source, target)) = self.ends(flow) else {
                continue;
            };
            let (source, target) = (self.node(source), self.node(target));
            if source.scope != target.scope || source.scope != flow.scope {
                let text = "顺序流不能穿过子流程的边界；请在子流程内外分别连接，或用边界事件";
                self.flow_problem(Severity::Error, "flow-crosses", flow, text);
            }
            if let NodeKind::Start(_) | NodeKind::Boundary { .. } = target.kind {
                let text = format!("顺序流不能指向{}；请指向它后面的元素", called(target));
                self.flow_problem(Severity::Error, "flow-into-event", flow, text);
            }
            if let NodeKind::End(_) = source.kind {
                let text = format!("{}之后不能再有顺序流；请改用中间事件", called(source));
                self.flow_problem(Severity::Error, "flow-after-end", flow, text);
            }
        }
    }

    /// Every node has a way in, and conditions and defaults stand where they mean something.
    pub(super) fn positions(&mut self) {
        for (at, node) in self
            .process
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| !node.refused)
        {
            let begins = matches!(node.kind, NodeKind::Start(_) | NodeKind::Boundary { .. });
            if self.incoming[at].is_empty() && !begins && !node.for_compensation {
                let text = format!(
                    "{}没有进入的顺序流，永远不会执行；请连接或删去",
                    called(node)
                );
                self.error("no-way-in", node, text);
            }
            let ends = matches!(node.kind, NodeKind::End(_)) || node.for_compensation;
            let compensation = matches!(
                node.kind.trigger(),
                Some(crate::model::Trigger::Compensation(_))
            ) && matches!(node.kind, NodeKind::Boundary { .. });
            if self.outgoing[at].is_empty() && !ends && !compensation {
                let text = format!(
                    "{}之后没有顺序流，令牌在此结束；建议接上结束事件",
                    called(node)
                );
                let severity = if node.kind.is_gateway() {
                    Severity::Error
                } else {
                    Severity::Warning
                };
                self.tell(severity, "no-way-out", node, text);
            }
            self.default_flow(at);
            self.conditions(at);
        }
    }

    fn default_flow(&mut self, at: usize) {
        let node = self.node(at);
        let Some(default) = &node.default else { return };
        let own = self.outgoing[at]
            .iter()
            .copied()
            .find(|flow| self.flow(*flow).id.as_str() == default);
        let Some(own) = own else {
            let text = format!(
                "默认顺序流“{default}”不是{}的出口；请重新选择",
                called(node)
            );
            self.error("default-unknown", node, text);
            return;
        };
        let flow = self.flow(own);
        if flow.condition.is_some() {
            let text = "默认顺序流不应有条件；请去掉条件，或另选默认流";
            self.flow_problem(Severity::Error, "default-condition", flow, text);
        }
        if matches!(node.kind, NodeKind::Parallel | NodeKind::EventGateway) {
            let text = format!("{}没有默认出口一说；请去掉 default", called(node));
            self.error("default-unused", node, text);
        }
    }

    /// Conditions behind gateways and events that do not look at them would be skipped silently.
    fn conditions(&mut self, at: usize) {
        let node = self.node(at);
        let blind = matches!(
            node.kind,
            NodeKind::Parallel
                | NodeKind::EventGateway
                | NodeKind::Start(_)
                | NodeKind::Boundary { .. }
        );
        if !blind {
            return;
        }
        for flow in self.outgoing[at].clone() {
            let flow = self.flow(flow);
            if flow.condition.is_some() || flow.condition_broken {
                let text = format!(
                    "{}的出口不看条件；请去掉条件，或改用排他网关、包容网关",
                    called(node)
                );
                self.flow_problem(Severity::Error, "condition-unused", flow, text);
            }
        }
    }
}
