// What is wrong with the drawing, told while it is drawn by the check that also guards saving: every problem is a button that
// selects its element.
import { button, el } from "./dom";
import { called } from "./elements";
import type { Get } from "./library";

interface Problem {
  code: string;
  element: string | null;
  line: number;
  text: string;
}

interface Answer {
  is_usable: boolean;
  problems: Problem[];
  remarks: string[];
}

const WAIT_MS = 600;

export class Checks {
  private timer = 0;
  private request: AbortController | undefined;
  private marked: string[] = [];

  constructor(
    private readonly panel: HTMLElement,
    private readonly get: Get,
    private readonly xml: () => Promise<string>,
    private readonly chosen: (id: string) => void,
  ) {}

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
      const answer = await fetch("/api/v1/processes/check", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ xml: await this.xml() }),
        signal: request.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = (await answer.json()) as Answer;
      this.tell(told);
      return told.is_usable;
    } catch {
      if (!request.signal.aborted) this.panel.replaceChildren(el("p", {}, "检查不了：连不上服务器，或者登录已经过期。画的内容还在这个页面上。"));
      return undefined;
    }
  }

  private tell(answer: Answer): void {
    const { canvas, registry } = { canvas: this.get("canvas"), registry: this.get("elementRegistry") };
    for (const id of this.marked) if (registry.get(id)) canvas.removeMarker(id, "designer-problem");
    this.marked = answer.problems.map((problem) => problem.element ?? "").filter((id) => registry.get(id) !== undefined);
    for (const id of this.marked) canvas.addMarker(id, "designer-problem");
    const parts: HTMLElement[] = [];
    if (answer.is_usable) parts.push(el("p", { class: "designer-well" }, "✓ 没有问题，可以保存。"));
    else parts.push(el("p", {}, `有 ${answer.problems.length} 处问题，改好了才能保存：`));
    const list = el("ul", {});
    for (const problem of answer.problems) {
      const element = problem.element ? registry.get(problem.element) : undefined;
      list.append(el("li", {}, element ? button(`${called(element)}。${problem.text}`, () => this.chosen(element.id), "designer-problem-link") : problem.text));
    }
    if (answer.problems.length > 0) parts.push(list);
    // A remark about something that has no effect concerns whoever brought the file, not whoever draws here.
    if (answer.remarks.length > 0) {
      const remarks = el("ul", {});
      for (const remark of answer.remarks) remarks.append(el("li", {}, remark));
      parts.push(el("details", {}, el("summary", {}, `提示（${answer.remarks.length}）`), remarks));
    }
    this.panel.replaceChildren(...parts);
  }
}
