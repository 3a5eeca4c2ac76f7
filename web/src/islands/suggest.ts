// Suggestions under a search field: a combobox as WAI-ARIA describes it. Without this script the field is a plain search.
// The list lies over the page, so nothing moves; what was typed is never changed, and Enter without a choice searches.
import { untaken } from "./common";

const WAIT_MS = 120;

export function startSuggest(): void {
  for (const form of untaken<HTMLFormElement>("form[data-suggest]", "Suggest")) {
    const field = form.querySelector<HTMLInputElement>("input[type=search]");
    if (field) new Suggestions(form, field);
  }
}

class Suggestions {
  private readonly list = document.createElement("ul");
  private readonly said = document.createElement("p");
  private active = -1;
  private timer = 0;
  private request: AbortController | undefined;

  constructor(private readonly form: HTMLFormElement, private readonly field: HTMLInputElement) {
    this.list.id = `${field.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.dataset.suggestName ?? "");
    this.list.hidden = true;
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    form.append(this.list, this.said);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", this.list.id);
    // While pinyin is being composed the text is not yet what the person means.
    field.addEventListener("input", (event) => {
      if (!(event as InputEvent).isComposing) this.later();
    });
    field.addEventListener("compositionend", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    form.addEventListener("submit", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      if (event.target instanceof Element) this.open(event.target.closest("li"));
    });
  }

  private options(): HTMLLIElement[] {
    return [...this.list.querySelectorAll("li")];
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    this.request?.abort();
    const text = this.field.value.trim();
    if (!text) {
      this.close();
      return;
    }
    const request = new AbortController();
    this.request = request;
    try {
      const answer = await fetch(`${this.form.dataset.suggest ?? ""}?q=${encodeURIComponent(text)}`, { signal: request.signal });
      const page = answer.ok ? await answer.text() : "";
      if (request.signal.aborted || document.activeElement !== this.field) return;
      this.show([...new DOMParser().parseFromString(page, "text/html").querySelectorAll("li")]);
    } catch {
      // No network, or a newer question: the search itself still works.
    }
  }

  private show(found: HTMLLIElement[]): void {
    found.forEach((option, index) => {
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("aria-selected", "false");
    });
    this.list.replaceChildren(...found);
    this.active = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.hidden = found.length === 0;
    this.field.setAttribute("aria-expanded", String(found.length > 0));
    this.said.textContent = found.length > 0 ? (this.form.dataset.suggestCount ?? "").replace("{count}", String(found.length)) : "";
  }

  private close(): void {
    clearTimeout(this.timer);
    this.request?.abort();
    this.show([]);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.open(this.options()[this.active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  /** Moves the choice; before the first and behind the last it is back in the field. */
  private choose(step: number): void {
    const options = this.options();
    const places = options.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
    const chosen = options[this.active];
    if (chosen) {
      this.field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  private open(option: HTMLLIElement | null | undefined): void {
    const path = option?.dataset.path;
    if (path?.startsWith("/guides/")) location.assign(path);
  }
}
