//! Tasks: user and manual tasks ask a person, service and business rule tasks ask the outside and wait for the answer,
//! send tasks speak and go on, receive tasks wait for a message.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::expression::{Overrun, Template};
use crate::ids::TaskId;
use crate::model::{ItemSource, Node, Task, Trigger, UserTask};

use crate::run::effect::{Effect, IncidentCode, Occurrence, TaskCreated};
use crate::run::machine::{Machine, Trouble};
use crate::run::state::{Resume, TokenState};

impl<'p> Machine<'p> {
    pub(super) fn begin_task(&mut self, id: u32, task: &'p Task) -> Result<(), Trouble> {
        let Some(token) = self.state.token(id) else {
            return Ok(());
        };
        let (at, scope) = (token.at, token.scope);
        let node = self.node(at);
        let element = node.id.clone();
        match task {
            Task::User(user) => {
                let created = self
                    .created(id, node, user)
                    .map_err(|_| Trouble::overrun(Resume::Enter))?;
                self.effects.push(Effect::TaskCreated(Box::new(created)));
            }
            Task::Service(service) => {
                let service = self.wanted(scope, &service.name, "服务名")?;
                self.effects.push(Effect::ServiceCalled {
                    task: TaskId(id),
                    element,
                    service,
                });
            }
            Task::Decision(decision) => {
                let decision = self.wanted(scope, &decision.name, "决策名")?;
                self.effects.push(Effect::DecisionAsked {
                    task: TaskId(id),
                    element,
                    decision,
                });
            }
            Task::Send(name) => {
                self.announce(id, &Trigger::Message(name.clone()));
                self.complete(id);
                return Ok(());
            }
            Task::Receive(_) => self.arm(id, at)?,
        }
        self.waits(id);
        Ok(())
    }

    /// A name that must have a value.
    pub(super) fn wanted(
        &self,
        scope: u32,
        template: &Template,
        what: &str,
    ) -> Result<Arc<str>, Trouble> {
        template
            .render(&self.names(scope))
            .map_err(|_| Trouble::overrun(Resume::Enter))?
            .ok_or_else(|| {
                let text = format!("{what}没有值；请改正变量后重试");
                Trouble::new(IncidentCode::NoValue, Resume::Enter, text)
            })
    }

    fn created(&self, id: u32, node: &Node, user: &UserTask) -> Result<TaskCreated, Overrun> {
        let scope = self.state.token(id).map_or(0, |token| token.scope);
        let names = self.names(scope);
        let text = |template: &Option<Template>| match template {
            Some(template) => template.render(&names),
            None => Ok(None),
        };
        let list = |template: &Option<Template>| match template {
            Some(template) => template.render_list(&names),
            None => Ok(Vec::new()),
        };
        Ok(TaskCreated {
            task: TaskId(id),
            element: node.id.clone(),
            name: node.name.clone(),
            manual: user.manual,
            assignee: text(&user.assignee)?,
            candidate_users: list(&user.candidate_users)?,
            candidate_groups: list(&user.candidate_groups)?,
            form_key: text(&user.form_key)?,
            due_date: text(&user.due_date)?,
            priority: text(&user.priority)?,
            limit_days: user.limit_days,
            occurrence: self.occurrence(scope, node),
        })
    }

    /// Which of several instances a scope is.
    fn occurrence(&self, scope: u32, node: &Node) -> Option<Occurrence> {
        let scope = self.state.scope(scope)?;
        let looping = node.looping.as_ref()?;
        let TokenState::Many(many) = &self.state.token(scope.host)?.state else {
            return None;
        };
        let counter = scope.variables.get("loopCounter").and_then(Json::as_u64)?;
        let item = match &looping.source {
            ItemSource::Collection {
                element: Some(element),
                ..
            } => scope.variables.get(&**element).cloned().unwrap_or_default(),
            _ => Json::Null,
        };
        Some(Occurrence {
            number: u32::try_from(counter + 1).unwrap_or(u32::MAX),
            of: many.total,
            item,
        })
    }
}
