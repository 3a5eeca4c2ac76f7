// What happens to a case, in the words of those who do it: the citizen on the phone, staff at their desks. Every deed looks
// for what a person would look for and fails when the page complains.
import { DESK, PHONE, accepted, assert, get, mainText, press } from "./check.mjs";
import { apply } from "./apply.mjs";
import { PASSWORD, citizenNumber, introduce, signInCitizen, signInStaff } from "./people.mjs";

/** An item that takes its time: named steps, a field visit as a special procedure, a material that may follow, a licence. */
export const ITEM = "烟草专卖零售许可证新办";
export const LICENCE = "烟草专卖零售许可证";
/** The accounts of the department that decides it. */
export const OFFICE = { clerk: "yczm-clerk", reviewer: "yczm-review", approver: "yczm-approve" };

let serial = 100;

/** Somebody who was not here before, signed in on a phone of their own. */
export async function newCitizen({ house, browser }, name, birthday) {
  serial += 1;
  const person = { name, number: citizenNumber(serial, birthday), phone: `138915${String(serial).padStart(5, "0")}` };
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  await signInCitizen(page, house.origin, person.phone);
  await introduce(page, house.origin, person);
  return { person, page };
}

/** A member of staff at a desk; at a phone when told so. */
export async function newStaff({ house, browser }, account, screen = DESK) {
  const context = await browser.newContext(screen);
  const page = await context.newPage();
  await signInStaff(page, house.origin, account, PASSWORD);
  return page;
}

/** Finds the item by its name and applies for it. */
export async function applyFor(house, { page, person }, choices = {}) {
  await get(page, house, `/guides?q=${encodeURIComponent(choices.item ?? ITEM)}`);
  await press(page, page.getByRole("link", { name: choices.item ?? ITEM, exact: true }));
  await press(page, page.getByRole("link", { name: "开始申请" }));
  const receipt = await apply(page, person, choices);
  receipt.case = receipt.path.split("/").pop();
  return receipt;
}

/** A member of staff finds the case by its number, as from a note on the desk. */
export async function openCase(house, staff, number) {
  await get(staff, house, "/staff/cases");
  await staff.keyboard.press("/");
  await staff.keyboard.type(number);
  await Promise.all([staff.waitForNavigation(), staff.keyboard.press("Enter")]);
  assert(new URL(staff.url()).pathname.startsWith("/staff/cases/"), `${number} was not found`);
}

/** Presses a deed of the case page; a folded one is unfolded first. */
export async function act(staff, button, fields = {}) {
  const words = `button:has-text("${button}")`;
  await send(staff, staff.locator("main form", { has: staff.locator(words) }).first(), words, fields);
}

/** The same, and it is taken. */
export async function done(staff, button, fields = {}) {
  await act(staff, button, fields);
  await accepted(staff);
}

/** A deed by its own name, where the words on several buttons begin alike. */
export async function actBy(staff, deed, fields = {}) {
  await send(staff, staff.locator(`main form[action$='/${deed}']`), "button[type=submit]", fields);
}

/** The same, and it is taken. */
export async function doneBy(staff, deed, fields = {}) {
  await actBy(staff, deed, fields);
  await accepted(staff);
}

async function send(staff, form, button, fields) {
  const folded = form.locator("xpath=ancestor::details[not(@open)]/summary");
  if (await folded.count()) await folded.first().click();
  const deed = (await form.getAttribute("action")).split("/").pop();
  for (const [short, value] of Object.entries(fields)) {
    const name = `${deed}-${short}`;
    const field = form.locator(`[name="${name}"]`).first();
    const tag = await field.evaluate((element) => `${element.tagName} ${element.type}`);
    if (tag.startsWith("SELECT")) await field.selectOption(value);
    else if (/checkbox|radio/.test(tag)) await form.locator(`[name="${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
  await press(staff, form.locator(button).first());
}

/** Completes the item's steps one after the other, as far as the decision. */
export async function review(house, staff, number) {
  await openCase(house, staff, number);
  for (let step = 0; step < 10; step += 1) {
    const button = staff.locator("main form[action$='/complete'] button.btn-primary");
    if ((await button.count()) === 0) return step;
    await staff.fill("[name=complete-opinion]", "经审查，符合规定的条件和标准，拟同意。");
    await press(staff, button);
    await accepted(staff);
  }
  throw new Error("the steps do not end");
}

/** Waits until a page that is made by a job says something. */
export async function until(page, path, words, seconds = 120) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    await page.goto(path);
    const text = await mainText(page);
    if (text.includes(words)) return text;
    if (Date.now() > deadline) throw new Error(`“${words}” does not appear at ${path}: ${text.slice(0, 400)}`);
    await page.waitForTimeout(300);
  }
}
