// Every page of the table of routes is looked at once with the eyes of somebody who may open it: for its accessibility, its
// width on a desk and on a phone, for parts that are missing, and with the keyboard alone. The addresses are those of things that are really there,
// found by following links; a page that nobody comes to is named.
import { createHmac } from "node:crypto";
import { DESK, accepted, assert, get, inspect, mainText, press, test } from "./check.mjs";
import { tellAlone } from "./alone.mjs";
import { apply } from "./apply.mjs";
import { crawl } from "./crawl.mjs";
import { notByTab } from "./keyboard.mjs";
import { ITEM, OFFICE, act, applyFor, newCitizen, newStaff, openCase, until } from "./life.mjs";
import { PASSWORD, citizenNumber, introduce, photograph, signInCitizen, signInStaff } from "./people.mjs";
import { answerRest } from "./reception.mjs";
import { pages as pagesOfTable } from "./routes.mjs";
import { watchOne } from "./supervision.mjs";

const LICENSED_ITEM = "个体工商户设立登记";
const LICENCE = "营业执照";
const INSTANT_ITEM = "失业登记";
/** Who decides the licensed item. */
const LICENSED_OFFICE = "scjg-approve";
const PHONE_WIDTH = 390;

/** How many visitors look around at the same time. */
const AT_ONCE = 3;

/** Pages to which no link leads: they are for programmers, and looked at all the same. */
const WITHOUT_LINK = ["/api/docs"];

export async function tell(scene) {
  const { house, browser } = scene;
  const pages = pagesOfTable();
  const visitors = [];

  /** Somebody with a browser of their own; `role` is the table's word, `seeds` where they begin. */
  async function visitor(name, role, enter, seeds) {
    const context = await browser.newContext(DESK);
    const page = await context.newPage();
    await enter(page);
    const made = { name, role, context, page, seeds };
    visitors.push(made);
    return made;
  }
  const staff = (account, role, seeds = ["/staff"]) => visitor(account, role, (page) => signInStaff(page, house.origin, account, PASSWORD), seeds);
  const person = { name: "欧阳春梅", number: citizenNumber(901), phone: "13891509001" };
  let anyone;
  let citizen;
  let clerk;
  let officer;
  let supervisor;

  await test("every page: people come", async () => {
    anyone = await visitor("anyone", "", async () => {}, ["/", "/staff/login", ...WITHOUT_LINK]);
    citizen = await visitor("citizen", "citizen", (page) => signInCitizen(page, house.origin, person.phone), ["/my"]);
    await introduce(citizen.page, house.origin, person);
    clerk = await staff("clerk", "counter_clerk");
    officer = await staff(OFFICE.clerk, "counter_clerk");
    await staff(OFFICE.approver, "approver");
    await staff(LICENSED_OFFICE, "approver");
    await staff(OFFICE.reviewer, "reviewer");
    supervisor = await staff("supervisor", "supervisor");
    await staff("catalogue", "catalogue_manager");
    await staff("system", "system_administrator");
    const security = await staff("security", "security_administrator");
    // Whose data is to be deleted or held is typed, never linked.
    await get(security.page, house, "/staff/privacy");
    await security.page.fill("main [name=number]", person.number);
    await press(security.page, "main form button.btn-primary");
    security.seeds.push(new URL(security.page.url()).pathname);
    await staff("audit", "audit_administrator");
  });

  const applications = () => test("every page: an application is begun, one waits for its applicant", async () => {
    const { page } = citizen;
    const receipt = await applyFor(house, { page, person });
    citizen.seeds.push(receipt.path);
    // Few items carry rules that anyone may ask; begin where one does.
    await get(page, house, `/guides?q=${encodeURIComponent("老年人优待证申领")}`);
    await press(page, page.getByRole("link", { name: "老年人优待证申领", exact: true }));
    citizen.seeds.push(`${new URL(page.url()).pathname}/check`);
    // An application for several items at once, which has pages of its own.
    await get(page, house, "/bundles");
    await press(page, page.locator(".tree-list").getByRole("link", { name: "参保就医" }));
    await page.check("[value=resident]");
    await press(page, "form.situation button[type=submit]");
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await apply(page, person);
    // And one of which several departments look at the place together.
    await get(page, house, "/bundles");
    await press(page, page.locator(".tree-list").getByRole("link", { name: "我要开餐饮店" }));
    await page.check("[value=not_yet]");
    await page.check("[value=gathering]");
    await press(page, "form.situation button[type=submit]");
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await apply(page, person, { everything: true });
    await openCase(house, officer.page, receipt.number);
    // The list shows many cases, of which few wait for their applicant: begin where the one is that does.
    officer.seeds.push(new URL(officer.page.url()).pathname);
    await press(officer.page, officer.page.getByRole("link", { name: "一次性告知补正" }));
    await officer.page.locator("input[name^='material:']").first().fill("缺少签名，请签名后重新拍照上传。");
    await press(officer.page, "button:has-text('发出一次性告知')");
    await accepted(officer.page);
    await get(page, house, `/guides?q=${encodeURIComponent(ITEM)}`);
    await press(page, page.getByRole("link", { name: ITEM, exact: true }));
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await press(page, "main form:not(.inline-form) button[type=submit]");
    const draft = new URL(page.url()).pathname.split("/").slice(0, 4).join("/");
    await get(page, house, `${draft}/materials`);
    await press(page, "main ul.rows a[href*='/materials/']");
    await page.setInputFiles("[name=files]", { name: "照片.png", mimeType: "image/png", buffer: photograph });
    await press(page, "form[enctype] button[type=submit]");
    await accepted(page);
    // The steps of an application follow one another through its forms.
    citizen.seeds.push(...["", "/agent", "/materials", "/delivery", "/check"].map((step) => draft + step));
  });

  const licence = () => test("every page: a licence is issued and the service rated", async () => {
    const { page } = citizen;
    const receipt = await applyFor(house, { page, person }, { item: LICENSED_ITEM, delivery: "electronic" });
    const colleague = await newStaff(scene, "clerk2");
    await openCase(house, colleague, receipt.number);
    await act(colleague, "受理并当场办结", { opinion: "材料齐全，符合法定形式，同意。" });
    await accepted(colleague);
    await colleague.context().close();
    await until(page, `${house.origin}/my/licences`, LICENCE);
    await until(page, `${house.origin}/my/ratings`, "去评价");
    await press(page, page.getByRole("button", { name: `去评价 ${LICENSED_ITEM}` }));
    citizen.seeds.push(new URL(page.url()).pathname);
    await press(page, "main a[href*='grade=1']");
    await press(page, "button:has-text('提交评价')");
    await accepted(page);
    await until(supervisor.page, `${house.origin}/staff/ratings`, "打开");
    // One more stays at the counter, unread.
    const unread = await applyFor(house, { page, person }, { item: INSTANT_ITEM });
    clerk.seeds.push(`/staff/cases/${unread.case}`);
    // What towns do to the end asks where.
    await get(page, house, `/guides?q=${encodeURIComponent(INSTANT_ITEM)}`);
    await press(page, page.getByRole("link", { name: INSTANT_ITEM, exact: true }));
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await press(page, "main form:not(.inline-form) button[type=submit]");
    citizen.seeds.push(`${new URL(page.url()).pathname.split("/").slice(0, 4).join("/")}/place`);
  });

  const reception = () => test("every page: somebody is received at the counter and their result waits", async () => {
    const { page } = clerk;
    await get(page, house, "/staff/counter");
    await page.fill("main [name=q]", citizenNumber(902));
    await press(page, "main button.btn-primary");
    if (await page.$("main [name=name]")) {
      await page.fill("main [name=name]", "曾庆红梅");
      await press(page, "main button.btn-primary");
    }
    await page.fill("main [name=q]", INSTANT_ITEM);
    await press(page, "main button.btn-primary");
    if (await page.$(".candidates")) await press(page, page.getByRole("link", { name: INSTANT_ITEM }));
    clerk.seeds.push(new URL(page.url()).pathname);
    for (const box of await page.$$("[data-cycle] input[value=complete]")) await box.check();
    await answerRest(page);
    await press(page, "button[value=accept]");
    await accepted(page);
    clerk.seeds.push(new URL(page.url()).pathname);
    const number = (await page.textContent(".matter-number")).replace(/\s/g, "");
    for (let turn = 0; turn < 240; turn += 1) {
      await get(page, house, "/staff/counter/delivery");
      if (await page.locator("main tbody a").evaluateAll((all, wanted) => all.some((one) => one.textContent.replace(/\s/g, "") === wanted), number)) return;
      await page.waitForTimeout(250);
    }
    throw new Error(`${number} does not wait at the delivery desk`);
  });

  const halfway = () => test("every page: two people stand half-way through signing in", async () => {
    const system = visitors.find(({ name }) => name === "system").page;
    await get(system, house, "/staff/people?q=town02");
    await press(system, "main tbody a");
    await press(system, "main form[action$='/password'] button[type=submit]");
    const once = (await system.textContent(".matter-number")).trim();
    await visitor("town02", "", (page) => signIn(page, house, "town02", once, "/staff/login/password"), ["/staff/login/password"]);
    await visitor("town01", "", async (page) => {
      await signInStaff(page, house.origin, "town01", PASSWORD);
      await get(page, house, "/staff/factor");
      await page.fill("main [name=code]", oneTimeCode(await page.textContent("main figure code")));
      await press(page, "main form button.btn-primary");
      await accepted(page);
      await inspect(page, "every-factor-on");
      await press(page, "form[action='/logout'] button");
      await signIn(page, house, "town01", PASSWORD, "/staff/login/factor");
    }, ["/staff/login/factor"]);
  });

  const watched = () => test("every page: a granted case is supervised, and a record stands", async () => {
    await watchOne(scene, await newCitizen(scene, "赵货运"));
  });

  await Promise.all([applications().then(licence), reception().then(halfway).then(watched)]);

  const reached = new Map();
  await test("every page: links lead to all of them", async () => {
    const found = await Promise.all(visitors.map(({ context, seeds }) => crawl({ context, origin: house.origin, pages, seeds })));
    for (const { route, roles } of pages) {
      const place = visitors.findIndex(({ role }, index) => found[index].has(route) && (roles.length === 0 || roles.includes(role)));
      if (place >= 0) reached.set(route, { visitor: visitors[place], address: found[place].get(route) });
    }
    const missing = pages.map(({ route }) => route).filter((route) => !reached.has(route));
    assert(missing.length === 0, `nobody comes to ${missing.join(", ")}`);
    console.log(`     ${reached.size} pages`);
  });

  const waiting = visitors
    .map((visitor) => ({ visitor, own: [...reached].filter(([, at]) => at.visitor === visitor) }))
    .filter(({ own }) => own.length > 0);
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { visitor, own } = next;
      await test(`every page: ${own.length} as ${visitor.name}`, async () => {
        const problems = [];
        for (const [route, { address }] of own) {
          await look(visitor.page, house, route, address).catch((error) => problems.push(String(error.message ?? error)));
        }
        assert(problems.length === 0, problems.join("\n"));
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  for (const { context } of visitors) await context.close();
}

/** One page: well made, inside the screen of a desk and of a phone, and nothing of it missing or broken. */
async function look(page, house, route, address) {
  const broken = [];
  const onError = (error) => broken.push(`a script fails: ${error.message}`);
  const onAnswer = (answer) => {
    if (answer.status() >= 400 && answer.url().startsWith(house.origin)) broken.push(`${answer.url().slice(house.origin.length)} answers ${answer.status()}`);
  };
  page.on("pageerror", onError);
  page.on("response", onAnswer);
  const name = `every${route.replace(/[/{}]+/g, "-").replace(/-$/, "")}`;
  try {
    await get(page, house, address);
    await inspect(page, name);
    const headings = await page.locator("h1").count();
    assert(headings === 1, `${name} (${address}) has ${headings} headings of the first rank`);
    const unreached = await notByTab(page);
    assert(unreached.length === 0, `${name} (${address}):\n${unreached.join("\n")}`);
    await page.setViewportSize({ width: PHONE_WIDTH, height: 844 });
    await inspect(page, `${name}-${PHONE_WIDTH}`);
    const beyond = await page.$$eval("main :is(input, textarea, select)", (fields) => fields
      .filter((field) => field.checkVisibility() && field.getBoundingClientRect().width > 0)
      .filter((field) => field.getBoundingClientRect().right > window.innerWidth + 1)
      .map((field) => field.name));
    assert(beyond.length === 0, `${name}-${PHONE_WIDTH} (${address}): ${beyond.join(", ")} lie beyond the edge of the screen`);
    assert(broken.length === 0, `${name} (${address}): ${broken.join("; ")}`);
  } finally {
    page.off("pageerror", onError);
    page.off("response", onAnswer);
    await page.setViewportSize(DESK.viewport);
  }
}

/** Name and password, as far as the page that asks for more. */
async function signIn(page, house, account, password, next) {
  await get(page, house, "/staff/login");
  await page.fill("[name=account]", account);
  await page.fill("[name=password]", password);
  await press(page, "main button.btn-primary");
  assert(new URL(page.url()).pathname === next, `landed on ${page.url()}: ${(await mainText(page)).slice(0, 200)}`);
}

/** What an authenticator shows for a secret just now (RFC 6238). */
function oneTimeCode(secret) {
  const bits = [...secret.replace(/[\s=]/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const turn = Buffer.alloc(8);
  turn.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(turn).digest();
  const value = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(value % 1_000_000).padStart(6, "0");
}

await tellAlone(import.meta.url, tell);
