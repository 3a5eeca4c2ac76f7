// The counter: a clerk receives, corrects, refuses and hands over with the keyboard alone. Every key besides text is
// counted; every state is looked at in three widths and in the dark.
import { DESK, PHONE, accepted, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { tellAlone } from "./alone.mjs";
import { Strokes } from "./strokes.mjs";
import { answerRest } from "./reception.mjs";
import { PASSWORD, citizenNumber, signInStaff } from "./people.mjs";

/** How many keys a whole reception may cost besides text. */
const STROKES_MAX = 25;
const COUNTER = "/staff/counter";

const woman = { name: "周桂兰", number: citizenNumber(701), phone: "13891507001" };
const man = { name: "吴建国", number: citizenNumber(702), phone: "13891507002" };
const LONG_NAME = "阿卜杜热合曼·".repeat(6).slice(0, 40);

export async function tell({ house, browser }) {
  const desk = await browser.newContext(DESK);
  const other = await browser.newContext(DESK);
  const page = await desk.newPage();
  const clerk = new Strokes(page);
  const printed = [];
  await desk.exposeBinding("paperPrinted", ({ frame }) => printed.push(frame.url()));
  await desk.addInitScript(() => { window.print = () => window.paperPrinted(); });

  await signInStaff(page, house.origin, "clerk", PASSWORD);
  const second = await other.newPage();
  await signInStaff(second, house.origin, "clerk2", PASSWORD);

  /** The page in every width; where it is an address and no answer to a form, in the dark too. */
  async function look(name, { isAddress = true } = {}) {
    await inspect(page, `counter-${name}`);
    await inspectWidths(page, `counter-${name}`);
    if (!isAddress) return;
    for (const [theme, ending] of [["on", "-dark"], ["off", ""]]) {
      await desk.addCookies([{ name: "theme", value: theme, url: house.origin }]);
      await page.reload();
      if (ending) await inspect(page, `counter-${name}${ending}`);
    }
  }

  /** Number, Enter; somebody new gives name and phone. */
  async function meet(person, isNew) {
    await clerk.type(person.number);
    await clerk.go("Enter");
    if (!isNew) return;
    assert((await clerk.at()) === "name", "the cursor is not in the name");
    await clerk.type(person.name);
    await clerk.press("Tab");
    await clerk.type(person.phone);
    await clerk.go("Enter");
  }

  /** Initials, Enter, and the digit of the item where several are offered. */
  async function choose(initials, item) {
    await clerk.type(initials);
    await clerk.go("Enter");
    const offered = await page.$$eval(".candidates a", (links) => links.map((link) => ({ key: link.dataset.key, name: link.textContent })));
    const wanted = offered.find(({ name }) => name.endsWith(item));
    if (offered.length > 0) {
      assert(wanted, `${item} is not offered: ${JSON.stringify(offered)}`);
      await clerk.go(wanted.key);
    }
    assert((await page.textContent("h1")).includes(item), `the reception is of ${await page.textContent("h1")}`);
  }

  /** The questions of 社会保障卡申领 that stay open for somebody who was here before. */
  async function answerCard() {
    await clerk.press("t");
    assert((await clerk.at()) === "reason", `t leads to ${await clerk.at()}`);
    await clerk.press("Space");
    await clerk.tabTo("bank");
    await clerk.type("中国农业银行");
    await clerk.press("Tab", "Space");
    await clerk.press("Tab", "Space");
    await clerk.press("Escape");
  }

  await test("the one field says what is wrong and keeps the cursor", async () => {
    await get(page, house, COUNTER);
    await look("desk");
    const wrong = woman.number.slice(0, 17) + (woman.number.endsWith("1") ? "2" : "1");
    await clerk.type(wrong);
    await clerk.go("Enter");
    assert((await mainText(page)).includes("校验"), await mainText(page));
    assert((await clerk.at()) === "q", "the cursor has left the field");
    assert((await page.evaluate(() => getSelection().toString())) === wrong, "what was typed is not selected");
    await look("desk-wrong", { isAddress: false });
    assert(!page.url().includes(wrong), "a number is in the address");
  });

  await test("somebody new is received for a standard item with the keyboard alone", async () => {
    await get(page, house, COUNTER);
    clerk.count();
    await clerk.type(woman.number);
    await clerk.go("Enter");
    await look("new-person", { isAddress: false });
    await clerk.type(woman.name);
    await clerk.press("Tab");
    await clerk.type(woman.phone);
    await clerk.go("Enter");
    await choose("shbzk", "社会保障卡申领");
    await look("reception");
    await clerk.press("1", "2", "3");
    const marks = await page.$$eval("[data-cycle] input:checked", (boxes) => boxes.map((box) => box.value));
    assert(marks.join() === "complete,complete,complete", `the marks are ${marks}`);
    assert((await page.textContent("#said")).includes("齐全"), "the new mark is not said aloud");
    await clerk.press("t");
    assert((await clerk.at()) === "address_village", `t leads to ${await clerk.at()}`);
    await clerk.press("ArrowDown");
    await clerk.tabTo("reason");
    await clerk.press("Space");
    await clerk.tabTo("bank");
    await clerk.type("中国农业银行");
    await clerk.press("Tab", "Space", "Tab", "Space");
    await look("reception-filled", { isAddress: false });
    await clerk.go("s");
    await accepted(page);
    assert((await page.textContent("h1")).includes("已受理"), await mainText(page));
    await look("accepted");
    await prints(() => clerk.press("p"));
    await clerk.go("n");
    assert((await clerk.at()) === "q", "the next person is not waited for");
    const strokes = clerk.count();
    console.log(`     ${strokes.length} keys besides text: ${strokes.join(" ")}`);
    assert(strokes.length <= STROKES_MAX, `${strokes.length} keys: ${strokes.join(" ")}`);
  });

  /** A key prints: the paper is a PDF and was given to the printer. */
  async function prints(deed) {
    const before = printed.length;
    await deed();
    await page.waitForFunction(() => document.querySelector("iframe.slip") !== null);
    for (let turn = 0; turn < 600 && printed.length === before; turn += 1) await page.waitForTimeout(100);
    assert(printed.length === before + 1, "nothing was printed");
    return printed.at(-1);
  }

  await test("somebody known is received with fewer keys, and sees what was taken over", async () => {
    clerk.count();
    await meet(woman, false);
    await look("known-person");
    await choose("shbzk", "社会保障卡申领");
    assert(/取自.*办理的/.test(await mainText(page)), "it is not said where the answers come from");
    await clerk.press("1", "2", "3", "3");
    await answerCard();
    await clerk.go("s");
    assert((await mainText(page)).includes("要请申请人作出容缺承诺"), "nothing asks for the undertaking");
    await look("undertaking-asked", { isAddress: false });
    await clerk.press("c");
    await clerk.go("s");
    await accepted(page);
    assert((await mainText(page)).includes("容缺"), "the owed paper is not named");
    await look("accepted-conditionally");
    await prints(() => clerk.press("p"));
    await clerk.go("n");
    const strokes = clerk.count();
    console.log(`     ${strokes.length} keys besides text: ${strokes.join(" ")}`);
    assert(strokes.length <= STROKES_MAX, `${strokes.length} keys: ${strokes.join(" ")}`);
  });

  await test("one notice tells every defect", async () => {
    await meet(man, true);
    await choose("shbzk", "社会保障卡申领");
    await clerk.press("1");
    await clerk.go("g");
    await accepted(page);
    const text = await mainText(page);
    assert(text.includes("已一次性告知补正"), text);
    await look("correction");
    await prints(() => clerk.press("p"));
    await clerk.go("n");
  });

  await test("acceptance with a paper missing is refused at the paper", async () => {
    await meet(man, false);
    await choose("shbzk", "社会保障卡申领");
    await clerk.go("s");
    assert((await page.title()).startsWith("错误："), `the title is ${await page.title()}`);
    await look("reception-refused", { isAddress: false });
    const marks = await page.$$eval("[data-cycle] input:checked", (boxes) => boxes.map((box) => box.value));
    assert(marks.every((mark) => mark === "missing"), `the marks are ${marks}`);
  });

  await test("not accepted, with ground and reason", async () => {
    await get(page, house, COUNTER);
    await meet(man, false);
    await choose("sydj", "失业登记");
    await clerk.press("b");
    assert((await clerk.at()) === "refusal-ground", `b leads to ${await clerk.at()}`);
    await clerk.press("Tab", "Tab");
    await clerk.type("申请人不在法定劳动年龄内，不符合失业登记的条件。");
    assert(!(await page.textContent("label[for=field-refusal-reason]")).includes("选填"), "whoever is refused is owed a reason");
    await look("refusing", { isAddress: false });
    await clerk.press("Escape");
    await clerk.go("u");
    await accepted(page);
    assert((await page.textContent("h1")).includes("不予受理"), await mainText(page));
    await look("not-accepted");
    await clerk.go("n");
  });

  let delivered = "";
  await test("somebody with forty characters of name and an agent; double Enter files once", async () => {
    await meet({ name: LONG_NAME, number: citizenNumber(703), phone: "13891507003" }, true);
    await look("long-name");
    await choose("sydj", "失业登记");
    await clerk.press("1", "2", "d");
    assert((await clerk.at()) === "has-agent", `d leads to ${await clerk.at()}`);
    await clerk.press("Space", "Tab");
    await clerk.type(LONG_NAME);
    await clerk.press("Tab");
    await clerk.type(citizenNumber(704));
    await clerk.press("Tab");
    await clerk.type("13891507004");
    await clerk.press("Escape", "t");
    await answerRest(page);
    await look("agent", { isAddress: false });
    await page.evaluate(() => document.activeElement.blur());
    await Promise.all([page.waitForURL(/\/done\//), clerk.press("s", "s")]);
    await accepted(page);
    delivered = (await page.textContent(".matter-number")).replace(/\s/g, "");
    await look("granted");
    // One case and no second one: the applicant's list at the counter says so.
    await get(second, house, COUNTER);
    await second.fill("main [name=q]", citizenNumber(703));
    await press(second, "main button.btn-primary");
    assert((await second.$$("main tbody tr")).length === 1, "the second press filed a second case");
  });

  await test("back after sending shows a new form, and its key files nothing by itself", async () => {
    await page.goBack();
    await page.waitForLoadState("load");
    assert(page.url().includes("/receive/"), `back leads to ${page.url()}`);
    await page.evaluate(() => document.activeElement.blur());
    await clerk.go("s");
    assert(page.url().includes("/receive/"), "the same matter was filed again with one key");
    assert(await page.$(".error-summary"), "nothing says that the form is a new one");
  });

  await test("the case number leads to the case from the same field", async () => {
    await get(page, house, COUNTER);
    await clerk.type(delivered.slice(-6));
    await clerk.go("Enter");
    assert(/\/(delivery|cases)\//.test(page.url()), `landed on ${page.url()}`);
  });

  await test("the result waits at the delivery desk and somebody authorised fetches it", async () => {
    await get(page, house, `${COUNTER}/delivery`);
    await waitForResult(page, delivered);
    await look("delivery-list");
    clerk.count();
    await page.focus("[name=number]");
    await clerk.type(delivered);
    await clerk.go("Enter");
    await look("delivery");
    const paper = await prints(() => clerk.press("p"));
    assert(paper.endsWith("pickup.pdf"), `printed ${paper}`);
    await clerk.press("d");
    await clerk.go("s");
    assert((await mainText(page)).includes("代领人："), "the agent's number is not asked for");
    await look("delivery-refused", { isAddress: false });
    await clerk.press("r");
    await clerk.type("李晓燕");
    await clerk.tabTo("receiver_number");
    await clerk.type(citizenNumber(705));
    await clerk.press("Escape");
    await clerk.go("s");
    await accepted(page);
    assert((await page.textContent("h1")).includes("已办结"), await mainText(page));
    await look("delivered");
    // The proof of delivery names the agent, their number and what authorised them.
    assert((await page.textContent(".candidates a[data-key='1']")).includes("送达回证"), await mainText(page));
    await prints(() => clerk.press("1"));
    // The last slip carries the code that rates the service.
    const slip = await prints(() => clerk.press("p"));
    assert(slip.endsWith("closing.pdf"), `printed ${slip}`);
  });

  await test("two clerks with one person file two cases, each with its own number", async () => {
    const person = { name: "郑玉梅", number: citizenNumber(706), phone: "13891507006" };
    await get(page, house, COUNTER);
    await meet(person, true);
    const colleague = new Strokes(second);
    await get(second, house, COUNTER);
    await colleague.type(person.number);
    await colleague.go("Enter");
    assert((await mainText(second)).includes(person.name), "the second clerk does not know her");
    const numbers = [];
    for (const screen of [page, second]) {
      const keys = screen === page ? clerk : colleague;
      await keys.type("失业登记");
      await keys.go("Enter");
      if (await screen.$(".candidates")) await keys.go("1");
      await keys.press("1", "2");
      await answerRest(screen);
    }
    await Promise.all([page, second].map(async (screen) => {
      await screen.evaluate(() => document.activeElement.blur());
      await Promise.all([screen.waitForURL(/\/done\//), screen.keyboard.press("s")]);
      numbers.push((await screen.textContent(".matter-number")).replace(/\s/g, ""));
    }));
    assert(new Set(numbers).size === 2, `the numbers are ${numbers}`);
  });

  await test("the counter works without script", async () => {
    const plain = await browser.newContext({ ...PHONE, javaScriptEnabled: false, storageState: await desk.storageState() });
    const simple = await plain.newPage();
    await get(simple, house, COUNTER);
    await simple.fill("main [name=q]", man.number);
    await Promise.all([simple.waitForNavigation(), simple.press("main [name=q]", "Enter")]);
    await simple.fill("main [name=q]", "失业登记");
    await Promise.all([simple.waitForNavigation(), simple.press("main [name=q]", "Enter")]);
    if (await simple.$(".candidates")) await Promise.all([simple.waitForNavigation(), simple.click(".candidates a")]);
    for (const box of await simple.$$("[data-cycle] input[value=complete]")) await box.check();
    await answerRest(simple);
    await Promise.all([simple.waitForNavigation(), simple.click("button[value=accept]")]);
    assert(simple.url().includes("/done/"), await mainText(simple));
    await plain.close();
  });

  for (const context of [desk, other]) await context.close();
}

/** The certificate is made by a job: its result appears on the list a moment later. */
async function waitForResult(page, number) {
  for (let turn = 0; turn < 300; turn += 1) {
    await page.reload();
    if ((await page.textContent("main")).replace(/\s/g, "").includes(number)) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`${number} does not wait at the delivery desk`);
}

await tellAlone(import.meta.url, tell);
