//! Multi-instance activity (会签): the activity's token waits, and each instance has a small scope with its own item and
//! counter. Parallel: all at once; sequential: one after the other. The items are fixed at the beginning.
//!
//! It is done when all instances are, or as soon as the completion condition holds after one completed; the remaining
//! instances are then withdrawn.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::expression::Value;
use crate::limits::{OCCURRENCES_MAX, TOKENS_MAX};
use crate::model::{Completion, ItemSource, Looping};

use crate::run::effect::IncidentCode;
use crate::run::event::Variables;
use crate::run::machine::{Machine, Trouble};
use crate::run::names::ScopeNames;
use crate::run::state::{Many, Resume, Scope, TokenState};

impl Machine<'_> {
    pub(super) fn begin_many(&mut self, host: u32, looping: &Looping) -> Result<(), Trouble> {
        let Some(token) = self.state.token(host) else {
            return Ok(());
        };
        let scope = token.scope;
        let mut items = self.items(scope, looping)?;
        if self.state.tokens.len() + items.len() > TOKENS_MAX {
            return Err(Trouble::too_many(Resume::Enter));
        }
        if let Some(output) = &looping.output {
            self.state
                .assign_in(0, output.collection.to_string(), Json::Array(Vec::new()));
        }
        if items.is_empty() {
            self.complete_many(host);
            return Ok(());
        }
        let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let later = if looping.sequential {
            items.split_off(1)
        } else {
            Vec::new()
        };
        if let Some(token) = self.state.token_mut(host) {
            token.state = TokenState::Many(Many {
                total,
                started: 0,
                completed: 0,
                left: later,
            });
        }
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let first = self.queued();
        for (number, item) in (1..=count).zip(items) {
            self.start_one(host, number, item, looping);
        }
        self.in_order_from(first);
        if let Some(TokenState::Many(many)) =
            self.state.token_mut(host).map(|token| &mut token.state)
        {
            many.started = count;
        }
        Ok(())
    }

    fn items(&self, scope: u32, looping: &Looping) -> Result<Vec<Json>, Trouble> {
        let names = self.names(scope);
        let overrun = |_| Trouble::overrun(Resume::Enter);
        match &looping.source {
            ItemSource::Count(count) => {
                let count = count.evaluate(&names).map_err(overrun)?;
                let number = match &count {
                    Value::Number(number) if number.fract().is_zero() => usize::try_from(*number)
                        .ok()
                        .filter(|count| *count <= OCCURRENCES_MAX),
                    _ => None,
                };
                let number = number.ok_or_else(|| bad_collection("会签次数不是合适的整数"))?;
                Ok(vec![Json::Null; number])
            }
            ItemSource::Collection { list, .. } => match list.evaluate(&names).map_err(overrun)? {
                Value::List(list) if list.len() <= OCCURRENCES_MAX => {
                    Ok(list.iter().map(|item| item.to_json()).collect())
                }
                Value::List(_) => Err(bad_collection("会签人数过多")),
                // A text with commas, as plain forms give it.
                Value::Text(text) => {
                    let items = text.split([',', '，']).map(str::trim);
                    let items: Vec<Json> = items
                        .filter(|item| !item.is_empty())
                        .map(Json::from)
                        .collect();
                    if items.len() > OCCURRENCES_MAX {
                        return Err(bad_collection("会签人数过多"));
                    }
                    Ok(items)
                }
                _ => Err(bad_collection("会签名单没有值")),
            },
        }
    }

    fn start_one(&mut self, host: u32, number: u32, item: Json, looping: &Looping) {
        let Some(token) = self.state.token(host) else {
            return;
        };
        let at = token.at;
        let mut variables = Variables::new();
        // Camunda and Flowable count from zero.
        variables.insert("loopCounter".to_owned(), Json::from(number - 1));
        if let ItemSource::Collection {
            element: Some(element),
            ..
        } = &looping.source
        {
            variables.insert(element.to_string(), item);
        }
        let scope = self.number();
        self.state.scopes.push(Scope {
            id: scope,
            of: None,
            host,
            variables: Arc::new(variables),
            history: Vec::new(),
            records: Vec::new(),
        });
        self.send(at, scope, 0, None);
    }

    /// One instance is done.
    pub(super) fn one_done(&mut self, id: u32) {
        let Some(token) = self.state.remove_token(id) else {
            return;
        };
        let node = self.node(token.at);
        let Some(looping) = &node.looping else { return };
        let Some(host) = self.state.scope(token.scope).map(|scope| scope.host) else {
            return;
        };
        let collected = self.collect(token.scope, looping);
        self.state.scopes.retain(|scope| scope.id != token.scope);
        let Some(TokenState::Many(many)) = self.state.token_mut(host).map(|token| &mut token.state)
        else {
            return;
        };
        many.completed += 1;
        let all = many.completed >= many.total;
        let done = collected.and_then(|()| Ok(all || self.completes(host, looping)?));
        match done {
            Err(trouble) => {
                self.withdraw_instances(host);
                self.incident(host, trouble);
            }
            Ok(true) => {
                self.withdraw_instances(host);
                self.complete_many(host);
            }
            Ok(false) => self.next_one(host, looping),
        }
    }

    fn next_one(&mut self, host: u32, looping: &Looping) {
        let Some(TokenState::Many(many)) = self.state.token_mut(host).map(|token| &mut token.state)
        else {
            return;
        };
        if !looping.sequential || many.left.is_empty() {
            return;
        }
        let item = many.left.remove(0);
        many.started += 1;
        let number = many.started;
        self.start_one(host, number, item, looping);
    }

    /// Adds an instance's result to the list.
    fn collect(&mut self, scope: u32, looping: &Looping) -> Result<(), Trouble> {
        let Some(output) = &looping.output else {
            return Ok(());
        };
        let result = output
            .element
            .evaluate(&self.names(scope))
            .map_err(|_| Trouble::overrun(Resume::Enter))?
            .to_json();
        let Some(root) = self.state.scope_mut(0) else {
            return Ok(());
        };
        let variables = Arc::make_mut(&mut root.variables);
        match variables.get_mut(&*output.collection) {
            Some(Json::Array(list)) => list.push(result),
            _ => {
                variables.insert(output.collection.to_string(), Json::Array(vec![result]));
            }
        }
        Ok(())
    }

    fn completes(&self, host: u32, looping: &Looping) -> Result<bool, Trouble> {
        let Completion::When(condition) = &looping.completion else {
            return Ok(false);
        };
        let Some(token) = self.state.token(host) else {
            return Ok(false);
        };
        let many = match &token.state {
            TokenState::Many(many) => Some(many),
            _ => None,
        };
        let names = ScopeNames {
            state: &self.state,
            scope: token.scope,
            work: &self.work,
            many,
        };
        condition
            .holds(&names)
            .map_err(|_| Trouble::overrun(Resume::Enter))
    }

    fn withdraw_instances(&mut self, host: u32) {
        let mut scopes = Vec::new();
        self.state.scopes.retain(|scope| {
            let own = scope.host == host && scope.id != 0;
            if own {
                scopes.push(scope.id);
            }
            !own
        });
        let tokens: Vec<u32> = self
            .state
            .tokens
            .iter()
            .filter(|token| scopes.contains(&token.scope))
            .map(|token| token.id)
            .collect();
        for token in tokens {
            self.withdraw(token);
        }
    }

    fn complete_many(&mut self, host: u32) {
        self.disarm(host);
        if let Some(token) = self.state.token_mut(host) {
            token.state = TokenState::Working;
        }
        self.complete_whole(host);
    }
}

fn bad_collection(what: &str) -> Trouble {
    let text = format!("{what}；请改正变量后重试（最多 {OCCURRENCES_MAX} 个）");
    Trouble::new(IncidentCode::BadCollection, Resume::Enter, text)
}
