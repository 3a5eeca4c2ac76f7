// Rules that a county officer wrote: uploaded with a hole in a table, mended, tried and published; then a citizen is decided in
// seconds with the reason, another one goes to a person, and a reviewer looks at what the rules decided.
import { accepted, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { applyFor, done, newCitizen, newStaff, openCase, until } from "./life.mjs";

const ITEM = "老年人优待证申领";
const OFFICE = { approver: "wjju-approve" };
/** Born long enough ago. */
const OLD = "19500101";

const file = (text) => ({ name: "rules.dmn", mimeType: "application/xml", buffer: Buffer.from(text) });

async function upload(page, text) {
  await page.setInputFiles("form[action$='/rules'] [name=file]", file(text));
  await press(page, "form[action$='/rules'] button[type=submit]");
}

export async function tell(scene) {
  const { house } = scene;
  let receipt = {};
  let old;

  await test("rules: mistakes are told with their places, a hole in a table is named, a wrong test case is not published", async () => {
    const manager = await newStaff(scene, "catalogue");
    await get(manager, house, `/staff/items?q=${encodeURIComponent(ITEM)}`);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    await press(manager, manager.getByRole("link", { name: "看规则和用例" }));
    assert((await mainText(manager)).includes("没有遗漏，也没有重叠"), "a whole table is not said to be whole");
    const path = await manager.getAttribute("a[href$='/rules.dmn']", "href");
    const kept = await manager.evaluate(async (from) => (await fetch(from)).text(), path);
    await upload(manager, kept.replace("&gt;= 65", "&gt;= [65"));
    const refused = await mainText(manager);
    assert(refused.includes("处问题，不能使用") && refused.includes("规则第"), "the problems are not told with their lines");
    await inspect(manager, "desk-rules-refused");
    await upload(manager, kept.replace('id="i61"><text>&lt; 65', 'id="i61"><text>&lt; 60'));
    await accepted(manager);
    assert((await mainText(manager)).includes("有遗漏：年龄"), "the hole is not named");
    await inspect(manager, "desk-rules-hole");
    await inspectWidths(manager, "rules-hole", [390]);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    await press(manager, manager.locator("form[action$='/publish'] button[type=submit]"));
    const stopped = await mainText(manager);
    assert(stopped.includes("规则用例第") && stopped.includes("没有通过"), "a failing test case does not stop the publication");
    await press(manager, manager.getByRole("link", { name: "看规则和用例" }));
    await upload(manager, kept.replace("您年满六十五周岁，是首次申领，符合条件。", "您已年满六十五周岁，首次申领，符合条件。"));
    await accepted(manager);
  });

  await test("rules: what is tried is explained with the row that decided, and published", async () => {
    const manager = await newStaff(scene, "catalogue");
    await get(manager, house, `/staff/items?q=${encodeURIComponent(ITEM)}`);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    await press(manager, manager.getByRole("link", { name: "看规则和用例" }));
    await manager.selectOption("form[action*='/rules/try'] [name=decision]", "审批");
    await manager.fill("form[action*='/rules/try'] [name=in_0]", "70");
    await manager.selectOption("form[action*='/rules/try'] [name=in_1]", "首次申领");
    await press(manager, "form[action*='/rules/try'] button[value=try]");
    const tried = await mainText(manager);
    assert(tried.includes("因为年龄是 70") && tried.includes("符合"), "it is not said why");
    await inspect(manager, "desk-rules-tried");
    await manager.fill("[name=sample_per_mille]", "1000");
    await press(manager, "form[action$='/rules/uses'] button[type=submit]");
    await accepted(manager);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    await press(manager, manager.locator("form[action$='/publish'] button[type=submit]"));
    await accepted(manager);
  });

  await test("rules: anyone sees on the guide whether they may apply", async () => {
    const { page } = await newCitizen(scene, "看指南的人");
    await get(page, house, `/guides?q=${encodeURIComponent(ITEM)}`);
    await press(page, page.getByRole("link", { name: ITEM, exact: true }));
    await press(page, page.getByRole("link", { name: "我能办吗？不用登录，填几项就知道" }));
    await page.fill("[name=in_0]", "64");
    await press(page, "main button.btn-primary");
    const told = await mainText(page);
    assert(told.includes("现在还不能办") && told.includes("满六十五周岁以后"), "the reason is not told");
    assert(!page.url().includes("64"), "the answer stands in the address");
    await inspect(page, "rules-check-390");
  });

  await test("rules: whoever clearly meets them is decided at once, with the reason and a way to a person", async () => {
    old = await newCitizen(scene, "王长寿", OLD);
    receipt = await applyFor(house, old, { item: ITEM, everything: true });
    const told = await until(old.page, `${house.origin}/my/cases/${receipt.case}`, "系统按规则自动审批", 20);
    assert(told.includes("您已年满六十五周岁"), `the reason is not told: ${told.slice(0, 300)}`);
    await inspect(old.page, "rules-decided-390");
    await press(old.page, old.page.getByRole("button", { name: "请工作人员复核" }));
    await accepted(old.page);
  });

  await test("rules: whoever does not goes to a person, who reads why", async () => {
    const young = await newCitizen(scene, "王还早");
    const other = await applyFor(house, young, { item: ITEM, everything: true });
    const told = await until(young.page, `${house.origin}/my/cases/${other.case}`, "由工作人员办理", 20);
    assert(told.includes("没有满六十五周岁"), "the reason is not told");
    const approver = await newStaff(scene, OFFICE.approver);
    await openCase(house, approver, other.number);
    assert((await mainText(approver)).includes("规则没有自动审批"), "the staff do not see what the rules said");
  });

  await test("rules: a reviewer finds the sample and says whether it was right", async () => {
    const approver = await newStaff(scene, OFFICE.approver);
    await get(approver, house, "/staff/cases?mark=sample");
    const row = approver.locator(`main tr[data-open$='${receipt.case}']`);
    assert((await row.count()) === 1, "the sample is not on the list");
    await inspect(approver, "desk-rules-sample");
    await openCase(house, approver, receipt.number);
    await inspect(approver, "desk-rules-case");
    await inspectWidths(approver, "rules-case", [390]);
    await done(approver, "复核：正确", { reason: "年龄和申领类型都对。" });
    assert((await mainText(approver)).includes("复核：正确"), "the review does not show");
    await get(approver, house, "/staff/cases?mark=sample");
    assert((await approver.locator(`main tr[data-open$='${receipt.case}']`).count()) === 0, "it is still on the list");
    const told = await until(old.page, `${house.origin}/my/cases/${receipt.case}`, "工作人员复核过：正确", 20);
    assert(told.includes("系统按规则自动审批"), "the citizen does not see both");
  });
}
