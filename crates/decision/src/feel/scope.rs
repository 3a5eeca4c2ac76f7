//! What an expression may name.

use std::collections::BTreeMap;
use std::sync::Arc;

use dsntk_feel::closure::Closure;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelScope, FeelType, FunctionBody, Name};

use super::host::HOST_FUNCTIONS;

/// The names that one decision or function may use, with their types.
pub(crate) struct Scope {
    names: BTreeMap<String, FeelType>,
    /// Functions of the file that may be called, with what a call costs.
    calls: BTreeMap<String, u64>,
    feel: FeelScope,
}

impl Scope {
    pub(crate) fn new() -> Self {
        let scope = Self {
            names: BTreeMap::new(),
            calls: HOST_FUNCTIONS
                .into_iter()
                .map(|(name, _)| (name.to_owned(), 1))
                .collect(),
            feel: FeelScope::default(),
        };
        for (name, _) in HOST_FUNCTIONS {
            scope.feel.set_name(name.into());
        }
        scope
    }

    /// The same names, to which more can be added.
    pub(crate) fn inner(&self) -> Self {
        let feel = FeelScope::new();
        for context in self.feel.contexts() {
            feel.push(context);
        }
        Self {
            names: self.names.clone(),
            calls: self.calls.clone(),
            feel,
        }
    }

    /// Lets a value be named.
    pub(crate) fn add(&mut self, name: &str, feel_type: FeelType) {
        let entry = Value::FeelType(feel_type.clone());
        self.feel.set_value(&name.into(), entry);
        self.names.insert(name.to_owned(), feel_type);
    }

    /// Lets a function of the file be called.
    pub(crate) fn add_function(&mut self, name: &str, cost: u64) {
        self.feel.set_name(name.into());
        self.calls.insert(name.to_owned(), cost);
    }

    pub(super) fn feel(&self) -> &FeelScope {
        &self.feel
    }

    /// The type of a value that may be named.
    pub(crate) fn type_of(&self, name: &str) -> Option<&FeelType> {
        self.names.get(name)
    }

    /// What a call of the function costs, if it is one of the file or of this program.
    pub(super) fn call(&self, name: &str) -> Option<u64> {
        self.calls.get(name).copied()
    }

    /// All names of values.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// A function as a value that expressions can call.
pub(crate) fn function_value(
    parameters: Vec<(Name, FeelType)>,
    body: Evaluator,
    around: FeelContext,
    result: FeelType,
) -> Value {
    Value::FunctionDefinition(
        parameters,
        FunctionBody::LiteralExpression(Arc::new(body)),
        false,
        Closure::default(),
        around,
        result,
    )
}
