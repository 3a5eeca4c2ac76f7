// The designer as a whole: the drawing in the middle, what can be added beside it, the properties of what is selected, and
// what is wrong.
import Modeler from "bpmn-js/lib/Modeler";
import { Checks } from "./checks";
import { descriptor } from "./descriptor";
import { button, el } from "./dom";
import { add, isActivity, KINDS } from "./elements";
import type { Drawn, Get, Services } from "./library";
import { limited } from "./pad";
import { type Offer, Properties } from "./properties";

const part = <E extends HTMLElement>(root: HTMLElement, name: string): E => {
  const found = root.querySelector<E>(`[data-designer-${name}]`);
  if (!found) throw new Error(`the page has no part "${name}"`);
  return found;
};

export class Designer {
  private readonly modeler: InstanceType<typeof Modeler>;
  private readonly get: Get;
  private readonly properties: Properties;
  private readonly checks: Checks;
  private saved = true;

  constructor(private readonly root: HTMLElement) {
    const canvas = part(root, "canvas");
    this.modeler = new Modeler({
      container: canvas,
      additionalModules: [limited],
      moddleExtensions: { wuchuang: descriptor },
      bpmnRenderer: { defaultFillColor: "var(--paper)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" },
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: "12px" } },
    } as ConstructorParameters<typeof Modeler>[0]);
    this.get = ((name: keyof Services) => this.modeler.get(name)) as Get;
    const offer = JSON.parse(root.dataset.designerOffer ?? "{}") as Offer;
    this.properties = new Properties(part(root, "properties"), this.get, offer);
    this.checks = new Checks(part(root, "problems"), this.get, () => this.xml(), (id) => this.choose(id));
  }

  async open(): Promise<void> {
    const text = part<HTMLTextAreaElement>(this.root, "file").value;
    // What is not shown has no size, and a drawing without size cannot be fitted into it.
    this.root.hidden = false;
    try {
      await this.modeler.importXML(text);
    } catch {
      // A file that the drawing tool does not read is still there to be uploaded anew; the words beside say so.
      this.root.hidden = true;
      const unread = document.querySelector<HTMLElement>("[data-designer-unread]");
      if (unread) unread.hidden = false;
      return;
    }
    for (const fallback of document.querySelectorAll<HTMLElement>("[data-designer-fallback]")) fallback.hidden = true;
    this.nameCanvas();
    this.showAll();
    this.tools();
    this.listen();
    this.properties.show(undefined);
    void this.checks.now();
  }

  private async xml(): Promise<string> {
    const { xml } = await this.modeler.saveXML({ format: true });
    return xml ?? "";
  }

  /** The drawing itself is one stop of the keyboard; everything it can do stands in the properties too. */
  private nameCanvas(): void {
    const svg = part(this.root, "canvas").querySelector("svg[tabindex]");
    svg?.setAttribute("role", "application");
    svg?.setAttribute("aria-label", "流程图画布；用右边的“选中的元素”也能选和改每个元素");
  }

  private choose(id: string): void {
    const element = this.get("elementRegistry").get(id);
    if (!element) return;
    this.get("selection").select(element);
    this.get("canvas").scrollToElement(element);
    this.properties.show(element, true);
  }

  private tools(): void {
    const bar = part(this.root, "tools");
    for (const kind of KINDS) {
      // With the mouse the new element hangs on the pointer until it is put down; with the keyboard it goes behind what is selected.
      const made = button(kind.label, (event) => {
        const selected = this.get("selection").get()[0];
        const fits = !kind.attached || (selected !== undefined && isActivity(selected));
        if (event.detail === 0 || kind.attached) {
          if (fits) add(this.get, kind, selected);
          else this.say("请先选中一个任务或子流程，再加超时。");
        } else {
          this.get("create").start(event, this.get("elementFactory").createShape({ type: kind.type, ...kind.options }));
        }
      });
      made.title = kind.title;
      bar.append(made);
    }
    bar.append(
      el("span", { class: "designer-gap" }),
      button("撤销", () => this.get("commandStack").undo()),
      button("重做", () => this.get("commandStack").redo()),
      button("看全图", () => this.showAll()),
    );
  }

  /** Shows the whole drawing. A frame that has no room yet, or a drawing without extent, gives no scale to show it at. */
  private showAll(): void {
    const frame = part(this.root, "canvas");
    if (frame.clientWidth === 0 || frame.clientHeight === 0) return;
    try {
      this.get("canvas").zoom("fit-viewport", "auto");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  private say(text: string): void {
    part(this.root, "said").textContent = text;
  }

  private listen(): void {
    const bus = this.get("eventBus");
    bus.on("selection.changed", (event) => this.properties.show(event.newSelection?.[0] as Drawn | undefined));
    bus.on("commandStack.changed", () => {
      this.saved = false;
      this.say("");
      this.properties.refresh();
      this.checks.later();
    });
    // Turned or resized, the page shows the whole drawing again, as long as nothing is selected to be worked on.
    new ResizeObserver(() => {
      this.get("canvas").resized();
      if (this.get("selection").get().length === 0) this.showAll();
    }).observe(part(this.root, "canvas"));
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
    const usable = await this.checks.now();
    if (usable === false) {
      this.say("还有问题，没有保存。问题列在下面。");
      part(this.root, "problems").focus();
      return;
    }
    part<HTMLTextAreaElement>(this.root, "file").value = await this.xml();
    this.saved = true;
    form.submit();
  }
}
