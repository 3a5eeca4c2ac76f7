// The story of the house in a real browser: a citizen applies on a phone, staff accept and decide, anyone verifies the
// certificate, the citizen rates. Every page on the way is checked with axe and must not scroll sideways.
import { mkdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { accessibilityProblems, openBrowser, openHouse } from "./house.mjs";
import { apply } from "./apply.mjs";
import { citizenNumber, introduce, signInCitizen, signInStaff } from "./people.mjs";

const PASSWORD = "Ziyang-2026";
const person = { name: "张秀英", number: citizenNumber(12), phone: "13891500001" };
const pictures = process.env.WUCHUANG_PICTURES;
let passed = 0;
const failures = [];

async function test(name, deed) {
  try {
    await deed();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL ${name}\n     ${String(error.message ?? error).replaceAll("\n", "\n     ")}`);
  }
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** The page is what it should be: readable by everyone, inside the screen. */
async function inspect(page, name) {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
  const problems = await accessibilityProblems(page);
  assert(problems.length === 0, `${name} (${page.url()}):\n${problems.join("\n")}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert(overflow <= 1, `${name} scrolls sideways by ${overflow} px`);
}

async function get(page, house, path) {
  const answer = await page.goto(house.origin + path);
  assert(answer.status() === 200, `${path} answered ${answer.status()}`);
}

const house = await openHouse();
const browser = await openBrowser();
const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "zh-CN", bypassCSP: true });
const desk = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: "zh-CN", bypassCSP: true });
const plain = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "zh-CN", javaScriptEnabled: false });
let guide = "";
let receipt = {};

try {
  const citizen = await phone.newPage();
  const clerk = await desk.newPage();

  await test("public pages are accessible on a phone", async () => {
    for (const [name, path] of [["home", "/"], ["guides", "/guides?q=sydj"], ["progress", "/progress"], ["verify", "/verify"], ["login", "/login"], ["help", "/help"]]) {
      await get(citizen, house, path);
      await inspect(citizen, `phone-${name}`);
    }
  });

  await test("public pages are accessible at a desk, in English and in elder mode", async () => {
    const page = await desk.newPage();
    for (const [name, path] of [["home", "/"], ["home-en", "/?lang=en"], ["guides", "/guides"], ["staff-login", "/staff/login"]]) {
      await get(page, house, path);
      await inspect(page, `desk-${name}`);
    }
    await get(page, house, "/display?elder=on&back=/");
    await inspect(page, "desk-elder");
    await get(page, house, "/display?elder=off&back=/");
    await page.close();
  });

  await test("sydj finds 失业登记 and its guide", async () => {
    await get(citizen, house, "/guides?q=sydj");
    const link = await citizen.getByRole("link", { name: "失业登记", exact: true }).first();
    guide = new URL(await link.getAttribute("href"), house.origin).pathname;
    await link.click();
    await citizen.waitForURL((url) => url.pathname === guide);
    assert((await citizen.textContent("h1")).includes("失业登记"), "the guide has another title");
    await inspect(citizen, "phone-guide");
  });

  await test("a citizen applies on the phone and gets a number", async () => {
    await signInCitizen(citizen, house.origin, person.phone);
    await introduce(citizen, house.origin, person);
    await get(citizen, house, guide);
    await Promise.all([citizen.waitForNavigation(), citizen.getByRole("link", { name: "开始申请" }).first().click()]);
    receipt = await apply(citizen, person);
    assert(/^610924[A-Z0-9]{4,}\d{14}$/.test(receipt.number), `not a number: ${receipt.number}`);
    await inspect(citizen, "phone-receipt");
  });

  await test("the progress needs number and check code, without JavaScript too", async () => {
    const page = await plain.newPage();
    await get(page, house, "/progress");
    await page.fill("[name=number]", receipt.number);
    await page.fill("[name=code]", receipt.code);
    await page.click("main button.btn-primary");
    const text = await page.textContent("main");
    assert(text.includes("失业登记"), "the matter is not shown");
    assert(!text.includes(person.number) && !text.includes(person.phone), "personal data are shown");
    await page.close();
  });

  await test("a clerk accepts and grants with the keyboard", async () => {
    await signInStaff(clerk, house.origin, "clerk", PASSWORD);
    await get(clerk, house, "/staff/cases");
    await inspect(clerk, "desk-worklist");
    await clerk.keyboard.press("/");
    await clerk.keyboard.type(receipt.number);
    await Promise.all([clerk.waitForNavigation(), clerk.keyboard.press("Enter")]);
    assert((await clerk.textContent("h1")).includes("失业登记"), "the search did not lead to the case");
    await inspect(clerk, "desk-case");
    await clerk.fill("[name=opinion]", "材料齐全，符合法定形式，同意。");
    await Promise.all([clerk.waitForNavigation(), clerk.click("button:has-text('受理并当场办结')")]);
    const problem = await clerk.$(".error-summary");
    assert(!problem, `refused: ${await problem?.textContent()}`);
    assert((await clerk.textContent("main")).includes("准予"), "the case is not decided");
  });

  await test("the citizen sees the outcome and its documents", async () => {
    await get(citizen, house, "/my");
    await inspect(citizen, "phone-my");
    await Promise.all([citizen.waitForNavigation(), citizen.getByRole("link", { name: "失业登记" }).first().click()]);
    await inspect(citizen, "phone-my-case");
    const text = await citizen.textContent("main");
    assert(text.includes("准予"), "the decision is not shown");
  });

  await test("an anonymous visitor is sent to sign in, a citizen is refused", async () => {
    const page = await plain.newPage();
    await page.goto(`${house.origin}/staff/cases`);
    assert(new URL(page.url()).pathname === "/staff/login", `landed on ${page.url()}`);
    await page.close();
    const answer = await citizen.goto(`${house.origin}/staff/cases`);
    assert(answer.status() === 403, `a citizen got ${answer.status()}`);
  });

  await test("the ledger verifies", async () => {
    execFileSync(process.env.WUCHUANG_PROGRAM, ["verify", "--demo", house.folder], { stdio: "pipe" });
  });
} finally {
  await browser.close();
  await house.close();
}

if (failures.length > 0) console.log(house.said().slice(-3000));
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
