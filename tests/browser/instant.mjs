// The shortest way: a citizen applies on a phone for an item that is decided in one sitting, a clerk accepts and grants
// with the keyboard, the citizen sees the outcome. Every page on the way is checked with axe and must not scroll sideways.
import { DESK, PHONE, PLAIN, assert, get, inspect, press, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { PASSWORD, citizenNumber, introduce, signInCitizen, signInStaff } from "./people.mjs";

const person = { name: "张秀英", number: citizenNumber(12), phone: "13891500001" };

export async function tell({ house, browser }) {
  const phone = await browser.newContext(PHONE);
  const desk = await browser.newContext(DESK);
  const plain = await browser.newContext(PLAIN);
  const citizen = await phone.newPage();
  const clerk = await desk.newPage();
  let guide = "";
  let receipt = {};

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
    const link = citizen.getByRole("link", { name: "失业登记", exact: true }).first();
    guide = new URL(await link.getAttribute("href"), house.origin).pathname;
    await press(citizen, link);
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
    await press(page, "main button.btn-primary");
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
    await clerk.fill("[name=accept-and-grant-opinion]", "材料齐全，符合法定形式，同意。");
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

  for (const context of [phone, desk, plain]) await context.close();
}
