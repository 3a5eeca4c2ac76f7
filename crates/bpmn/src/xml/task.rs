//! Tasks and call activities with the settings of Camunda 7 and 8 and Flowable.

use std::sync::Arc;

use roxmltree::Node;

use crate::expression::Template;
use crate::model::{CallActivity, Mapping, NodeKind, Question, Task, UserTask};
use crate::problem::Severity;

use super::names::{BPMN, VENDORS};
use super::reader::{Reader, child, extensions, setting, text_of, vendor};

impl Reader {
    /// A task by its element name; `None` when it is no task or is broken.
    pub(super) fn task(&mut self, node: Node<'_, '_>) -> Option<NodeKind> {
        let task = match node.tag_name().name() {
            "userTask" => Task::User(Box::new(self.user_task(node, false))),
            "manualTask" => Task::User(Box::new(self.user_task(node, true))),
            "serviceTask" => Task::Service(self.question(node, Self::service)?),
            "businessRuleTask" => Task::Decision(self.question(node, Self::decision)?),
            "sendTask" => Task::Send(self.message(node)?),
            "receiveTask" => {
                if self.flag(node, "instantiate", false) {
                    let text = "不支持由接收任务启动流程；请改用消息开始事件";
                    self.error("receive-instantiates", node, text);
                }
                Task::Receive(self.message(node)?)
            }
            _ => return None,
        };
        Some(NodeKind::Task(task))
    }

    fn user_task(&mut self, node: Node<'_, '_>, manual: bool) -> UserTask {
        let assignment = "assignmentDefinition";
        let mut task = UserTask {
            manual,
            assignee: self.setting(node, ("办理人", "assignee"), Some((assignment, "assignee"))),
            candidate_users: self.setting(
                node,
                ("候选人", "candidateUsers"),
                Some((assignment, "candidateUsers")),
            ),
            candidate_groups: self.setting(
                node,
                ("候选岗位", "candidateGroups"),
                Some((assignment, "candidateGroups")),
            ),
            form_key: self
                .setting(
                    node,
                    ("表单", "formKey"),
                    Some(("formDefinition", "formKey")),
                )
                .or_else(|| {
                    self.setting(
                        node,
                        ("表单", "formRef"),
                        Some(("formDefinition", "formId")),
                    )
                }),
            due_date: self.setting(
                node,
                ("到期日", "dueDate"),
                Some(("taskSchedule", "dueDate")),
            ),
            priority: self.setting(
                node,
                ("优先级", "priority"),
                Some(("priorityDefinition", "priority")),
            ),
            limit_days: self.limit_days(node),
            questions: self.questions(node),
        };
        self.standard_owners(node, &mut task);
        task
    }

    /// BPMN's own spelling: `potentialOwner` with `user(a), group(b)` or plain group names.
    fn standard_owners(&mut self, node: Node<'_, '_>, task: &mut UserTask) {
        let owners = node.children().filter(|child| {
            child.has_tag_name((BPMN, "potentialOwner"))
                || child.has_tag_name((BPMN, "humanPerformer"))
        });
        let (mut users, mut groups) = (Vec::new(), Vec::new());
        for owner in owners {
            let personal = owner.tag_name().name() == "humanPerformer";
            for part in text_of(owner)
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
            {
                let inner = |prefix: &str| {
                    part.strip_prefix(prefix)
                        .and_then(|rest| rest.strip_suffix(')'))
                };
                if let Some(user) = inner("user(") {
                    users.push(user.to_owned());
                } else if personal {
                    users.push(part.to_owned());
                } else {
                    groups.push(inner("group(").unwrap_or(part).to_owned());
                }
            }
        }
        if task.candidate_users.is_none() && !users.is_empty() {
            task.candidate_users = self.template(node, "候选人", &users.join(","));
        }
        if task.candidate_groups.is_none() && !groups.is_empty() {
            task.candidate_groups = self.template(node, "候选岗位", &groups.join(","));
        }
    }

    fn question(
        &mut self,
        node: Node<'_, '_>,
        name: fn(&mut Self, Node<'_, '_>) -> Option<Template>,
    ) -> Option<Question> {
        Some(Question {
            name: name(self, node)?,
            result: setting(
                node,
                "resultVariable",
                Some(("calledDecision", "resultVariable")),
            )
            .map(Arc::from),
        })
    }

    fn service(&mut self, node: Node<'_, '_>) -> Option<Template> {
        let spellings = [
            "service",
            "topic",
            "class",
            "delegateExpression",
            "expression",
            "type",
        ];
        // `camunda:type="external"` only says that a topic follows.
        let text = spellings
            .iter()
            .filter_map(|name| vendor(node, name))
            .find(|text| *text != "external")
            .or_else(|| setting(node, "service", Some(("taskDefinition", "type"))));
        let Some(text) = text else {
            let text =
                "服务任务没有说明调用什么；请写 wuchuang:service（或 camunda:topic、class 等）";
            self.error("service-missing", node, text);
            return None;
        };
        // Delegates such as `${mailer}` name a bean of the other engine: a name, not an expression of ours.
        let bean = text
            .strip_prefix("${")
            .or_else(|| text.strip_prefix("#{"))
            .and_then(|rest| rest.strip_suffix('}'));
        match bean {
            Some(bean) if vendor(node, "service").is_none() => {
                let text = format!(
                    "“{text}”在原引擎是一段程序，这里只作为服务名“{bean}”；请确认有同名服务"
                );
                self.tell(Severity::Warning, "service-delegate", node, text);
                let name = self.short(node, bean);
                Some(Template::text(&name))
            }
            _ => self.template(node, "服务名", text),
        }
    }

    fn decision(&mut self, node: Node<'_, '_>) -> Option<Template> {
        let text = vendor(node, "decision")
            .or_else(|| setting(node, "decisionRef", Some(("calledDecision", "decisionId"))))
            .map(str::to_owned)
            .or_else(|| flowable_field(node, "decisionTableReferenceKey"));
        let Some(text) = text else {
            let text =
                "业务规则任务没有说明用哪个决策；请写 wuchuang:decision（或 camunda:decisionRef）";
            self.error("decision-missing", node, text);
            return None;
        };
        self.template(node, "决策名", &text)
    }

    /// The message of a send or receive task. Flowable's receive task has none and is woken by its id.
    fn message(&mut self, node: Node<'_, '_>) -> Option<Arc<str>> {
        if node.attribute("messageRef").is_some() {
            return self.reference(node, "messageRef", "消息");
        }
        let id = node
            .attribute("id")
            .map(str::trim)
            .filter(|id| !id.is_empty())?;
        let text = format!("没有指明消息，用任务的 id“{id}”作为消息名");
        self.tell(Severity::Notice, "message-by-id", node, text);
        Some(id.into())
    }

    pub(super) fn call_activity(&mut self, node: Node<'_, '_>) -> Option<NodeKind> {
        let text = node
            .attribute("calledElement")
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .or_else(|| setting(node, "calledElement", Some(("calledElement", "processId"))));
        let Some(text) = text else {
            let text = "调用活动没有说明调用哪个流程；请写 calledElement";
            self.error("call-missing", node, text);
            return None;
        };
        let process = self.template(node, "被调用流程", text)?;
        let inputs = self.mappings(node, "in");
        let outputs = self.mappings(node, "out");
        Some(NodeKind::Call(Box::new(CallActivity {
            process,
            inputs,
            outputs,
        })))
    }

    fn mappings(&mut self, node: Node<'_, '_>, name: &str) -> Vec<Mapping> {
        let mut mappings = Vec::new();
        let found: Vec<_> = extensions(node)
            .filter(|child| {
                VENDORS
                    .iter()
                    .any(|vendor| child.has_tag_name((*vendor, name)))
            })
            .collect();
        for child in found {
            if child.attribute("variables") == Some("all") {
                mappings.push(Mapping::All);
                continue;
            }
            if child.attribute("businessKey").is_some() {
                continue;
            }
            let source = child
                .attribute("source")
                .or_else(|| child.attribute("sourceExpression"));
            let (Some(source), Some(target)) = (source, child.attribute("target")) else {
                let text = format!("变量传递（{name}）要写 source 和 target，或 variables=\"all\"");
                self.error("mapping", child, text);
                continue;
            };
            if let Some(source) = self.expression(child, "变量传递", source) {
                let target = self.short(child, target);
                mappings.push(Mapping::One {
                    source,
                    target: target.as_str().into(),
                });
            }
        }
        mappings
    }
}

/// `<flowable:field name="…"><flowable:string>…</flowable:string></flowable:field>`.
fn flowable_field(node: Node<'_, '_>, name: &str) -> Option<String> {
    extensions(node)
        .find(|child| child.tag_name().name() == "field" && child.attribute("name") == Some(name))
        .map(|field| {
            field
                .attribute("stringValue")
                .map_or_else(|| text_of(field), str::to_owned)
        })
        .filter(|text| !text.is_empty())
        .or_else(|| child(node, name).map(text_of))
}
