//! Call activity: another process is started by the caller, and its end comes back as an event. Without mappings all
//! variables go in and come out; with mappings only those named.

use crate::ids::TaskId;
use crate::model::{CallActivity, Mapping};

use crate::run::effect::Effect;
use crate::run::event::Variables;
use crate::run::machine::{Machine, Trouble};
use crate::run::state::Resume;

impl Machine<'_> {
    pub(super) fn begin_call(&mut self, id: u32, call: &CallActivity) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        let scope = token.scope;
        let element = self.node(token.at).id.clone();
        let process = self.wanted(scope, &call.process, "被调用流程")?;
        let mut variables = Variables::new();
        if call.inputs.is_empty() {
            variables = self.state.visible(scope);
        }
        for mapping in &call.inputs {
            match mapping {
                Mapping::All => variables.extend(self.state.visible(scope)),
                Mapping::One { source, target } => {
                    let value = source
                        .evaluate(&self.names(scope))
                        .map_err(|_| Trouble::overrun(Resume::Enter))?;
                    variables.insert(target.to_string(), value.to_json());
                }
            }
        }
        self.effects.push(Effect::ProcessCalled {
            task: TaskId(id),
            element,
            process,
            variables,
        });
        self.waits(id);
        Ok(())
    }

    /// What of a called process's variables comes back.
    pub(in crate::run) fn returned_variables(
        call: &CallActivity,
        given: Variables,
    ) -> Result<Variables, Trouble> {
        if call.outputs.is_empty() {
            return Ok(given);
        }
        let mut variables = Variables::new();
        for mapping in &call.outputs {
            match mapping {
                Mapping::All => variables.extend(given.clone()),
                Mapping::One { source, target } => {
                    let value = source
                        .value_for(&given)
                        .map_err(|_| Trouble::overrun(Resume::Enter))?;
                    variables.insert(target.to_string(), value);
                }
            }
        }
        Ok(variables)
    }
}
