// What people do on the pages, in their own words; every step looks for what a person would look for.
import { press } from "./check.mjs";

/** The password of every account of the demonstration county. */
export const PASSWORD = "Ziyang-2026";

/** A citizen number with a right check digit. */
export function citizenNumber(serial, birthday = "19900101") {
  const body = `610924${birthday}${String(serial).padStart(3, "0")}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + "10X98765432"[sum % 11];
}

export async function signInCitizen(page, origin, phone) {
  await page.goto(`${origin}/login`);
  await page.fill("[name=phone]", phone);
  await press(page, "main button[type=submit]");
  const code = (await page.textContent("main")).match(/\d{6}/)[0];
  await page.fill("[name=code]", code);
  await press(page, "main button.btn-primary");
  hasLeft(page, "/login");
}

export async function signInStaff(page, origin, account, password) {
  await page.goto(`${origin}/staff/login`);
  await page.fill("[name=account]", account);
  await page.fill("[name=password]", password);
  await press(page, "main button.btn-primary");
  hasLeft(page, "/staff/login");
}

function hasLeft(page, path) {
  if (new URL(page.url()).pathname.startsWith(path)) throw new Error(`the sign-in stays at ${page.url()}`);
}

/** Gives name and citizen number once, as everyone does before the first application. */
export async function introduce(page, origin, person) {
  await page.goto(`${origin}/my/profile`);
  await fillPage(page, person);
  await press(page, "main form:not(.inline-form) button.btn-primary");
  const problem = await page.$(".error-summary");
  if (problem) throw new Error(`the profile was refused: ${await problem.textContent()}`);
}

/** Fills whatever the page asks for, as somebody would who reads the labels. */
export async function fillPage(page, person) {
  for (const typed of await page.$$('main [data-signature] input[name$=".typed"]')) {
    await typed.evaluate((element) => { element.closest("details").open = true; });
    await typed.fill(person.name);
  }
  const fields = await page.$$("main form:not(.inline-form) input:not([type=hidden]):not([type=file]):not([type=submit]), main form textarea, main form select");
  const groups = new Set();
  for (const field of fields) {
    if (!(await field.isVisible()) || (await field.isDisabled())) continue;
    const { name, type, tag, value, mode, label } = await field.evaluate((element) => ({
      name: element.name,
      type: element.type,
      tag: element.tagName,
      value: element.value,
      mode: element.inputMode,
      label: element.closest(".field")?.querySelector(".field-label")?.textContent ?? element.labels?.[0]?.textContent ?? "",
    }));
    if (label.includes("选填")) continue;
    if (type === "radio") {
      if (!groups.has(name) && !(await page.$(`[name="${name}"]:checked`))) await field.check();
      groups.add(name);
    } else if (type === "checkbox") {
      if (!groups.has(name)) await field.check();
      groups.add(name);
    } else if (tag === "SELECT") {
      if (!value) await field.evaluate((element) => {
        element.value = [...element.options].find((option) => option.value)?.value ?? "";
        element.dispatchEvent(new Event("change", { bubbles: true }));
      });
    } else if (!value) {
      await field.fill(answer({ name, type, mode, label }, person));
    }
  }
}

function answer({ name, type, mode, label }, person) {
  if (type === "date") return "2026-10-08";
  if (/身份|证件号|公民/.test(label)) return person.number;
  if (/信用代码/.test(label)) return "91610924MA70TEXT0K";
  if (/电话|手机/.test(label)) return person.phone;
  if (/姓名|名字|联系人|法定代表人/.test(label)) return person.name;
  if (/卡号|账号/.test(label)) return "6217001234567890123";
  if (/年度|年份/.test(label)) return "2026";
  if (/金额|资本|元/.test(label)) return "1000";
  if (mode === "numeric" || mode === "decimal" || type === "number") return "12";
  if (/地址|住址|住所|村|门牌/.test(label)) return "城关镇河堤路12号";
  if (/日期/.test(label)) return "2026-10-08";
  return name === "email" ? "someone@example.com" : "如实填写";
}

/** A small photograph that any program shows. */
export const photograph = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC",
  "base64",
);
