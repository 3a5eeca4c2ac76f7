// Saves a draft while the person types: two seconds after the last change the fields (not the files) are sent to the
// address in data-draft. What happens is said in words beside the form.
import { untaken } from "./common";
import { markSaved } from "./forms";

const quietMilliseconds = 2000;
const retryMilliseconds = 15000;

export function startDrafts(): void {
  for (const form of untaken<HTMLFormElement>("form[data-draft]", "Draft")) start(form, form.dataset.draft ?? "");
}

function start(form: HTMLFormElement, address: string): void {
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  const say = (text: string | undefined): void => {
    if (state) state.textContent = text ?? "";
  };
  let timer: number | undefined;
  let changes = 0;

  async function save(): Promise<void> {
    const sent = changes;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    say(form.dataset.saving);
    try {
      const answer = await fetch(address, { method: "POST", body: fields, headers: { "X-Draft": "1" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      if (sent === changes) markSaved(form);
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      say(`${form.dataset.saved ?? ""} ${time}`);
    } catch {
      say(form.dataset.unsaved);
      plan(retryMilliseconds);
    }
  }

  function plan(milliseconds: number): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void save(), milliseconds);
  }

  form.addEventListener("input", () => {
    changes += 1;
    plan(quietMilliseconds);
  });
  form.addEventListener("submit", () => window.clearTimeout(timer));
}
