// The buttons beside what is selected, and what of the drawing tool is left out because cases do not run it.
import { add, KINDS, isActivity, leads } from "./elements";
import type { Drawn, Get, Services } from "./library";

interface Entry {
  group: string;
  html: string;
  title: string;
  action: Record<string, (event: Event, element: Drawn) => void>;
}

const entry = (label: string, title: string, run: (event: Event, element: Drawn) => void): Entry => ({
  group: "designer",
  html: `<div class="entry designer-entry" draggable="true">${label}</div>`,
  title,
  action: { click: run, dragstart: run },
});

class Pad {
  static $inject = ["contextPad", "injector"];
  private readonly get: Get;

  constructor(contextPad: { registerProvider(provider: unknown): void }, injector: { get(name: string): unknown }) {
    this.get = ((name: keyof Services) => injector.get(name)) as Get;
    contextPad.registerProvider(this);
  }

  getContextPadEntries(element: Drawn): Record<string, Entry> {
    const get = this.get;
    const entries: Record<string, Entry> = {};
    if (element.labelTarget) return entries;
    if (!element.waypoints && leads(element)) {
      for (const kind of KINDS.filter((kind) => ["task", "exclusive", "parallel", "end"].includes(kind.key))) {
        entries[kind.key] = entry(kind.label, `接着画${kind.title}`, () => add(get, kind, element));
      }
    }
    const late = KINDS.find((kind) => kind.key === "late");
    if (late && isActivity(element)) entries["late"] = entry(late.label, late.title, () => add(get, late, element));
    if (!element.waypoints && leads(element)) {
      entries["connect"] = entry("连线", "连到另一个元素：再点那个元素", (event, from) => get("connect").start(event, from));
    }
    entries["delete"] = entry("删除", "删除", () => get("modeling").removeElements([element]));
    return entries;
  }
}

/** Parts of the drawing tool that are replaced by ours or left out. */
export const limited = {
  contextPadProvider: ["type", Pad],
  paletteProvider: ["value", null],
  replaceMenuProvider: ["value", null],
  alignElementsContextPadProvider: ["value", null],
  alignElementsMenuProvider: ["value", null],
  distributeElementsMenuProvider: ["value", null],
};
