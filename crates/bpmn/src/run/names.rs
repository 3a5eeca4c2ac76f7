//! Where expressions find their variables: from the innermost scope outwards, with the counters of the nearest
//! multi-instance activity in between.

use std::cell::Cell;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::expression::{Names, Value};
use crate::limits::{
    EXPRESSION_WORK_PER_STEP_MAX, VARIABLE_DEPTH_MAX, VARIABLE_TEXT_BYTES_MAX, VARIABLE_VALUES_MAX,
};

use super::event::Variables;
use super::state::{Instance, Many, Scope, TokenState};

/// The names that are visible in a scope.
pub(super) struct ScopeNames<'s> {
    pub(super) state: &'s Instance,
    pub(super) scope: u32,
    /// The work of all evaluations in this step.
    pub(super) work: &'s Cell<u32>,
    /// The counters of an activity whose own completion condition is asked.
    pub(super) many: Option<&'s Many>,
}

impl<'s> Names<'s> for ScopeNames<'s> {
    fn look_up(&self, name: &str) -> Option<Value<'s>> {
        if let Some(value) = self.many.and_then(|many| counter(many, name)) {
            return Some(value);
        }
        let mut here = self.state.scope(self.scope);
        while let Some(scope) = here {
            if let Some(value) = scope.variables.get(name) {
                return Some(Value::from_json(value));
            }
            if scope.of.is_none()
                && let Some(TokenState::Many(many)) =
                    self.state.token(scope.host).map(|host| &host.state)
                && let Some(value) = counter(many, name)
            {
                return Some(value);
            }
            here = self.state.outer(scope);
        }
        None
    }

    fn spend(&self, work: u32) -> bool {
        let spent = self.work.get().saturating_add(work);
        self.work.set(spent);
        spent <= EXPRESSION_WORK_PER_STEP_MAX
    }
}

/// The counters under the names that Camunda and Flowable files use.
fn counter(many: &Many, name: &str) -> Option<Value<'static>> {
    let number = match name {
        "nrOfInstances" => many.total,
        "nrOfCompletedInstances" => many.completed,
        "nrOfActiveInstances" => many.started.saturating_sub(many.completed),
        _ => return None,
    };
    Some(Value::Number(Decimal::from(number)))
}

impl Instance {
    /// Writes variables: each into the innermost scope that has it, otherwise into the process.
    pub(super) fn assign(&mut self, scope: u32, variables: Variables) {
        for (name, value) in variables {
            let mut owner = 0;
            let mut here = self.scope(scope);
            while let Some(scope) = here {
                if scope.variables.contains_key(&name) {
                    owner = scope.id;
                    break;
                }
                here = self.outer(scope);
            }
            self.assign_in(owner, name, value);
        }
    }

    /// Writes one variable into exactly that scope.
    pub(super) fn assign_in(&mut self, scope: u32, name: String, value: Json) {
        if let Some(scope) = self.scope_mut(scope) {
            Arc::make_mut(&mut scope.variables).insert(name, value);
        }
    }

    /// All variables that are visible in a scope.
    pub(super) fn visible(&self, scope: u32) -> Variables {
        let mut chain: Vec<&Scope> = Vec::new();
        let mut here = self.scope(scope);
        while let Some(scope) = here {
            chain.push(scope);
            here = self.outer(scope);
        }
        let mut visible = Variables::new();
        for scope in chain.into_iter().rev() {
            for (name, value) in scope.variables.iter() {
                visible.insert(name.clone(), value.clone());
            }
        }
        visible
    }

    /// Whether all variables together stay within the limits when some are added.
    pub(super) fn has_room_for(&self, added: &Variables) -> bool {
        let mut size = Size::default();
        size.fits(added) && self.scopes.iter().all(|scope| size.fits(&scope.variables))
    }
}

#[derive(Default)]
struct Size {
    values: usize,
    text: usize,
}

impl Size {
    fn fits(&mut self, variables: &Variables) -> bool {
        variables.iter().all(|(name, value)| {
            self.text += name.len();
            self.value_fits(value)
        })
    }

    /// Counts a value and all within it, without recursion.
    fn value_fits(&mut self, value: &Json) -> bool {
        let mut open = vec![(value, 0_usize)];
        while let Some((value, depth)) = open.pop() {
            self.values += 1;
            match value {
                Json::String(text) => self.text += text.len(),
                Json::Array(list) => open.extend(list.iter().map(|value| (value, depth + 1))),
                Json::Object(map) => {
                    for (name, value) in map {
                        self.text += name.len();
                        open.push((value, depth + 1));
                    }
                }
                _ => {}
            }
            if depth > VARIABLE_DEPTH_MAX
                || self.values > VARIABLE_VALUES_MAX
                || self.text > VARIABLE_TEXT_BYTES_MAX
                || open.len() > VARIABLE_VALUES_MAX
            {
                return false;
            }
        }
        true
    }
}
