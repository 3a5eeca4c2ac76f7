// 会签: the same task done by several people, and when it is enough.
import { el, input, labelled, select } from "./dom";
import { attribute, attributeChange, body, type Drawn, type Element, type Get } from "./library";

/** The name of the variable under which each unit does its own task. */
const UNIT = "unit";

const HOW: [string, string][] = [["once", "一个人办一次"], ["count", "几个人各办一次"], ["units", "几个单位各办一次"]];
const ENOUGH: [string, string][] = [["all", "全部办完"], ["any", "有一个办完就行"], ["percent", "办完一定比例"]];

function units(text: string): string[] | undefined {
  const list = /^=?\s*\[(.*)\]$/s.exec(text.replace(/^[$#]\{|\}$/g, ""));
  return list ? [...(list[1] ?? "").matchAll(/"([^"]*)"/g)].map((found) => found[1] ?? "") : undefined;
}

export function repeatsForm(get: Get, element: Drawn, again: () => void): HTMLElement {
  const own = element.businessObject;
  const loop = own.get("loopCharacteristics") as Element | undefined;
  const modeling = get("modeling");
  const moddle = get("moddle");
  const set = (properties: Record<string, unknown>) => { if (loop) modeling.updateModdleProperties(element, loop, properties); };
  const expression = (text: string) => (text === "" ? undefined : moddle.create("bpmn:FormalExpression", { body: text }));
  const section = el("section", { "aria-label": "会签" }, el("h3", {}, "会签"));
  const collection = loop ? attribute(loop, "collection") : "";
  const named = units(collection);
  const how = !loop ? "once" : collection !== "" ? "units" : "count";
  section.append(labelled("由几个人办", select(how, HOW, (value) => {
    const characteristics = value === "once" ? undefined : moddle.create("bpmn:MultiInstanceLoopCharacteristics", value === "count"
      ? { loopCardinality: expression("2") }
      : { "wuchuang:collection": "= []", "wuchuang:elementVariable": UNIT });
    modeling.updateProperties(element, { loopCharacteristics: characteristics });
    const groups = attribute(own, "candidateGroups");
    if (value === "units") modeling.updateProperties(element, attributeChange(own, "candidateGroups", `\${${UNIT}}`));
    else if (groups === `\${${UNIT}}`) modeling.updateProperties(element, attributeChange(own, "candidateGroups", ""));
    again();
  })));
  if (!loop) return section;
  if (how === "count") {
    section.append(labelled("几个人", input(body(loop, "loopCardinality"), (value) => set({ loopCardinality: expression(value) }), { inputmode: "numeric" })));
  } else if (named) {
    section.append(labelled("哪几个单位", input(named.join("、"), (value) => {
      const list = value.split(/[、,，]/).map((name) => name.trim().replace(/"/g, "")).filter(Boolean);
      set(attributeChange(loop, "collection", `= [${list.map((name) => `"${name}"`).join(", ")}]`));
    }), "用顿号隔开，写机构库里的名称"));
  } else {
    section.append(labelled("名单（表达式）", input(collection, (value) => set(attributeChange(loop, "collection", value)))));
  }
  section.append(labelled("先后", select(loop.get("isSequential") ? "yes" : "no", [["no", "同时办"], ["yes", "一个接一个办"]], (value) => set({ isSequential: value === "yes" }))));
  const completion = attribute(loop, "completion");
  if (body(loop, "completionCondition") !== "") {
    section.append(el("p", {}, `完成条件（原文）：${body(loop, "completionCondition")}`));
    return section;
  }
  const enough = completion === "" || completion === "all" ? "all" : completion === "any" ? "any" : "percent";
  section.append(labelled("办到什么程度算完", select(enough, ENOUGH, (value) => {
    set(attributeChange(loop, "completion", value === "percent" ? "60%" : value === "any" ? "any" : ""));
    again();
  })));
  if (enough === "percent") {
    section.append(labelled("百分之几", input(completion.replace("%", ""), (value) => set(attributeChange(loop, "completion", `${value}%`)), { inputmode: "numeric" })));
  }
  return section;
}
