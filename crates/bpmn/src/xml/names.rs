//! Namespaces and the vendors' spellings.

/// BPMN 2.0.
pub(crate) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// Diagram interchange: kept; only the picture reads it.
pub(crate) const DIAGRAMS: [&str; 3] = [
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
];
/// Our own extensions: `stage`, `limitDays`, `service`, `decision`, `outputCollection`, `outputElement`, `workingDays`.
pub(crate) const OWN: &str = "urn:wuchuang:bpmn:1";
/// XML Schema instance: `xsi:type` on expressions.
pub(super) const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Namespaces in which the attributes of Camunda 7, Flowable and its ancestor have one meaning.
pub(super) const VENDORS: [&str; 4] = [
    OWN,
    "http://camunda.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
];
/// Camunda 8.
pub(super) const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";

/// The prefix under which people know a namespace.
pub(super) fn prefix(namespace: &str) -> &str {
    match namespace {
        OWN => "wuchuang",
        "http://camunda.org/schema/1.0/bpmn" => "camunda",
        "http://flowable.org/bpmn" => "flowable",
        "http://activiti.org/bpmn" => "activiti",
        ZEEBE => "zeebe",
        BPMN => "bpmn",
        other => other,
    }
}
