// By what a way out is chosen: choices over the answers, or the way for when nothing else holds.
import { type Condition, parsed, SIGNS, type Variable, written } from "./conditions";
import { button, el, input, labelled, select, tick } from "./dom";
import { body, is, type Drawn, type Get } from "./library";

export function conditionForm(get: Get, flow: Drawn, variables: Variable[], again: () => void): HTMLElement {
  const own = flow.businessObject;
  const source = flow.source;
  const section = el("section", { "aria-label": "条件" }, el("h3", {}, "走这条路的条件"));
  if (!source || is(source, "ParallelGateway") || is(source, "StartEvent") || is(source, "Event") || source.outgoing.length < 2) {
    const chooses = source && (is(source, "ExclusiveGateway") || is(source, "InclusiveGateway"));
    section.append(el("p", {}, chooses ? "从这里出来的只有这一条路。再画一条，就能按条件选。" : "这条路总是走，不用写条件。要按情况分流，请从“分流”或“包容”出来。"));
    return section;
  }
  const isDefault = source.businessObject.get("default") === own;
  section.append(tick("默认出口：别的条件都不符合时走这里", isDefault, (checked) => {
    get("modeling").updateProperties(source, { default: checked ? own : undefined });
    if (checked) get("modeling").updateProperties(flow, { conditionExpression: undefined });
    again();
  }));
  if (isDefault) return section;
  const text = body(own, "conditionExpression");
  const keep = (text: string) => get("modeling").updateProperties(flow, {
    conditionExpression: text === "" ? undefined : get("moddle").create("bpmn:FormalExpression", { body: text }),
  });
  const condition = parsed(text, variables);
  if (!condition) {
    section.append(labelled("条件（原文）", input(text, (value) => { keep(value); again(); }, { maxlength: "4000" }), "这个条件不是用下面的选项写的，可以直接改；清空以后就能用选项重写。"));
    return section;
  }
  if (variables.length === 0) {
    section.append(el("p", {}, "还没有可以用来判断的回答。请先在前面的任务上加“办理时要回答”的问题。"));
    return section;
  }
  if (condition.terms.length === 0) condition.terms.push({ variable: "", sign: "=", value: "" });
  condition.terms.forEach((_, index) => section.append(termForm(condition, index, variables, () => keep(written(condition, variables)), again)));
  if (condition.terms.length > 1) {
    section.append(labelled("几个条件之间", select(condition.any ? "any" : "all", [["all", "都要符合"], ["any", "符合一个就行"]], (value) => {
      condition.any = value === "any";
      keep(written(condition, variables));
    })));
  }
  const complete = condition.terms.every((term) => term.variable !== "" && term.value !== "");
  if (complete) {
    section.append(button("再加一个条件", () => {
      const last = section.lastElementChild;
      condition.terms.push({ variable: "", sign: "=", value: "" });
      const row = termForm(condition, condition.terms.length - 1, variables, () => keep(written(condition, variables)), again);
      section.insertBefore(row, last);
      row.querySelector("select")?.focus();
    }));
  }
  return section;
}

function termForm(condition: Condition, index: number, variables: Variable[], keep: () => void, again: () => void): HTMLElement {
  const term = condition.terms[index];
  const row = el("fieldset", { class: "designer-question" }, el("legend", {}, `条件 ${index + 1}`));
  if (!term) return row;
  const draw = () => {
    const variable = variables.find((known) => known.id === term.variable);
    const names: [string, string][] = [["", "请选择"], ...variables.map((known): [string, string] => [known.id, known.label || known.id])];
    const parts = [labelled("看哪个回答", select(term.variable, names, (value) => {
      term.variable = value;
      const chosen = variables.find((known) => known.id === value);
      term.sign = "=";
      term.value = chosen?.kind === "yes_no" ? "true" : chosen?.choices[0]?.value ?? "";
      keep();
      draw();
    }))];
    if (variable) {
      if (SIGNS[variable.kind].length > 1) parts.push(labelled("怎么比", select(term.sign, SIGNS[variable.kind], (value) => { term.sign = value; keep(); })));
      const choices: [string, string][] = variable.kind === "yes_no" ? [["true", "是"], ["false", "否"]] : variable.choices.map((choice): [string, string] => [choice.value, choice.label]);
      parts.push(labelled("和什么比", choices.length > 0
        ? select(term.value, choices, (value) => { term.value = value; keep(); })
        : input(term.value, (value) => { term.value = value; keep(); }, variable.kind === "number" ? { inputmode: "decimal" } : {})));
      parts.push(button(`删去条件 ${index + 1}`, () => { condition.terms.splice(index, 1); keep(); again(); }, "btn-danger btn-sm"));
    }
    row.replaceChildren(el("legend", {}, `条件 ${index + 1}`), ...parts);
  };
  draw();
  return row;
}
