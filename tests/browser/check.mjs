// What every story uses: tests that go on after a failure, the look at a page, and pictures of it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { accessibilityProblems } from "./house.mjs";

const pictures = process.env.WUCHUANG_PICTURES;
const failures = [];
let passed = 0;

/** No test takes this long, so one that does waits for what will never come. */
const TEST_MILLISECONDS_MAX = 600_000;

/** Runs one test and tells how it went; a failure does not keep the next one from running. */
export async function test(name, deed) {
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it waits for what never comes")), TEST_MILLISECONDS_MAX);
  });
  try {
    await Promise.race([deed(), tooLong]);
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL ${name}\n     ${String(error.message ?? error).replaceAll("\n", "\n     ")}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells the sum and whether all is well. */
export function conclude() {
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0;
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** The page is what it should be: readable by everyone, inside the screen. */
export async function inspect(page, name) {
  await picture(page, name);
  const problems = await accessibilityProblems(page);
  assert(problems.length === 0, `${name} (${page.url()}):\n${problems.join("\n")}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert(overflow <= 1, `${name} scrolls sideways by ${overflow} px`);
}

/** The same page on a tablet and on a phone, and back as it was. */
export async function inspectWidths(page, name, widths = [768, 390]) {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await inspect(page, `${name}-${width}`);
  }
  await page.setViewportSize(before);
}

/** Opens a page of the house, which must answer as expected. */
export async function get(page, house, path, status = 200) {
  const answer = await page.goto(house.origin + path);
  assert(answer.status() === status, `${path} answered ${answer.status()}`);
}

/** Presses something that leads to another page. */
export async function press(page, what) {
  const target = typeof what === "string" ? page.locator(what).first() : what;
  await Promise.all([page.waitForNavigation(), target.click()]);
}

/** The form was taken: the page that follows complains of nothing. */
export async function accepted(page) {
  const problem = await page.$(".error-summary");
  assert(!problem, `refused at ${page.url()}: ${await problem?.textContent()}`);
}

/** The form was refused with these words. */
export async function refused(page, words) {
  const problem = await page.$(".error-summary");
  const said = (await problem?.textContent()) ?? "";
  assert(said.includes(words), `“${words}” is not said at ${page.url()}, but: ${said || "nothing"}`);
}

/** The text of the page's main part, spaces made one. */
export async function mainText(page) {
  return (await page.textContent("main")).replace(/\s+/g, " ");
}

export const PHONE = { viewport: { width: 390, height: 844 }, locale: "zh-CN", bypassCSP: true };
export const DESK = { viewport: { width: 1440, height: 1000 }, locale: "zh-CN", bypassCSP: true };
export const PLAIN = { viewport: { width: 360, height: 740 }, locale: "zh-CN", javaScriptEnabled: false };
