// Questions that are asked only after a certain answer are hidden until it is given. The server leaves out what was not asked,
// and without this script each question says when it is to be filled in.
import { untaken } from "./common";

/** The answers to a question that are chosen now; a box to tick answers `true` or `false`. */
function chosen(form: HTMLFormElement | HTMLElement, name: string): string[] {
  const inputs = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[name="${CSS.escape(name)}"]`)];
  // What is hidden is not answered.
  const shown = inputs.filter((input) => !input.closest("[data-when][hidden]"));
  return shown.flatMap((input) => {
    if (input instanceof HTMLSelectElement) return [input.value];
    if (input.type === "checkbox" && input.value === "true") return [String(input.checked)];
    if (input.type === "checkbox" || input.type === "radio") return input.checked ? [input.value] : [];
    return [];
  });
}

function refresh(form: HTMLFormElement | HTMLElement): void {
  // In their order: what depends on a hidden answer is hidden too.
  for (const part of form.querySelectorAll<HTMLElement>("[data-when]")) {
    const wanted = (part.dataset.whenValues ?? "").split("|");
    part.hidden = !chosen(form, part.dataset.when ?? "").some((value) => wanted.includes(value));
  }
}

export function startConditions(): void {
  for (const part of untaken<HTMLElement>("[data-when]", "When")) {
    const form = part.closest("form") ?? document.body;
    if (!("conditions" in form.dataset)) {
      form.dataset.conditions = "";
      form.addEventListener("change", () => refresh(form));
    }
    refresh(form);
  }
}
