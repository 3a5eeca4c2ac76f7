// 长者, 大字, 高对比, 深色. The links work by themselves through the server; while a form holds typed text, the choice is made
// in place instead, so that nothing typed is lost.
import { untaken } from "./common";
import { hasUnsavedText } from "./forms";

const attributes: Record<string, [name: string, value: string]> = {
  elder: ["data-elder", "on"],
  text: ["data-text", "on"],
  contrast: ["data-contrast", "on"],
  theme: ["data-bs-theme", "dark"],
};

export function startSwitches(): void {
  for (const link of untaken<HTMLAnchorElement>("a[data-switch]", "Switch")) {
    link.addEventListener("click", (event) => {
      const choice = link.dataset.switch ?? "";
      const attribute = attributes[choice];
      if (!attribute || !hasUnsavedText()) return;
      event.preventDefault();
      const root = document.documentElement;
      const turnOn = !root.hasAttribute(attribute[0]);
      if (turnOn) root.setAttribute(attribute[0], attribute[1]);
      else root.removeAttribute(attribute[0]);
      document.cookie = `${choice}=${turnOn ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
    });
  }
}
