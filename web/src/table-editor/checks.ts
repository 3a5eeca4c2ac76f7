// What is wrong with the rules, what a table forgets and where rules overlap, told while somebody writes by the check that also
// guards saving: everything that has a place is a button that leads there.
import { button, el } from "../designer/dom";
import { byId, decisionOf, drawn, is, type Element } from "./library";

interface Problem {
  severity: "notice" | "warning" | "error";
  element: string | null;
  line: number;
  code: string;
  text: string;
}

interface Answer {
  deployable: boolean;
  tables: { id: string; overlaps: { rows: [number, number] }[] }[];
  problems: Problem[];
}

const WAIT_MS = 600;

/** A value that rules may ask for. */
export interface Known {
  name: string;
  type: string;
  about: string;
  choices: string[];
}

export class Checks {
  private timer = 0;
  private request: AbortController | undefined;
  private readonly marks = new CSSStyleSheet();

  constructor(
    private readonly panel: HTMLElement,
    private readonly known: Known[],
    private readonly definitions: () => Element,
    private readonly xml: () => Promise<string>,
    private readonly lead: (id: string) => void,
  ) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.marks];
  }

  later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.now(), WAIT_MS);
  }

  /** Asks at once; undefined when the house does not answer. */
  async now(): Promise<boolean | undefined> {
    clearTimeout(this.timer);
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const answer = await fetch("/api/v1/rules/check", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ xml: await this.xml() }),
        signal: request.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = (await answer.json()) as Answer;
      this.tell(told);
      return told.deployable;
    } catch {
      if (!request.signal.aborted) this.panel.replaceChildren(el("p", {}, "检查不了：连不上服务器，或者登录已经过期。写的内容还在这个页面上。"));
      return undefined;
    }
  }

  private tell(answer: Answer): void {
    this.mark(answer);
    const parts: HTMLElement[] = [];
    const errors = answer.problems.filter((problem) => problem.severity === "error");
    const warnings = answer.problems.filter((problem) => problem.severity === "warning");
    const notices = answer.problems.filter((problem) => problem.severity === "notice");
    if (answer.deployable) parts.push(el("p", { class: "designer-well" }, "✓ 没有错误，可以保存。"));
    else parts.push(el("p", {}, `有 ${errors.length} 处错误，改好了才能保存：`));
    if (errors.length > 0) parts.push(this.list(errors));
    if (warnings.length > 0) parts.push(el("p", {}, `有 ${warnings.length} 处遗漏、重叠或别的疑点：`), this.list(warnings));
    const strange = this.unknown();
    if (strange.length > 0) parts.push(el("p", {}, "没有来源的值（“我能办吗”自查可以用，别的用途发布时会拒绝）："), this.list(strange));
    if (notices.length > 0) parts.push(el("details", {}, el("summary", {}, `提示（${notices.length}）`), this.list(notices)));
    this.panel.replaceChildren(...parts);
  }

  private list(problems: Problem[]): HTMLElement {
    const list = el("ul", {});
    for (const problem of problems) {
      const id = problem.element;
      const found = id ? byId(this.definitions(), id) : undefined;
      const place = found ? this.called(found) : "";
      const text = place === "" ? problem.text : `${place}：${problem.text}`;
      list.append(el("li", {}, id && found ? button(text, () => this.lead(id), `designer-problem-link tables-${problem.severity}`) : text));
    }
    return list;
  }

  /** What people call the place: the decision, and the row of its table. */
  private called(element: Element): string {
    const decision = decisionOf(element);
    if (!decision) return is(element, "InputData") ? `输入“${element.name ?? ""}”` : "";
    const table = decision.get<Element | undefined>("decisionLogic");
    let rule: Element | undefined = element;
    while (rule && !is(rule, "DecisionRule")) rule = rule.$parent;
    const row = rule && table ? (table.get<Element[] | undefined>("rule") ?? []).indexOf(rule) + 1 : 0;
    return row > 0 ? `“${decision.name ?? ""}”第 ${row} 条` : `“${decision.name ?? ""}”`;
  }

  /** Inputs that neither the application form asks for nor the house knows. */
  private unknown(): Problem[] {
    const inputs = drawn(this.definitions()).filter((element) => is(element, "InputData"));
    const strange = inputs.filter((input) => !this.known.some((known) => known.name === (input.name ?? "").trim()));
    return strange.map((input) => ({ severity: "notice", element: input.id, line: 0, code: "input-unknown", text: "申请表单没有问，系统也不知道。" }));
  }

  /** Colours the places on the page; a sheet made by script survives what the table draws anew. */
  private mark(answer: Answer): void {
    const ids = answer.problems.filter((problem) => problem.severity !== "notice").map((problem) => problem.element ?? "");
    for (const table of answer.tables) {
      const decision = byId(this.definitions(), table.id);
      const rules = decision?.get<Element | undefined>("decisionLogic")?.get<Element[] | undefined>("rule") ?? [];
      for (const overlap of table.overlaps) for (const row of overlap.rows) ids.push(rules[row - 1]?.id ?? "");
    }
    const quoted = [...new Set(ids)].filter((id) => id !== "").map((id) => CSS.escape(id));
    const cells = quoted.flatMap((id) => [`.tables-canvas td[data-element-id="${id}"]`, `.tables-canvas th[data-element-id="${id}"]`, `.tables-canvas td[data-row-id="${id}"]`]);
    const shapes = quoted.map((id) => `.tables-canvas g[data-element-id="${id}"] .djs-visual > :first-child`);
    const rules = [];
    if (cells.length > 0) rules.push(`${cells.join(",")}{box-shadow:inset 0 0 0 2px var(--overdue)}`, `${shapes.join(",")}{stroke:var(--overdue)!important;stroke-width:3px!important}`);
    this.marks.replaceSync(rules.join("\n"));
  }
}
