// What our own namespace adds to BPMN, so that the drawing tool keeps it as attributes and elements and not as loose text. The
// reader of these is crates/bpmn (xml::task, questions, looping, event, extension).

const text = (name: string) => ({ name, isAttr: true, type: "String" });
const several = (name: string, type: string) => ({ name, type, isMany: true });

export const descriptor = {
  name: "Wuchuang",
  uri: "urn:wuchuang:bpmn:1",
  prefix: "wuchuang",
  xml: { tagAlias: "lowerCase" },
  types: [
    { name: "Staged", isAbstract: true, extends: ["bpmn:FlowNode"], properties: [text("stage")] },
    {
      name: "Worked",
      isAbstract: true,
      extends: ["bpmn:UserTask", "bpmn:ManualTask"],
      properties: ["candidateGroups", "candidateUsers", "assignee", "limitDays"].map(text),
    },
    { name: "Called", isAbstract: true, extends: ["bpmn:ServiceTask"], properties: ["service", "resultVariable"].map(text) },
    { name: "Decided", isAbstract: true, extends: ["bpmn:BusinessRuleTask"], properties: [text("decision")] },
    {
      name: "Repeated",
      isAbstract: true,
      extends: ["bpmn:MultiInstanceLoopCharacteristics"],
      properties: ["collection", "elementVariable", "completion", "outputCollection", "outputElement"].map(text),
    },
    { name: "Timed", isAbstract: true, extends: ["bpmn:TimerEventDefinition"], properties: [text("workingDays")] },
    { name: "FormData", superClass: ["Element"], properties: [several("fields", "FormField")] },
    { name: "FormField", superClass: ["Element"], properties: [...["id", "label", "type", "required"].map(text), several("values", "Value")] },
    { name: "Value", superClass: ["Element"], properties: ["id", "name"].map(text) },
  ],
};
