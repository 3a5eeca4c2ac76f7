//! Errors: they go outwards from where they happen to the nearest activity with a boundary event for their code, or for
//! all codes. Nobody catches it: an incident where it happened.

use crate::model::{Node, NodeIndex, NodeKind, Trigger};

use crate::run::effect::IncidentCode;
use crate::run::machine::{Machine, Trouble};
use crate::run::state::Resume;

impl Machine<'_> {
    /// An error at a token. `itself`: whether the token's own activity may catch it.
    pub(in crate::run) fn throw_error(&mut self, id: u32, code: &str, itself: bool) {
        let mut here = if itself { Some(id) } else { self.outside(id) };
        while let Some(activity) = here {
            if let Some((boundary, scope, cause)) = self.catches(activity, code) {
                self.withdraw(activity);
                self.send(boundary, scope, cause, None);
                return;
            }
            here = self.outside(activity);
        }
        let text = format!("错误“{code}”没有边界事件接住；请处理后重试，或退回前面的任务");
        self.incident(
            id,
            Trouble::new(IncidentCode::UncaughtError, Resume::Enter, text),
        );
    }

    /// The token that waits for the scope in which a token is.
    fn outside(&self, id: u32) -> Option<u32> {
        let scope = self.state.scope(self.state.token(id)?.scope)?;
        (scope.id != 0).then_some(scope.host)
    }

    fn catches(&self, activity: u32, code: &str) -> Option<(NodeIndex, u32, u32)> {
        let token = self.state.token(activity)?;
        // Of several instances, the token that waits for them all holds the boundary events.
        self.state.scope(token.scope)?.of?;
        let node: &Node = self.node(token.at);
        let catching = |wanted: Option<&str>| {
            node.boundaries.iter().copied().find(|boundary| {
                matches!(
                    &self.node(*boundary).kind,
                    NodeKind::Boundary { trigger: Trigger::Error(code), .. } if code.as_deref() == wanted
                )
            })
        };
        let boundary = catching(Some(code)).or_else(|| catching(None))?;
        Some((boundary, token.scope, token.cause))
    }
}
