// Forms: a second press does not send twice, leaving with typed text asks first, and long texts say how much room is left.
import { untaken } from "./common";

const unsaved = new Set<HTMLFormElement>();

export function hasUnsavedText(): boolean {
  return unsaved.size > 0;
}

/** The draft island calls this when the server has everything. */
export function markSaved(form: HTMLFormElement): void {
  unsaved.delete(form);
}

export function startForms(): void {
  startOnce();
  startGuard();
  startCounts();
}

function startOnce(): void {
  for (const form of untaken<HTMLFormElement>("form[data-once]", "Once")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent === "yes") {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      // A disabled button's name and value are not sent: disable only after the browser has collected the fields.
      setTimeout(() => {
        for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) button.disabled = true;
      });
    });
  }
}

/** Called when sending failed, or when the browser's Back shows the page again: the form may be sent once more. */
export function release(form: HTMLFormElement): void {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) button.disabled = false;
}

function startGuard(): void {
  for (const form of untaken<HTMLFormElement>("form[data-guard]", "Guard")) {
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("submit", () => unsaved.delete(form));
  }
}

function startCounts(): void {
  for (const area of untaken<HTMLTextAreaElement>("textarea[data-count][maxlength]", "Count")) {
    const line = document.createElement("p");
    line.className = "characters-left";
    line.setAttribute("aria-live", "polite");
    area.after(line);
    const show = (): void => {
      const left = area.maxLength - [...area.value].length;
      // Only near the end: a number that changes with every key disturbs.
      line.textContent = left <= area.maxLength / 5 ? (area.dataset.count ?? "").replace("{count}", String(left)) : "";
    };
    area.addEventListener("input", show);
    show();
  }
}

window.addEventListener("beforeunload", (event) => {
  if (unsaved.size > 0) event.preventDefault();
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-once]")) release(form);
});

// Phrases that are written again and again: one press fills the field. Without this script the buttons stay hidden.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-fill]")) {
  const field = button.form?.elements.namedItem(button.dataset.fill ?? "");
  if (!(field instanceof HTMLTextAreaElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = button.dataset.text ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
