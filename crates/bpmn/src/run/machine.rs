//! One step under way: the state being changed, the tokens that move, and what is told to the outside. Tokens move one
//! after the other, the first way out first and each as far as it gets; joins whose decision depends on all others
//! (inclusive ones) are asked only when nothing moves any more.

use std::cell::Cell;

use crate::ids::TaskId;
use crate::limits::{MOVES_PER_STEP_MAX, TOKENS_MAX};
use crate::model::{FlowIndex, Node, NodeIndex, NodeKind, Process};

use super::effect::{Effect, IncidentCode, Outcome};
use super::names::ScopeNames;
use super::state::{Instance, Resume, Token, TokenState};
use super::trace::Trace;

pub(super) struct Machine<'p> {
    pub(super) process: &'p Process,
    pub(super) state: Instance,
    pub(super) effects: Vec<Effect>,
    pub(super) trace: Vec<Trace>,
    /// Tokens on the move; the last one is next.
    queue: Vec<u32>,
    moves: u32,
    pub(super) work: Cell<u32>,
}

/// A token that cannot go on, with the reason.
pub(super) struct Trouble {
    pub(super) code: IncidentCode,
    pub(super) resume: Resume,
    pub(super) text: String,
}

impl Trouble {
    pub(super) fn new(code: IncidentCode, resume: Resume, text: impl Into<String>) -> Self {
        Self {
            code,
            resume,
            text: text.into(),
        }
    }

    /// An expression that took too much work.
    pub(super) fn overrun(resume: Resume) -> Self {
        let text = "表达式计算量过大；请减少列表长度后重试，并简化流程里的表达式";
        Self::new(IncidentCode::ExpressionTooLong, resume, text)
    }

    /// One more token would be too many.
    pub(super) fn too_many(resume: Resume) -> Self {
        let text = format!("同时进行的分支超过 {TOKENS_MAX} 个；请检查流程图里的循环和并行网关");
        Self::new(IncidentCode::TooManyTokens, resume, text)
    }
}

impl<'p> Machine<'p> {
    pub(super) fn new(process: &'p Process, state: Instance) -> Self {
        Self {
            process,
            state,
            effects: Vec::new(),
            trace: Vec::new(),
            queue: Vec::new(),
            moves: 0,
            work: Cell::new(0),
        }
    }

    pub(super) fn node(&self, at: NodeIndex) -> &'p Node {
        self.process.node(at)
    }

    pub(super) fn number(&mut self) -> u32 {
        let number = self.state.next;
        self.state.next = number.saturating_add(1);
        number
    }

    pub(super) fn names(&self, scope: u32) -> ScopeNames<'_> {
        ScopeNames {
            state: &self.state,
            scope,
            work: &self.work,
            many: None,
        }
    }

    /// Puts a token on its way into a node.
    pub(super) fn send(
        &mut self,
        at: NodeIndex,
        scope: u32,
        cause: u32,
        via: Option<FlowIndex>,
    ) -> u32 {
        let id = self.place(at, scope, cause, TokenState::Moving { via });
        self.queue.push(id);
        id
    }

    /// Puts a token at rest.
    pub(super) fn place(
        &mut self,
        at: NodeIndex,
        scope: u32,
        cause: u32,
        state: TokenState,
    ) -> u32 {
        let id = self.number();
        self.state.tokens.push(Token {
            id,
            at,
            scope,
            cause,
            undoes: None,
            state,
        });
        id
    }

    /// Lets a token enter its node again, under a new number: a late answer to its first try must not count for this.
    pub(super) fn send_again(&mut self, id: u32, via: Option<FlowIndex>) {
        let Some(token) = self.state.remove_token(id) else {
            return;
        };
        let again = self.send(token.at, token.scope, token.cause, via);
        if let Some(again) = self.state.token_mut(again) {
            again.undoes = token.undoes;
        }
    }

    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }

    /// The queue is worked off from its end; this lets what was sent since go in the order in which it was sent.
    pub(super) fn in_order_from(&mut self, first: usize) {
        self.queue[first..].reverse();
    }

    /// Moves all tokens until every one waits.
    pub(super) fn settle(&mut self) {
        loop {
            while let Some(id) = self.queue.pop() {
                self.moves += 1;
                if self.moves > MOVES_PER_STEP_MAX {
                    self.queue.push(id);
                    self.stop_endless();
                    break;
                }
                self.enter(id);
            }
            if self.moves > MOVES_PER_STEP_MAX || !self.fire_inclusive() {
                break;
            }
        }
        self.tell_stuck();
    }

    /// The bound on steps is reached: what still moves waits for a person.
    fn stop_endless(&mut self) {
        for id in std::mem::take(&mut self.queue) {
            let text = format!(
                "一步之内走过了 {MOVES_PER_STEP_MAX} 个元素，循环里没有等待；请改正变量后重试，并改正流程图"
            );
            let resume = match self.state.token(id).map(|token| &token.state) {
                Some(TokenState::Moving { via: Some(via) }) => Resume::Through(*via),
                Some(_) => Resume::Enter,
                None => continue,
            };
            self.incident(id, Trouble::new(IncidentCode::EndlessLoop, resume, text));
        }
    }

    fn enter(&mut self, id: u32) {
        // A token that was taken away on the way is no longer there.
        let Some(token) = self.state.token_mut(id) else {
            return;
        };
        let TokenState::Moving { via } = std::mem::take(&mut token.state) else {
            return;
        };
        let (at, scope) = (token.at, token.scope);
        let node = self.node(at);
        let joins = matches!(node.kind, NodeKind::Parallel | NodeKind::Inclusive)
            && node.incoming.len() > 1;
        if let (true, Some(via)) = (joins, via) {
            self.arrive(id, via);
            return;
        }
        if self
            .state
            .scope(scope)
            .is_some_and(|scope| scope.of.is_none())
        {
            // One of several instances: the activity as such was entered by the token that waits for them.
            self.attempt(id, Self::begin_work);
            return;
        }
        self.entered(node);
        self.begin(id, node);
    }

    /// Tells that a node was entered.
    pub(super) fn entered(&mut self, node: &Node) {
        self.trace.push(Trace::Entered(node.id.clone()));
        if let Some(stage) = node.stage {
            self.effects.push(Effect::MilestoneReached {
                stage,
                element: node.id.clone(),
            });
        }
    }

    fn begin(&mut self, id: u32, node: &'p Node) {
        match &node.kind {
            NodeKind::Start(_)
            | NodeKind::Boundary { .. }
            | NodeKind::Exclusive
            | NodeKind::Parallel
            | NodeKind::Inclusive => self.leave(id),
            NodeKind::End(trigger) => self.end(id, trigger),
            NodeKind::Throw(trigger) => self.throw(id, trigger),
            NodeKind::Catch(_) => self.attempt(id, Self::catch),
            NodeKind::Task(_) | NodeKind::SubProcess(_) | NodeKind::Call(_) => {
                self.attempt(id, Self::begin_activity);
            }
            NodeKind::EventGateway => self.attempt(id, Self::await_first),
        }
    }

    /// Does something with a token that may turn out to be impossible.
    pub(super) fn attempt(&mut self, id: u32, action: fn(&mut Self, u32) -> Result<(), Trouble>) {
        if let Err(trouble) = action(self, id) {
            self.incident(id, trouble);
        }
    }

    /// A token cannot go on: it keeps its place and waits for a person.
    pub(super) fn incident(&mut self, id: u32, trouble: Trouble) {
        self.disarm(id);
        let Some(token) = self.state.token_mut(id) else {
            return;
        };
        token.state = TokenState::Incident {
            code: trouble.code,
            resume: trouble.resume,
        };
        let element = self.process.node(token.at).id.clone();
        self.trace.push(Trace::Incident(element.clone()));
        self.effects.push(Effect::Incident {
            incident: TaskId(id),
            element,
            code: trouble.code,
            text: trouble.text,
        });
    }

    /// A token goes on over the ways out of its node.
    pub(super) fn leave(&mut self, id: u32) {
        let Some(token) = self.state.token(id) else {
            return;
        };
        let node = self.node(token.at);
        let scope = token.scope;
        match self.ways(node, scope) {
            Ok(ways) => self.take(id, node, &ways),
            Err(trouble) => self.incident(id, trouble),
        }
    }

    fn ways(&self, node: &'p Node, scope: u32) -> Result<Vec<FlowIndex>, Trouble> {
        match node.kind {
            NodeKind::Exclusive => self.exclusive_way(node, scope).map(|way| vec![way]),
            NodeKind::Parallel => Ok(node.outgoing.clone()),
            _ => self.inclusive_ways(node, scope),
        }
    }

    /// Replaces a token by one on each way; without a way the token ends here.
    pub(super) fn take(&mut self, id: u32, node: &Node, ways: &[FlowIndex]) {
        if self.state.tokens.len() + ways.len() > TOKENS_MAX {
            self.incident(id, Trouble::too_many(Resume::Leave));
            return;
        }
        let Some(token) = self.state.remove_token(id) else {
            return;
        };
        self.trace.push(Trace::Left(node.id.clone()));
        let first = self.queued();
        for way in ways {
            let target = self.process.flow(*way).target;
            self.send(target, token.scope, token.cause, Some(*way));
        }
        self.in_order_from(first);
        if ways.is_empty() {
            self.finish_scope(token.scope);
        }
    }

    /// Ends a scope in which no token is left.
    pub(super) fn finish_scope(&mut self, id: u32) {
        if self.state.tokens.iter().any(|token| token.scope == id) {
            return;
        }
        if id == 0 {
            self.finish(Outcome::Completed);
        } else {
            self.finish_sub_process(id);
        }
    }

    /// The instance has ended. What was done stays known, so that whoever decides on the whole can send it back; an instance
    /// that was given up is not taken up again.
    pub(super) fn finish(&mut self, outcome: Outcome) {
        self.state.outcome = Some(outcome);
        if let Some(root) = self.state.scope_mut(0) {
            root.records.clear();
            if outcome == Outcome::Cancelled {
                root.history.clear();
            }
        }
        self.effects.push(Effect::Ended { outcome });
    }
}
