//! Embedded sub-process: a scope of its own with its own tokens and history. It is done when no token is left in it.

use std::sync::Arc;

use crate::limits::TOKENS_MAX;
use crate::model::ScopeIndex;

use crate::run::machine::{Machine, Trouble};
use crate::run::state::{Record, Resume, Scope};

impl Machine<'_> {
    pub(super) fn begin_sub_process(&mut self, host: u32, of: ScopeIndex) -> Result<(), Trouble> {
        if self.state.tokens.len() >= TOKENS_MAX {
            return Err(Trouble::too_many(Resume::Enter));
        }
        let id = self.number();
        self.state.scopes.push(Scope {
            id,
            of: Some(of),
            host,
            variables: Arc::default(),
            history: Vec::new(),
            records: Vec::new(),
        });
        match self.process.start_in(of) {
            Some(start) => {
                self.send(start, id, 0, None);
            }
            None => self.finish_scope(id),
        }
        Ok(())
    }

    /// No token is left in a sub-process: its host is done. What was completed in it can still be undone from outside,
    /// unless the sub-process has a handler of its own.
    pub(in crate::run) fn finish_sub_process(&mut self, id: u32) {
        let Some(at) = self.state.scopes.iter().position(|scope| scope.id == id) else {
            return;
        };
        let scope = self.state.scopes.remove(at);
        let Some(host) = self.state.token(scope.host) else {
            return;
        };
        let within = host.at;
        if self.node(within).handler.is_none() && !scope.records.is_empty() {
            let body = self.body_around(host.scope);
            for record in scope.records {
                let record = Record {
                    activity: record.activity,
                    within: Some(within),
                };
                self.record(body, record);
            }
        }
        self.complete(scope.host);
    }

    /// The nearest scope that is no mere instance of an activity.
    fn body_around(&self, scope: u32) -> u32 {
        let mut here = self.state.scope(scope);
        while let Some(scope) = here {
            if scope.of.is_some() {
                return scope.id;
            }
            here = self.state.outer(scope);
        }
        0
    }
}
