// Whoever changes an answer that was filled in from a licence or an earlier case is asked why as soon as they do. Without this
// script the question lies folded under the answer, and is asked when the form is sent.
import { untaken } from "./common";

export function startKnown(): void {
  for (const part of untaken<HTMLDetailsElement>("details[data-known]", "Known")) {
    const form = part.closest("form");
    const name = part.dataset.known ?? "";
    for (const input of form?.querySelectorAll<HTMLElement>(`[name="${CSS.escape(name)}"]`) ?? []) {
      input.addEventListener("input", () => {
        part.open = true;
      });
    }
  }
}
