// The form beside the drawing: what the selected element is called, who does it, in how many days, what is asked, and by what a
// way out is chosen. Everything is written as our reader reads it.
import { conditionForm } from "./ways";
import { button, el, input, labelled, select, tick } from "./dom";
import type { Variable } from "./conditions";
import { add, called, fitsInLine, KINDS, leads, isActivity } from "./elements";
import { attribute, attributeChange, is, type Drawn, type Get } from "./library";
import { receiveForm, sendForm, serviceForm } from "./outside";
import { questionsForm, questionsOf } from "./questions";
import { repeatsForm } from "./repeats";
import { timerForm, timerOf } from "./timers";

/** What the page offers: who may do tasks, and what the application form asks. */
export interface Offer {
  groups: { title: string; names: string[] }[];
  variables: Variable[];
  /** The decisions of the item's rules. */
  decisions: string[];
}

const STAGES = ["", "收件", "受理", "审查", "决定", "制证", "送达"];

export class Properties {
  private shown: Drawn | undefined;

  private pick: HTMLSelectElement | undefined;

  constructor(private readonly panel: HTMLElement, private readonly get: Get, private readonly offer: Offer) {
    panel.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && panel.contains(event.relatedTarget))) window.setTimeout(() => this.refresh());
    });
  }

  /** All elements that can be edited, in the order of the drawing. */
  private elements(): Drawn[] {
    const all = this.get("elementRegistry").getAll();
    return all.filter((element) => !element.labelTarget && (is(element, "FlowNode") || is(element, "SequenceFlow") || is(element, "Lane") || is(element, "Participant")));
  }

  /** The decisions of the item's rules to choose from; one that is not among them stays, with what is wrong about it. */
  private decisionForm(chosen: string, changed: (value: string) => void): HTMLElement {
    const known = this.offer.decisions;
    const hint = "事项规则里的决策；它给出的结果可以用在后面的条件里";
    if (known.length === 0) return labelled("用哪个规则", input(chosen, changed), `${hint}。事项还没有规则，先写名称，发布以前在“规则”里加上`);
    const choices: [string, string][] = known.map((name) => [name, name]);
    if (chosen === "") choices.unshift(["", "请选择"]);
    else if (!known.includes(chosen)) choices.unshift([chosen, `${chosen}（规则里没有）`]);
    return labelled("用哪个规则", select(chosen, choices, changed), hint);
  }

  /** What conditions may be made of: the application form, and what is asked with tasks. */
  variables(): Variable[] {
    const asked = this.elements().flatMap((element) =>
      questionsOf(element.businessObject).map((question) => ({ id: question.id, label: `${String(element.businessObject.get("name") ?? "")}：${question.label}`, kind: question.kind, choices: question.choices })));
    return [...asked, ...this.offer.variables];
  }

  show(element: Drawn | undefined, focus = false): void {
    this.shown = element?.labelTarget ?? element;
    this.draw();
    if (focus) this.panel.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }

  /** Again, unless somebody is typing in it. */
  refresh(): void {
    if (!this.panel.contains(document.activeElement)) this.draw();
    else if (this.pick && this.pick !== document.activeElement) this.list(this.pick);
  }

  private list(pick: HTMLSelectElement): void {
    const elements = this.elements().map((element) => el("option", { value: element.id }, called(element)));
    pick.replaceChildren(el("option", { value: "" }, "（没有选中）"), ...elements);
    pick.value = this.shown?.id ?? "";
  }

  private draw(): void {
    const active = document.activeElement instanceof HTMLElement && this.panel.contains(document.activeElement)
      ? [...this.panel.querySelectorAll<HTMLElement>("input, select, textarea, button")].indexOf(document.activeElement) : -1;
    const again = () => this.draw();
    const { get } = this;
    const pick = select("", [], (id) => {
      const element = get("elementRegistry").get(id);
      get("selection").select(element ?? null);
      if (element) get("canvas").scrollToElement(element);
    });
    this.list(pick);
    this.pick = pick;
    const parts: (HTMLElement | undefined)[] = [labelled("选中的元素", pick)];
    const element = this.shown;
    if (element && get("elementRegistry").get(element.id) && !is(element, "Process")) parts.push(...this.parts(element, again));
    else parts.push(el("p", {}, "在图上点一个元素，或者在上面选一个，这里就显示它的内容。"));
    this.panel.replaceChildren(...parts.filter((part): part is HTMLElement => part !== undefined));
    if (active >= 0) this.panel.querySelectorAll<HTMLElement>("input, select, textarea, button")[active]?.focus();
  }

  private parts(element: Drawn, again: () => void): HTMLElement[] {
    const { get } = this;
    const own = element.businessObject;
    const modeling = get("modeling");
    const set = (name: string, value: string) => modeling.updateProperties(element, attributeChange(own, name, value));
    const hint = is(element, "Gateway") ? "写成问题，例如：要现场核查吗？" : is(element, "SequenceFlow") ? "写在线上的话，例如：符合要求" : "";
    const parts: HTMLElement[] = [labelled("名称", input(String(own.get("name") ?? ""), (value) => modeling.updateProperties(element, { name: value || undefined })), hint)];
    if (is(element, "UserTask") || is(element, "ManualTask")) {
      const taken = new Set(this.variables().map((variable) => variable.id));
      parts.push(
        this.groups(element),
        labelled("几个工作日内办完", input(attribute(own, "limitDays"), (value) => set("limitDays", value), { inputmode: "numeric" }), "不填就只有整个办件的时限"),
        questionsForm(get, element, taken, again),
        repeatsForm(get, element, again),
      );
    }
    if (is(element, "BusinessRuleTask")) {
      parts.push(this.decisionForm(attribute(own, "decision") || attribute(own, "decisionRef"), (value) => set("decision", value)));
    }
    if (is(element, "ReceiveTask")) parts.push(receiveForm(get, element));
    if (is(element, "ServiceTask")) parts.push(serviceForm(element, set));
    if (is(element, "SendTask")) parts.push(sendForm(get, element));
    const timer = timerOf(element);
    if (timer) parts.push(timerForm(get, element, timer, again));
    if (is(element, "SequenceFlow")) parts.push(conditionForm(get, element, this.variables(), again));
    if (is(element, "FlowNode") && !is(element, "Gateway")) {
      const stages = STAGES.map((stage): [string, string] => [stage, stage || "不标"]);
      parts.push(labelled("走到这里，国家统一的阶段是", select(attribute(own, "stage"), stages, (value) => set("stage", value))));
    }
    parts.push(this.deeds(element));
    return parts;
  }

  private groups(element: Drawn): HTMLElement {
    const own = element.businessObject;
    const chosen = attribute(own, "candidateGroups").split(",").map((name) => name.trim()).filter(Boolean);
    const known = new Set(this.offer.groups.flatMap((group) => group.names));
    const keep = (names: string[]) => this.get("modeling").updateProperties(element, attributeChange(own, "candidateGroups", names.join(",")));
    const section = el("section", { "aria-label": "谁来办" }, el("h3", {}, "谁来办"), el("p", { class: "field-hint" }, "都不选：本单位能审查的人都可以认领。"));
    for (const group of this.offer.groups) {
      const set = el("fieldset", { class: "designer-group" }, el("legend", {}, group.title));
      for (const name of group.names) {
        set.append(tick(name, chosen.includes(name), (checked) => {
          const at = chosen.indexOf(name);
          if (checked && at < 0) chosen.push(name);
          if (!checked && at >= 0) chosen.splice(at, 1);
          keep(chosen);
        }));
      }
      const any = group.names.some((name) => chosen.includes(name));
      section.append(el("details", any || group.names.length < 4 ? { open: true } : {}, el("summary", {}, group.title), set));
    }
    const others = chosen.filter((name) => !known.has(name));
    section.append(labelled("其他", input(others.join(","), (value) => {
      const typed = value.split(/[,，、]/).map((name) => name.trim()).filter(Boolean);
      keep([...chosen.filter((name) => known.has(name)), ...typed]);
    }), "表里没有的岗位、单位，用逗号隔开"));
    return section;
  }

  /** What the buttons beside the element do, for the keyboard. */
  private deeds(element: Drawn): HTMLElement {
    const { get } = this;
    const row = el("section", { "aria-label": "接着画" }, el("h3", {}, "接着画"));
    const buttons = el("div", { class: "button-row" });
    if (!element.waypoints && leads(element)) {
      for (const kind of KINDS.filter((kind) => !kind.attached && kind.key !== "start")) buttons.append(button(`接${kind.label}`, () => add(get, kind, element)));
    }
    if (element.waypoints && is(element, "SequenceFlow")) {
      for (const kind of KINDS.filter(fitsInLine)) buttons.append(button(`插入${kind.label}`, () => add(get, kind, element)));
    }
    const late = KINDS.find((kind) => kind.attached);
    if (late && isActivity(element)) buttons.append(button(`加${late.label}`, () => add(get, late, element)));
    row.append(buttons);
    if (!element.waypoints && leads(element)) {
      const others = this.elements().filter((other) => other !== element && is(other, "FlowNode") && !is(other, "StartEvent") && !is(other, "BoundaryEvent"));
      const field = select("", [["", "请选择"], ...others.map((other): [string, string] => [other.id, called(other)])], (id) => {
        const target = get("elementRegistry").get(id);
        if (target) get("modeling").connect(element, target);
      });
      row.append(labelled("连到", field));
    }
    row.append(button("删除这个元素", () => get("modeling").removeElements([element]), "btn-danger btn-sm"));
    return row;
  }
}
