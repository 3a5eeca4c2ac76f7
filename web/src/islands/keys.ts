// The keyboard of staff pages: j and k move through the rows, Enter opens, `/` searches, ? shows every key. Other keys are
// on the things themselves (data-key on the page, data-row-key inside a row), so that a page says what its keys are.
// Single keys can be turned off in the list of keys (WCAG 2.2, 2.1.4).
import { untaken } from "./common";
import { cycle } from "./cycle";

const offMark = "wuchuang-keys-off";

export function startKeys(): void {
  const help = document.querySelector<HTMLDialogElement>("#key-help");
  for (const button of untaken<HTMLButtonElement>("[data-key-help]", "Help")) {
    button.hidden = false;
    button.addEventListener("click", () => showHelp(help));
  }
  for (const box of untaken<HTMLInputElement>("[data-keys-on]", "KeysOn")) {
    box.checked = areOn();
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(offMark);
      else localStorage.setItem(offMark, "1");
    });
  }
  for (const table of untaken<HTMLTableElement>("table[data-rows]", "Rows")) startRows(table);
  // What was typed wrong is typed anew, not mended letter by letter.
  for (const field of untaken<HTMLInputElement>("input[data-select][autofocus]", "Select")) field.select();
  for (const body of untaken("body", "Keys")) body.addEventListener("keydown", (event) => pressed(event, help));
}

function areOn(): boolean {
  try {
    return localStorage.getItem(offMark) === null;
  } catch {
    return true;
  }
}

function startRows(table: HTMLTableElement): void {
  table.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.target.closest("a,button,input,label,select")) return;
    const row = event.target.closest<HTMLElement>("tr[data-open]");
    if (row) select(row);
  });
  table.addEventListener("dblclick", (event) => {
    if (event.target instanceof Element) open(event.target.closest<HTMLElement>("tr[data-open]"));
  });
}

function pressed(event: KeyboardEvent, help: HTMLDialogElement | null): void {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isTyping = target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isButtonLike(target));
  if (isTyping) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (help?.open || !areOn()) return;
  if (act(event.key, target, help)) event.preventDefault();
}

function isButtonLike(element: HTMLElement): boolean {
  return element instanceof HTMLInputElement && /^(checkbox|radio|button|submit)$/.test(element.type);
}

function act(key: string, target: HTMLElement | null, help: HTMLDialogElement | null): boolean {
  const row = selected();
  switch (key) {
    case "j":
      return move(1);
    case "k":
      return move(-1);
    case "Enter":
      // A focused link or button keeps its own Enter.
      return target?.closest("a,button,summary") ? false : open(row);
    case " ":
      return target?.closest("a,button,summary,input") ? false : toggle(row);
    case "?":
      showHelp(help);
      return true;
    default:
      return press(row?.querySelector<HTMLElement>(`[data-row-key="${CSS.escape(key)}"]`) ?? byKey(key));
  }
}

function byKey(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
}

function press(element: HTMLElement | null): boolean {
  if (!element || element.offsetParent === null) return false;
  if (element instanceof HTMLFieldSetElement) {
    cycle(element);
    return true;
  }
  const isField = /^(TEXTAREA|SELECT)$/.test(element.tagName) || (element instanceof HTMLInputElement && !isButtonLike(element));
  if (isField) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else {
    element.click();
    openWithCursor(element);
  }
  return true;
}

/** What a key has opened is typed into next. */
function openWithCursor(summary: HTMLElement): void {
  const part = summary.parentElement;
  if (summary.tagName !== "SUMMARY" || !(part instanceof HTMLDetailsElement) || !part.open) return;
  part.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("table[data-rows] tr[data-open]")];
}

function selected(): HTMLElement | null {
  return document.querySelector<HTMLElement>("table[data-rows] tr[aria-selected=true]");
}

function select(row: HTMLElement): void {
  selected()?.removeAttribute("aria-selected");
  row.setAttribute("aria-selected", "true");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step: number): boolean {
  const all = rows();
  if (all.length === 0) return false;
  const current = selected();
  const at = current ? all.indexOf(current) + step : step > 0 ? 0 : all.length - 1;
  const next = all[Math.max(0, Math.min(all.length - 1, at))];
  if (next) select(next);
  return true;
}

function open(row: HTMLElement | null): boolean {
  const address = row?.dataset.open;
  if (!address) return false;
  window.location.assign(address);
  return true;
}

function toggle(row: HTMLElement | null): boolean {
  return press(row?.querySelector<HTMLElement>("input[type=checkbox]") ?? null);
}

function showHelp(help: HTMLDialogElement | null): void {
  if (!help) return;
  const place = help.querySelector<HTMLElement>("[data-page-keys]");
  if (place) place.replaceChildren(...pageKeys(place.dataset.title ?? ""));
  help.showModal();
}

/** The keys that this page has besides the common ones, with the words of the things they press. */
function pageKeys(title: string): HTMLElement[] {
  const own = [...document.querySelectorAll<HTMLElement>("[data-key]")].filter((element) => !"/fxc".includes(element.dataset.key ?? ""));
  if (own.length === 0) return [];
  const list = document.createElement("dl");
  for (const element of own) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    const words = document.createElement("dd");
    key.textContent = element.dataset.key ?? "";
    // A group is named by its legend.
    const copy = (element.querySelector("legend") ?? element).cloneNode(true) as HTMLElement;
    for (const part of copy.querySelectorAll("kbd")) part.remove();
    words.textContent = copy.textContent?.trim() || element.getAttribute("placeholder") || element.getAttribute("aria-label") || "";
    term.append(key);
    line.append(term, words);
    list.append(line);
  }
  const heading = document.createElement("h3");
  heading.textContent = title;
  return [heading, list];
}
