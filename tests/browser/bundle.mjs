// A life event: a citizen walks the tree with the keyboard, answers the questions, applies once; four departments act on their
// parts at the same time, one sends back for correction, one accepts with a paper that follows; everything is handed over
// at one counter.
import { DESK, PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { tabTo } from "./keyboard.mjs";
import { done, newCitizen, newStaff, openCase, review } from "./life.mjs";
import { photograph } from "./people.mjs";
import { restaurant } from "./restaurant.mjs";

const BUNDLE = "企业经营";
/** The parts with the accounts of the department that decides each. */
const PARTS = [
  ["食品经营许可核发", "scjg"],
  ["公共场所卫生许可", "wjju"],
  ["公众聚集场所投入使用、营业前消防安全检查", "xfdd"],
  ["烟草专卖零售许可证新办", "yczm"],
];
/** What may follow later, of the last part alone. */
const LATER = "经营场所使用证明";
const PAPER = { name: "补的材料.png", mimeType: "image/png", buffer: photograph };

/** The numbers of the parts on the page of the whole, by the item's name. */
async function numbersOf(page) {
  const rows = await page.$$eval("main ol.rows > li", (items) => items.map((item) => [item.querySelector("a, b").textContent.trim(), item.querySelector("[data-verbatim]")?.textContent ?? ""]));
  return new Map(rows.map(([name, number]) => [name, number.replace(/\s/g, "")]));
}

/** Works on a case as far as its decision, by the item's steps or by its drawn process. */
async function workOn(house, staff, number) {
  await review(house, staff, number);
  for (let turn = 0; turn < 10; turn += 1) {
    const form = staff.locator("main section.open-task form[action$='-complete']").first();
    if ((await form.count()) === 0) return;
    const folded = form.locator("xpath=ancestor::details[not(@open)]/summary");
    if (await folded.count()) await folded.first().click();
    const yes = form.locator("input[type=radio][value=true]");
    if (await yes.count()) await yes.check();
    await form.locator("textarea").first().fill("经审查，符合要求。");
    await press(staff, form.locator("button.btn-primary"));
    await accepted(staff);
  }
  throw new Error("the tasks do not end");
}

export async function tell(scene) {
  const { house, browser } = scene;
  let citizen;
  let whole = "";
  let number = "";
  let code = "";
  let numbers = new Map();
  const desks = {};

  /** The page of the whole asks for what was to follow, and leads to where it is handed in. */
  async function supply(page, id) {
    await get(page, house, whole);
    assert((await mainText(page)).includes("请补交容缺材料"), "the whole does not ask for the paper that follows");
    await press(page, page.locator(`main a[href='/my/cases/${id}/supply']`));
    await page.setInputFiles("main input[type=file]", PAPER);
    await press(page, "main form[enctype] button[type=submit]");
    await press(page, "button:has-text('提交补交的材料')");
    await accepted(page);
  }

  await test("bundle: the trees are walked with the keyboard, and read as a list on a phone", async () => {
    const context = await browser.newContext(DESK);
    const page = await context.newPage();
    await get(page, house, "/bundles");
    const text = await mainText(page);
    for (const words of ["人生 9 件事", "企业 3 件事", "我要开洗车行"]) assert(text.includes(words), `“${words}” is not on the page`);
    assert((await page.locator("svg .tree-leaf").count()) === 14, "there are not fourteen leaves");
    assert((await page.locator(".tree-list img[src*='/qr.svg']").count()) === 14, "not every leaf has its code");
    await inspect(page, "desk-trees");
    await inspectWidths(page, "trees");
    const path = await page.getAttribute(`.tree-list a:has-text('${BUNDLE}')`, "href");
    await tabTo(page, `.tree-leaf[href='${path}']`);
    await inspect(page, "desk-tree-focus");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert((await page.textContent("h1")).includes(BUNDLE), "the leaf leads elsewhere");
    await context.close();
  });

  await test("bundle: the guide answers without JavaScript and says what is not online", async () => {
    const context = await browser.newContext(PLAIN);
    const page = await context.newPage();
    await get(page, house, "/bundles");
    await press(page, page.locator(".tree-list").getByRole("link", { name: BUNDLE }));
    assert((await page.locator("a[href^='/apply/']").count()) === 0, "one can apply before the situation is known");
    for (const answer of ["food", "guests", "gathering", "tobacco", "pipes"]) await page.check(`[value=${answer}]`);
    await press(page, "form.situation button[type=submit]");
    const text = await mainText(page);
    for (const [name] of PARTS) assert(text.includes(name), `${name} is not shown`);
    assert(text.includes("本县系统未开通网上办理") && !text.includes("企业严重违法"), "what is not online, or not needed, is told wrongly");
    const papers = (await page.locator("main tbody th").allTextContents()).map((paper) => paper.trim());
    assert(papers.filter((paper) => paper.startsWith("营业执照")).length === 1, `the papers are ${papers.join("、")}`);
    await context.close();
  });

  await test("bundle: one form, one set of papers, one submission", async () => {
    citizen = await newCitizen(scene, "方小雨");
    const { page, person } = citizen;
    await get(page, house, "/");
    await press(page, page.getByRole("link", { name: BUNDLE, exact: true }));
    for (const answer of ["food", "guests", "gathering", "tobacco"]) await page.check(`[value=${answer}]`);
    await press(page, "form.situation button[type=submit]");
    await inspect(page, "phone-bundle-chosen");
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await inspect(page, "phone-bundle-start");
    const asked = [];
    const receipt = await apply(page, person, {
      everything: true,
      without: LATER,
      delivery: "post",
      look: async (looked, turn) => {
        asked.push(...(await looked.$$eval("main .field-label", (labels) => labels.map((label) => label.textContent.trim()))));
        if (turn < 12) await inspect(looked, `phone-bundle-apply-${String(turn).padStart(2, "0")}`);
      },
    });
    assert(asked.filter((label) => label.startsWith("单位名称")).length === 1, `asked: ${asked.join("、")}`);
    ({ number, code } = receipt);
    whole = receipt.path;
    assert(number.includes("0YJS"), `the number is ${number}`);
    numbers = await numbersOf(page);
    for (const [name] of PARTS) assert(numbers.get(name), `${name} has no case: ${[...numbers.keys()].join()}`);
    await inspect(page, "phone-bundle-received");
  });

  await test("bundle: sent again it stays one matter with four cases", async () => {
    const { page } = citizen;
    await page.goBack();
    await get(page, house, "/my");
    const text = await mainText(page);
    assert(text.split(number.slice(-6)).length >= 2 && text.includes("一件事"), "the matter is not among the citizen's own");
    for (const [name] of PARTS) assert(text.split(name).length === 2, `${name} is there more than once`);
    await inspect(page, "phone-my-bundle");
  });

  await test("bundle: each department works at its own desk and sees the whole", async () => {
    for (const [name, office] of PARTS) {
      const desk = { clerk: await newStaff(scene, `${office}-clerk`), approver: await newStaff(scene, `${office}-approve`) };
      desks[name] = desk;
      await openCase(house, desk.clerk, numbers.get(name));
      const link = desk.clerk.getByRole("link", { name: /属于一件事/ });
      assert((await link.count()) === 1, `the case of ${name} does not say what it belongs to`);
    }
    const { clerk } = desks[PARTS[0][0]];
    await press(clerk, clerk.getByRole("link", { name: /属于一件事/ }));
    await inspect(clerk, "desk-joint");
    await inspectWidths(clerk, "joint");
    assert(!(await mainText(clerk)).includes(citizen.person.number), "the whole tells personal data");
    await get(clerk, house, "/staff/joints");
    await inspect(clerk, "desk-joints");
    await inspectWidths(clerk, "joints");
  });

  await test("bundle: one part is sent back, one waits for a paper, two go on", async () => {
    const [food, health, fire, tobacco] = PARTS.map(([name]) => name);
    const correcting = desks[food].clerk;
    await openCase(house, correcting, numbers.get(food));
    await press(correcting, correcting.getByRole("link", { name: "一次性告知补正" }));
    await correcting.locator("input[name^='material:']").first().fill("缺少签名，请签名后重新拍照上传。");
    await press(correcting, "button:has-text('发出一次性告知')");
    await accepted(correcting);
    for (const name of [health, fire, tobacco]) {
      const { clerk, approver } = desks[name];
      await openCase(house, clerk, numbers.get(name));
      if (name === tobacco) {
        const owed = await clerk.locator("[name=accept-owed]").first().getAttribute("value");
        await done(clerk, "受理", { owed, days: "5" });
        assert((await mainText(clerk)).includes("容缺受理通知书"), "nothing says that a paper follows");
        await supply(citizen.page, new URL(clerk.url()).pathname.split("/").pop());
      } else {
        await done(clerk, "受理");
      }
      await workOn(house, approver, numbers.get(name));
      await openCase(house, approver, numbers.get(name));
      await done(approver, "准予", { opinion: "符合条件，准予许可。" });
    }
    const { page } = citizen;
    await get(page, house, whole);
    const text = await mainText(page);
    assert(text.includes("1 项等您处理") && text.includes("请补正材料"), `the citizen is not asked: ${text.slice(0, 400)}`);
    await inspect(page, "phone-bundle-correcting");
    await press(page, page.getByRole("link", { name: /请补正材料/ }));
    await page.setInputFiles("main input[type=file]", PAPER);
    await press(page, "main form[enctype] button[type=submit]");
    await press(page, "button:has-text('提交补正')");
    await accepted(page);
  });

  await test("bundle: anyone with number and code follows it, nobody else", async () => {
    const context = await browser.newContext(PLAIN);
    const page = await context.newPage();
    await get(page, house, "/progress");
    await page.fill("[name=number]", number);
    await page.fill("[name=code]", code);
    await press(page, "main button[type=submit]");
    const text = await mainText(page);
    assert(text.includes(BUNDLE) && text.includes("用时最长的是"), `the progress says ${text.slice(0, 300)}`);
    assert(!text.includes(citizen.person.name), "the progress names the applicant");
    await context.close();
    const other = await newCitizen(scene, "别家人");
    await get(other.page, house, whole, 404);
  });

  await test("bundle: the last part is granted and everything is handed over at once", async () => {
    const [food] = PARTS[0];
    const { clerk, approver } = desks[food];
    await openCase(house, clerk, numbers.get(food));
    await done(clerk, "受理");
    await workOn(house, approver, numbers.get(food));
    await openCase(house, approver, numbers.get(food));
    await done(approver, "准予", { opinion: "符合条件，准予许可。" });
    const { page } = citizen;
    const deadline = Date.now() + 120_000;
    for (;;) {
      await page.goto(house.origin + whole);
      if ((await page.locator("main h2:has-text('可以领取的结果') ~ ul > li").count()) >= PARTS.length) break;
      assert(Date.now() < deadline, `not everything is ready: ${await mainText(page)}`);
      await page.waitForTimeout(300);
    }
    await inspect(page, "phone-bundle-ready");
    const counter = await newStaff(scene, "clerk");
    await get(counter, house, `/staff/joints?number=${number}`);
    assert((await mainText(counter)).includes("一次送达"), `nothing can be handed over: ${await mainText(counter)}`);
    await inspect(counter, "desk-joint-deliver");
    await inspectWidths(counter, "joint-deliver");
    await press(counter, "button:has-text('一次送达')");
    assert((await counter.textContent(".error-summary")).includes("领取人"), "nobody is named and nothing is refused");
    await press(counter, "button:has-text('登记寄出')");
    assert((await counter.textContent(".error-summary")).includes("运单号"), "a parcel goes without a number");
    await counter.fill("[name=carrier]", "中国邮政");
    await counter.fill("[name=tracking]", "EA123456789CN");
    await press(counter, "button:has-text('登记寄出')");
    await accepted(counter);
    assert((await mainText(counter)).includes("已一次送达 4 项结果"), await mainText(counter));
    await get(page, house, whole);
    assert((await mainText(page)).includes("整件事已经办完"), "the citizen does not read that it is done");
    await inspect(page, "phone-bundle-done");
  });

  await test("bundle: the report says what was saved", async () => {
    const manager = await newStaff(scene, "catalogue");
    await get(manager, house, "/staff/bundles/speed");
    const row = await manager.locator("tr", { hasText: BUNDLE }).textContent();
    assert(/\d+ → \d+（\d+\.\d%）/.test(row), `the row says ${row}`);
    await inspect(manager, "desk-bundle-speed");
    await inspectWidths(manager, "bundle-speed");
    await get(manager, house, "/staff/bundles");
    await inspect(manager, "desk-bundles");
    await press(manager, manager.getByRole("link", { name: BUNDLE }));
    await inspect(manager, "desk-bundle");
    await inspectWidths(manager, "bundle");
  });

  await restaurant(scene);
}
