// What public and staff pages share. Every island marks what it has taken care of, so that it may be called again after
// a part of the page was replaced.
import { startConditions } from "./conditions";
import { startDrafts } from "./drafts";
import { startForms } from "./forms";
import { startKnown } from "./known";
import { startSignatures } from "./signature";
import { startSwitches } from "./switches";
import { startUploads } from "./uploads";

/** Elements that match and were not yet taken by this island. */
export function untaken<E extends HTMLElement>(selector: string, island: string): E[] {
  const mark = `taken${island}`;
  return [...document.querySelectorAll<E>(selector)].filter((element) => {
    if (mark in element.dataset) return false;
    element.dataset[mark] = "";
    return true;
  });
}

export function startCommon(restart: () => void): void {
  startSwitches();
  startForms();
  startConditions();
  startKnown();
  startSignatures();
  startDrafts();
  startUploads(restart);
  startPrint();
  startMenus();
  // Who sent a form with mistakes is led to the list of them, also by ear.
  const summary = untaken("[data-focus]", "Focus")[0];
  summary?.focus();
}

function startPrint(): void {
  for (const button of untaken<HTMLButtonElement>("button[data-print]", "Print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** A menu closes with Escape and when something else is pressed; without script it closes by its own summary. */
function startMenus(): void {
  for (const menu of untaken<HTMLDetailsElement>("details.menu", "Menu")) {
    document.addEventListener("click", (event) => {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  }
}
