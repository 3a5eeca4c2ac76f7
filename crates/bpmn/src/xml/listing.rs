//! The extensions that have no effect here are listed, element by element, so that whoever brings a process knows what
//! of it does not come along.

use roxmltree::Node;

use crate::problem::Severity;

use super::names::{BPMN, DIAGRAMS, OWN, SCHEMA_INSTANCE, ZEEBE, prefix};
use super::reader::{Reader, extensions};

/// Attributes in vendors' namespaces that are read.
const ATTRIBUTES: [&str; 24] = [
    "assignee",
    "candidateUsers",
    "candidateGroups",
    "formKey",
    "formRef",
    "dueDate",
    "priority",
    "collection",
    "elementVariable",
    "topic",
    "class",
    "delegateExpression",
    "expression",
    "type",
    "decisionRef",
    "resultVariable",
    "stage",
    "limitDays",
    "service",
    "decision",
    "completion",
    "outputCollection",
    "outputElement",
    "workingDays",
];

/// Extension elements that are read.
const ELEMENTS: [&str; 13] = [
    "in",
    "out",
    "taskDefinition",
    "assignmentDefinition",
    "formDefinition",
    "taskSchedule",
    "priorityDefinition",
    "calledElement",
    "calledDecision",
    "loopCharacteristics",
    "userTask",
    "formData",
    "formProperty",
];

/// What ran code in the engine that the file came from; its absence changes what the process does.
const BEHAVIOUR: [&str; 11] = [
    "executionListener",
    "taskListener",
    "eventListener",
    "inputOutput",
    "ioMapping",
    "connector",
    "skipExpression",
    "executionListeners",
    "taskListeners",
    "script",
    "validation",
];

impl Reader {
    /// Lists what is ignored on one element.
    pub(super) fn list_ignored(&mut self, node: Node<'_, '_>) {
        let mut ignored = Vec::new();
        let mut behaviour = false;
        for attribute in node.attributes() {
            let Some(namespace) = attribute.namespace() else {
                continue;
            };
            let known = namespace == SCHEMA_INSTANCE
                || namespace == "http://www.w3.org/XML/1998/namespace"
                || DIAGRAMS.contains(&namespace)
                || ATTRIBUTES.contains(&attribute.name());
            if !known {
                behaviour |= BEHAVIOUR.contains(&attribute.name());
                ignored.push(format!("{}:{}", prefix(namespace), attribute.name()));
            }
        }
        for child in extensions(node) {
            let name = child.tag_name();
            let namespace = name.namespace().unwrap_or("");
            let known =
                ELEMENTS.contains(&name.name()) && (namespace == ZEEBE || namespace != BPMN);
            if !known {
                behaviour |= BEHAVIOUR.contains(&name.name());
                ignored.push(format!("{}:{}", prefix(namespace), name.name()));
            }
        }
        if ignored.is_empty() {
            return;
        }
        ignored.dedup();
        ignored.truncate(20);
        let mut text = format!("这些扩展在这里不起作用：{}", ignored.join("、"));
        if behaviour {
            text.push_str("；其中有原引擎执行的内容，请确认流程离开它仍然正确");
        }
        let severity = if behaviour {
            Severity::Warning
        } else {
            Severity::Notice
        };
        self.tell(severity, "extension-ignored", node, text);
        self.unknown_own(node);
    }

    /// A misspelt mark of our own namespace is an error: somebody meant something by it.
    fn unknown_own(&mut self, node: Node<'_, '_>) {
        for attribute in node.attributes() {
            if attribute.namespace() == Some(OWN) && !ATTRIBUTES.contains(&attribute.name()) {
                let text = format!("没有“wuchuang:{}”这个属性，请检查拼写", attribute.name());
                self.error("extension-unknown", node, text);
            }
        }
    }
}
