// The checklist of the counter: a digit moves a paper's mark on (缺, 齐全, 容缺) without a round trip. The marks are radios,
// so that the page works as it is without this script, and what is sent is the same.

/** Checks the group's next radio; after the last comes the first. */
export function cycle(group: HTMLFieldSetElement): void {
  const marks = [...group.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  const next = marks[(marks.findIndex((mark) => mark.checked) + 1) % marks.length];
  if (!next) return;
  next.checked = true;
  next.dispatchEvent(new Event("input", { bubbles: true }));
  next.dispatchEvent(new Event("change", { bubbles: true }));
  group.scrollIntoView({ block: "nearest" });
  tell(group, next);
}

/** The focus stays where it was, so that the new mark is said aloud by a line of its own. */
function tell(group: HTMLFieldSetElement, mark: HTMLInputElement): void {
  const legend = group.querySelector("legend");
  const name = [...(legend?.childNodes ?? [])].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("");
  line().textContent = `${name.trim()}：${mark.closest("label")?.textContent?.trim() ?? ""}`;
}

function line(): HTMLElement {
  const present = document.querySelector<HTMLElement>("#said");
  if (present) return present;
  const made = document.createElement("p");
  made.id = "said";
  made.className = "visually-hidden";
  made.setAttribute("role", "status");
  document.querySelector("main")?.append(made);
  return made;
}
