// The form of a reception at the counter, for stories that are not about it.
import { citizenNumber } from "./people.mjs";

/** Answers what the item asks and what is still open, whatever item it is. */
export async function answerRest(page) {
  for (const field of await page.$$("#form-title ~ .field input, #form-title ~ .field select, #form-title ~ .field textarea")) {
    const { name, tag, type, value, isOptional } = await field.evaluate((element) => ({
      name: element.name,
      tag: element.tagName,
      type: element.type,
      value: element.value,
      isOptional: element.closest(".field").textContent.includes("选填"),
    }));
    if (isOptional || /\.typed$|\.own$/.test(name)) continue;
    if (type === "checkbox") {
      if (!(await page.$(`[name="${name}"]:checked`))) await field.check();
    } else if (type === "radio") {
      if (!(await page.$(`[name="${name}"]:checked`))) await field.check();
    } else if (tag === "SELECT") {
      if (!value) await field.selectOption({ index: 1 });
    } else if (!value) {
      await field.fill(answer(name, type));
    }
  }
}

function answer(name, type) {
  if (type === "date") return "2026-10-08";
  if (name.includes("phone")) return "13891508001";
  return name.includes("number") ? citizenNumber(801) : "12";
}
