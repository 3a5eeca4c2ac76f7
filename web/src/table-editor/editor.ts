// The table editor as a whole: what can be opened above, the table or graph in the middle, what it may use at its side, and what
// is wrong.
import { button, el, labelled, select } from "../designer/dom";
import { Changes } from "./changes";
import { Checks, type Known } from "./checks";
import { laidOut } from "./layout";
import { byId, decisionOf, drawn, is, type Element, type Manager, type View } from "./library";
import { Dmn } from "./limited";
import * as notes from "./notes";

const part = <E extends HTMLElement>(root: HTMLElement, name: string): E => {
  const found = root.querySelector<E>(`[data-tables-${name}]`);
  if (!found) throw new Error(`the page has no part "${name}"`);
  return found;
};

export class TableEditor {
  private readonly manager: Manager;
  private readonly checks: Checks;
  private readonly known: Known[];
  private saved = true;
  private opened = "";

  constructor(private readonly root: HTMLElement) {
    this.known = JSON.parse(root.dataset.tablesOffer ?? "[]") as Known[];
    this.manager = new Dmn(part(root, "canvas"));
    this.checks = new Checks(part(root, "problems"), this.known, () => this.manager.getDefinitions(), () => this.xml(), (id) => void this.lead(id));
  }

  async open(): Promise<void> {
    const text = part<HTMLTextAreaElement>(this.root, "file").value;
    // What is not shown has no size, and a graph without size cannot be fitted into it.
    this.root.hidden = false;
    this.manager.on("viewer.created", ({ viewer }) => viewer?.on("commandStack.changed", () => this.changed()));
    this.manager.on("views.changed", () => this.beside());
    try {
      await this.load(text);
      const first = this.manager.getViews().find((view) => view.type !== "drd") ?? this.manager.getViews()[0];
      if (first) await this.show(first);
    } catch {
      // A file that the editor does not read is still there to be uploaded anew; the words beside say so.
      this.root.hidden = true;
      const unread = document.querySelector<HTMLElement>("[data-tables-unread]");
      if (unread) unread.hidden = false;
      return;
    }
    for (const fallback of document.querySelectorAll<HTMLElement>("[data-tables-fallback]")) fallback.hidden = true;
    this.tools();
    this.listen();
    void this.checks.now();
  }

  /** Reads a file; what has no place in the graph gets one. */
  private async load(text: string): Promise<void> {
    const { rootElement } = await this.manager._moddle.fromXML(text, "dmn:Definitions");
    notes.shown(rootElement);
    laidOut(rootElement, this.manager._moddle);
    const { xml } = await this.manager._moddle.toXML(rootElement, { format: true });
    await this.manager.importXML(xml, { open: false });
  }

  /** The file as it is to be kept. */
  private async xml(): Promise<string> {
    const definitions = this.manager.getDefinitions();
    notes.written(definitions, this.manager._moddle);
    try {
      const { xml } = await this.manager.saveXML({ format: true });
      return xml ?? "";
    } finally {
      notes.shown(definitions);
    }
  }

  private async show(view: View): Promise<void> {
    await this.manager.open(view);
    this.opened = view.id;
    if (view.type === "drd") {
      const canvas = this.manager.getActiveViewer()?.get("canvas");
      canvas?.resized();
      canvas?.zoom("fit-viewport", "auto");
    }
    this.beside();
  }

  /** Opens what an element belongs to, and shows the place. */
  private async lead(id: string): Promise<void> {
    const element = byId(this.manager.getDefinitions(), id);
    const decision = decisionOf(element);
    const views = this.manager.getViews();
    const view = views.find((one) => one.element === decision) ?? views.find((one) => one.type === "drd");
    if (!view) return;
    if (this.manager.getActiveView()?.element !== view.element) await this.show(view);
    const escaped = CSS.escape(id);
    const place = part(this.root, "canvas").querySelector<HTMLElement>(`td[data-element-id="${escaped}"],th[data-element-id="${escaped}"],td[data-row-id="${escaped}"],g[data-element-id="${escaped}"]`);
    const viewer = this.manager.getActiveViewer();
    const known = viewer?.get("elementRegistry").get(id);
    if (known && view.type === "drd") viewer?.get("selection").select(known);
    const target = place ?? part(this.root, "canvas");
    target.scrollIntoView({ block: "center", inline: "center" });
    (target.querySelector<HTMLElement>("[tabindex],[contenteditable=true]") ?? target).focus();
  }

  private changed(): void {
    this.saved = false;
    this.say("");
    this.checks.later();
  }

  /** A change of the file as a whole; `shows` says what is open afterwards. */
  private async change(make: (changes: Changes, decision: Element | undefined) => string): Promise<void> {
    const definitions = this.manager.getDefinitions();
    const open = byId(definitions, this.opened);
    const shows = make(new Changes(this.manager._moddle, definitions), is(open, "Decision") ? open : undefined);
    await this.load(await this.xml());
    const views = this.manager.getViews();
    const view = views.find((one) => one.id === shows) ?? views[0];
    if (view) await this.show(view);
    this.changed();
  }

  /** What can be opened, and what the opened one may use. */
  private beside(): void {
    const active = this.manager.getActiveView();
    if (!active) return;
    this.opened = active.id;
    const tabs = this.manager.getViews().map((view) => {
      const name = view.type === "drd" ? "决策图" : `${view.type === "decisionTable" ? "表" : "式子"}：${view.name ?? ""}`;
      const tab = button(name, () => void this.show(view), view.element === active.element ? "btn-primary btn-sm" : "btn-plain btn-sm");
      tab.setAttribute("aria-pressed", String(view.element === active.element));
      return tab;
    });
    part(this.root, "views").replaceChildren(...tabs);
    part(this.root, "canvas").querySelector("th.index-column")?.setAttribute("aria-label", "序号");
    const panel = part(this.root, "values");
    panel.hidden = active.type === "drd";
    if (active.type !== "drd") panel.replaceChildren(...this.values(active));
  }

  private values(active: View): HTMLElement[] {
    const used = new Set(this.columns(active.element));
    const others = drawn(this.manager.getDefinitions()).filter((element) => is(element, "Decision") && element !== active.element);
    const known = [...this.known, ...others.map((element) => ({ name: element.name ?? "", type: "Any", about: "别的决策的结果", choices: [] }))];
    const left = known.filter((one) => one.name !== "" && !used.has(one.name));
    const isTable = active.type === "decisionTable";
    let chosen = left[0]?.name ?? "";
    const list = select(chosen, left.map((one) => [one.name, `${one.name}（${one.about}）`]), (value) => (chosen = value));
    const add = button(isTable ? "加为条件列" : "让式子能用它", () => {
      const value = left.find((one) => one.name === chosen);
      if (value) void this.change((changes, decision) => {
        if (decision) changes.use(decision, value);
        return decision?.id ?? "";
      });
    });
    const how = isTable
      ? "格里写：60、>= 60、[60..80)、\"本县\"、\"新办\",\"变更\"、not(\"外县\")、true；不看这一列写 -。结果是文字的加半角双引号。"
      : "式子里直接写值的名称，例如：if 人数 > 10 then 20 else 10。";
    const adding = left.length === 0 ? el("p", {}, "表单里的问题和系统知道的值都用上了。") : el("div", {}, labelled(isTable ? "按什么判断" : "用哪个值", list, "表单里的问题、系统知道的值、别的决策"), add);
    return [el("h2", {}, isTable ? "这张表" : "这个式子"), adding, el("p", { class: "field-hint" }, how)];
  }

  /** The values that a decision uses already. */
  private columns(decision: Element): string[] {
    const logic = decision.get<Element | undefined>("decisionLogic");
    if (is(logic, "DecisionTable")) {
      return (logic?.get<Element[] | undefined>("input") ?? []).map((column) => column.get<Element | undefined>("inputExpression")?.get<string | undefined>("text")?.trim() ?? "");
    }
    const requirements = decision.get<Element[] | undefined>("informationRequirement") ?? [];
    return requirements.map((one) => {
      const reference = one.get<Element | undefined>("requiredInput") ?? one.get<Element | undefined>("requiredDecision");
      return byId(this.manager.getDefinitions(), reference?.get<string | undefined>("href")?.replace(/^#/, "") ?? "")?.name ?? "";
    });
  }

  private tools(): void {
    part(this.root, "tools").append(
      button("加一张表", () => void this.change((changes) => changes.decision("table"))),
      button("加一个式子", () => void this.change((changes) => changes.decision("expression"))),
      el("span", { class: "designer-gap" }),
      button("撤销", () => this.manager.getActiveViewer()?.get("commandStack").undo()),
      button("重做", () => this.manager.getActiveViewer()?.get("commandStack").redo()),
    );
  }

  private say(text: string): void {
    part(this.root, "said").textContent = text;
  }

  private listen(): void {
    window.addEventListener("beforeunload", (event) => {
      if (!this.saved) event.preventDefault();
    });
    const form = part<HTMLFormElement>(this.root, "save");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save(form);
    });
  }

  private async save(form: HTMLFormElement): Promise<void> {
    this.say("正在检查…");
    // What is typed into a cell is taken over when the cell is left.
    (document.activeElement as HTMLElement | null)?.blur();
    const usable = await this.checks.now();
    if (usable === false) {
      this.say("还有错误，没有保存。错误列在下面。");
      part(this.root, "problems").focus();
      return;
    }
    part<HTMLTextAreaElement>(this.root, "file").value = await this.xml();
    this.saved = true;
    form.submit();
  }
}
