//! Exclusive gateway: the first way whose condition holds, in the order of the file; otherwise the default; otherwise
//! an incident, for a token must not vanish.

use crate::model::{FlowIndex, Node};

use crate::run::effect::IncidentCode;
use crate::run::machine::{Machine, Trouble};
use crate::run::state::Resume;

impl Machine<'_> {
    pub(in crate::run) fn exclusive_way(
        &self,
        node: &Node,
        scope: u32,
    ) -> Result<FlowIndex, Trouble> {
        for way in &node.outgoing {
            if node.default != Some(*way) && self.way_open(*way, scope)? {
                return Ok(*way);
            }
        }
        node.default.ok_or_else(|| no_way_out(node))
    }

    /// Whether a way's condition holds; a way without one is open.
    pub(super) fn way_open(&self, way: FlowIndex, scope: u32) -> Result<bool, Trouble> {
        let Some(condition) = &self.process.flow(way).condition else {
            return Ok(true);
        };
        condition
            .holds(&self.names(scope))
            .map_err(|_| Trouble::overrun(Resume::Leave))
    }
}

/// The incident of a gateway at which nothing holds.
pub(super) fn no_way_out(node: &Node) -> Trouble {
    let text = format!(
        "{}“{}”的出口条件都不成立，也没有默认出口；请改正变量后重试，或退回前面的任务",
        node.kind.title(),
        if node.name.is_empty() {
            node.id.as_str()
        } else {
            &node.name
        }
    );
    Trouble::new(IncidentCode::NoWayOut, Resume::Leave, text)
}
