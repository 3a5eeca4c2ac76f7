// Form fields as the house's macros write them, for a panel that changes with what is selected.

type Child = Node | string | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

let counted = 0;

/** A label above a control, with a hint between. */
export function labelled(label: string, control: HTMLElement, hint = ""): HTMLElement {
  counted += 1;
  control.id ||= `designer-field-${counted}`;
  const note = hint === "" ? undefined : el("p", { class: "field-hint", id: `${control.id}-hint` }, hint);
  if (note) control.setAttribute("aria-describedby", note.id);
  return el("div", { class: "field" }, el("label", { class: "field-label", for: control.id }, label), note, control);
}

export function input(value: string, changed: (value: string) => void, attributes: Record<string, string> = {}): HTMLInputElement {
  const field = el("input", { class: "form-control", type: "text", autocomplete: "off", maxlength: "200", ...attributes });
  field.value = value;
  field.addEventListener("change", () => changed(field.value.trim()));
  return field;
}

export function select(value: string, choices: [string, string][], changed: (value: string) => void): HTMLSelectElement {
  const field = el("select", { class: "form-select" });
  for (const [key, label] of choices) field.append(el("option", { value: key }, label));
  field.value = value;
  field.addEventListener("change", () => changed(field.value));
  return field;
}

export function tick(label: string, checked: boolean, changed: (checked: boolean) => void): HTMLElement {
  counted += 1;
  const box = el("input", { class: "form-check-input", type: "checkbox", id: `designer-tick-${counted}` });
  box.checked = checked;
  box.addEventListener("change", () => changed(box.checked));
  return el("div", { class: "form-check" }, box, el("label", { class: "form-check-label", for: box.id }, label));
}

export function button(label: string, pressed: (event: MouseEvent) => void, kind = "btn-plain btn-sm"): HTMLButtonElement {
  const made = el("button", { type: "button", class: `btn ${kind}` }, label);
  made.addEventListener("click", pressed);
  return made;
}
