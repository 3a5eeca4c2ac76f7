// A department's day with its list: the filter stands in the address and is kept as a view, several cases are claimed at
// once, the list goes to Excel; a case is given back, passed on, sent a step back, given more time and ended before its time.
import { readFileSync } from "node:fs";
import { accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { tellAlone } from "./alone.mjs";
import { ITEM, OFFICE, act, actBy, applyFor, done, doneBy, newCitizen, newStaff, openCase, until } from "./life.mjs";
import { rowsOf } from "./sheet.mjs";

const LIST = "/staff/cases";
const VIEW = "等受理的烟草证";
/** The department to which a case is passed on. */
const ELSEWHERE = { name: "市场监督管理局", clerk: "scjg-clerk" };
const HEADINGS = ["办件编号", "事项", "承办单位", "申请人", "渠道", "环节", "收件时间", "到期日", "状态", "结果", "是否按期"];

export async function tell(scene) {
  const { house } = scene;
  let citizen;
  let clerk;
  let colleague;
  let approver;
  let receipts = [];
  let filtered = "";

  await test("worklist: three applications arrive", async () => {
    citizen = await newCitizen(scene, "孙大梅");
    for (let turn = 0; turn < 3; turn += 1) receipts.push(await applyFor(house, citizen, { everything: true }));
    clerk = await newStaff(scene, OFFICE.clerk);
    colleague = await newStaff(scene, "yczm-clerk2");
    approver = await newStaff(scene, OFFICE.approver);
  });

  await test("worklist: the filter stands in the address, for a colleague as well", async () => {
    await get(clerk, house, LIST);
    await inspect(clerk, "worklist-all");
    await press(clerk, tab(clerk, "待认领"));
    const stages = await clerk.$$eval("#list-stage option", (options) => options.map((option) => ({ value: option.value, label: option.textContent })));
    const open = await rows(clerk);
    const ours = open.find((row) => row.case === receipts[0].case);
    assert(ours, `the new case is not among the unclaimed: ${JSON.stringify(open)}`);
    const wanted = stages.find(({ label }) => ours.text.includes(label));
    assert(wanted, `no stage of ${JSON.stringify(stages)} stands in “${ours.text}”`);
    await clerk.selectOption("#list-stage", wanted.value);
    await press(clerk, "main form[role=search] button[type=submit]");
    const address = new URL(clerk.url());
    assert(address.searchParams.get("stage") === wanted.value && address.searchParams.get("view") === "unclaimed", `the address is ${address}`);
    filtered = address.pathname + address.search;
    const shown = await rows(clerk);
    assert(receipts.every((receipt) => shown.some((row) => row.case === receipt.case)), "a case of this stage is not listed");
    assert(shown.every((row) => row.text.includes(wanted.label)), `another stage is listed: ${JSON.stringify(shown)}`);
    await inspectWidths(clerk, "worklist-filtered", [1440, 768, 390]);
    await get(colleague, house, filtered);
    assert((await colleague.inputValue("#list-stage")) === wanted.value, "the colleague sees another filter");
    assert((await rows(colleague)).length === shown.length, "the colleague sees other cases");
  });

  await test("worklist: what is looked for is found, and what is not there says so", async () => {
    await get(clerk, house, LIST);
    await clerk.fill("#list-search", receipts[1].number);
    await press(clerk, "main form[role=search] button[type=submit]");
    assert(new URL(clerk.url()).pathname === `/staff/cases/${receipts[1].case}`, `a number leads to ${clerk.url()}`);
    await get(clerk, house, LIST);
    await clerk.fill("#list-search", citizen.person.name);
    await press(clerk, "main form[role=search] button[type=submit]");
    const found = (await rows(clerk)).map((row) => row.case);
    assert(receipts.every((receipt) => found.includes(receipt.case)), `found ${JSON.stringify(found)}`);
    assert(!decodeURIComponent(clerk.url()).includes(citizen.person.name), `the name stands in ${clerk.url()}`);
    await clerk.fill("#list-search", "没有这样的人");
    await press(clerk, "main form[role=search] button[type=submit]");
    assert((await mainText(clerk)).includes("没有符合条件的办件"), "nothing says that there is none");
    await inspect(clerk, "worklist-none");
  });

  await test("worklist: a filter is kept as a view, used and removed", async () => {
    await get(clerk, house, filtered);
    await clerk.click("summary:has-text('存为视图')");
    await clerk.fill("#view-name", VIEW);
    await press(clerk, "button:has-text('保存视图')");
    await accepted(clerk);
    await get(clerk, house, LIST);
    await inspect(clerk, "worklist-views");
    await press(clerk, clerk.getByRole("link", { name: VIEW, exact: true }));
    const [now, before] = [new URL(clerk.url()).searchParams, new URL(filtered, house.origin).searchParams];
    for (const name of ["view", "stage"]) assert(now.get(name) === before.get(name), `the view leads to ${clerk.url()}`);
    await get(colleague, house, LIST);
    assert((await colleague.getByRole("link", { name: VIEW, exact: true }).count()) === 0, "a colleague sees the view");
    await press(clerk, clerk.getByRole("button", { name: `删除视图 ${VIEW}` }));
    assert((await clerk.getByRole("link", { name: VIEW, exact: true }).count()) === 0, "the view is still there");
  });

  await test("worklist: several cases are claimed at once", async () => {
    await get(clerk, house, filtered);
    for (const receipt of receipts) await clerk.check(`main tbody [name=case][value="${receipt.case}"]`);
    await clerk.evaluate(() => document.activeElement.blur());
    await Promise.all([clerk.waitForNavigation(), clerk.keyboard.press("c")]);
    await accepted(clerk);
    await get(clerk, house, `${LIST}?view=mine`);
    const mine = await rows(clerk);
    for (const receipt of receipts) assert(mine.find((row) => row.case === receipt.case)?.text.includes("（我）"), `${receipt.number} is not hers: ${JSON.stringify(mine)}`);
    await inspect(clerk, "worklist-mine");
    await get(colleague, house, filtered);
    assert((await rows(colleague)).every((row) => receipts.every((receipt) => receipt.case !== row.case)), "they can be claimed a second time");
  });

  await test("worklist: the list goes to Excel, with the filter and without whole names", async () => {
    await get(clerk, house, `${LIST}?view=mine`);
    const shown = await rows(clerk);
    const [download] = await Promise.all([clerk.waitForEvent("download"), clerk.click("a[href*='export.xlsx']")]);
    const bytes = readFileSync(await download.path());
    assert(bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1")), "the file is no workbook");
    const [headings, ...lines] = rowsOf(bytes);
    assert(headings.join() === HEADINGS.join(), `the headings are ${headings}`);
    assert(lines.length === shown.length, `the page has ${shown.length} rows, the file ${lines.length}`);
    for (const receipt of receipts) {
      const line = lines.find(([number]) => number === receipt.number);
      assert(line, `${receipt.number} is not in the file`);
      assert(line[1] === ITEM && !line.includes(citizen.person.name), `the line says ${line}`);
    }
  });

  await test("worklist: a case is given back, and a colleague takes it", async () => {
    await openCase(house, clerk, receipts[0].number);
    await doneBy(clerk, "release");
    await get(clerk, house, `${LIST}?view=mine`);
    assert((await rows(clerk)).every((row) => row.case !== receipts[0].case), "it is still hers");
    await openCase(house, colleague, receipts[0].number);
    assert((await mainText(colleague)).includes("退回组内待办"), "the history does not tell it");
    await doneBy(colleague, "claim");
    await inspect(colleague, "worklist-case-taken");
    await get(clerk, house, LIST);
    assert(!(await rows(clerk)).find((row) => row.case === receipts[0].case)?.text.includes("（我）"), "the list still calls it hers");
  });

  await test("worklist: a case is passed on to another department, which finds it", async () => {
    await openCase(house, colleague, receipts[0].number);
    await act(colleague, "转办", { organisation: { label: ELSEWHERE.name }, reason: " " });
    await refused(colleague, "理由");
    await inspect(colleague, "worklist-transfer-refused");
    await done(colleague, "转办", { organisation: { label: ELSEWHERE.name }, reason: "经营范围属市场监管部门。" });
    await get(approver, house, LIST);
    assert((await rows(approver)).every((row) => row.case !== receipts[0].case), "it is still on the list of the first");
    const other = await newStaff(scene, ELSEWHERE.clerk);
    await openCase(house, other, receipts[0].number);
    const text = await mainText(other);
    assert(text.includes(`转${ELSEWHERE.name}办理`), "the history does not tell it");
    assert(text.includes(ELSEWHERE.name), "the new department is not named");
    await inspect(other, "worklist-transferred");
    await other.context().close();
    const seen = await until(citizen.page, `${house.origin}/my/cases/${receipts[0].case}`, ELSEWHERE.name);
    assert(seen.includes(`转${ELSEWHERE.name}办理`), "the applicant is not told where it went");
  });

  await test("worklist: a case goes back to the step before, with the reason", async () => {
    await openCase(house, clerk, receipts[1].number);
    await done(clerk, "受理");
    await openCase(house, approver, receipts[1].number);
    const first = await stepNow(approver);
    await approver.fill("[name=complete-opinion]", "材料齐全，拟同意。");
    await press(approver, "main form[action$='/complete'] button.btn-primary");
    await accepted(approver);
    const second = await stepNow(approver);
    assert(first && second && first !== second, `the steps are ${first} and ${second}`);
    await actBy(approver, "return", { step: { label: first }, reason: " " });
    await refused(approver, "请写明退回的理由");
    await doneBy(approver, "return", { step: { label: first }, reason: "现场照片看不清门牌，请重新核查。" });
    assert((await stepNow(approver)) === first, `it lies at ${await stepNow(approver)}`);
    const text = await mainText(approver);
    assert(text.includes("请重新核查") && text.includes(`${second}退回`), "the reason or the return is not shown");
    await inspect(approver, "worklist-returned");
  });

  await test("worklist: more time is given once, and the applicant is told until when", async () => {
    const before = await approver.textContent("main .toolbar");
    await act(approver, "批准延长", { days: "90", reason: "需要实地核查。" });
    await refused(approver, "不能延长 90 日");
    await inspect(approver, "worklist-extension-refused");
    await done(approver, "批准延长", { days: "5", reason: "需要实地核查。" });
    const text = await mainText(approver);
    assert(text.includes("延长办理期限5个工作日") && text.includes("延长审批期限告知书"), "the extension or its notice is not shown");
    assert((await approver.textContent("main .toolbar")) !== before, "the limit has not moved");
    assert((await approver.locator("main form[action$='/extend']").count()) === 0, "a second extension is offered");
    await inspect(approver, "worklist-extended");
    const told = await until(citizen.page, `${house.origin}/my/cases/${receipts[1].case}`, "延长审批期限告知书");
    assert(told.includes("延长办理期限5个工作日"), "the applicant is not told how long");
  });

  await test("worklist: a case is ended before its time, with a reason that the applicant reads", async () => {
    await openCase(house, clerk, receipts[2].number);
    await done(clerk, "受理");
    await openCase(house, approver, receipts[2].number);
    await act(approver, "终止办理", { ground: "moot", reason: "店铺已经转让。" });
    await refused(approver, "请勾选确认");
    await act(approver, "终止办理", { reason: " ", confirmed: "true" });
    await refused(approver, "请写明终止的理由");
    await act(approver, "终止办理", { reason: "申请人的店铺已经转让，申请事项不再存在。", basis: " ", confirmed: "true" });
    await refused(approver, "请写明终止的依据");
    await inspect(approver, "worklist-terminating");
    await done(approver, "终止办理", { basis: "《烟草专卖许可证管理办法》第四十三条", confirmed: "true" });
    assert((await mainText(approver)).includes("终止"), "it is not ended");
    assert((await approver.locator("main form[action$='/complete'], main form[action$='/grant']").count()) === 0, "it can still be decided");
    await inspect(approver, "worklist-terminated");
    const told = await until(citizen.page, `${house.origin}/my/cases/${receipts[2].case}`, "终止办理决定书");
    assert(told.includes("已经转让"), "the applicant does not read why");
    await inspect(citizen.page, "phone-my-case-terminated");
    await get(approver, house, LIST);
    assert((await rows(approver)).every((row) => row.case !== receipts[2].case), "it is still among those to do");
    await get(approver, house, `${LIST}?closed=1`);
    assert((await rows(approver)).some((row) => row.case === receipts[2].case), "it is not found among those that are over");
  });

  for (const page of [citizen?.page, clerk, colleague, approver]) await page?.context().close();
}

/** One of the counts above the list, which are links. */
function tab(page, name) {
  return page.locator("main .choices[aria-label=待办] a", { hasText: name });
}

/** The cases that the list shows. */
function rows(page) {
  return page.$$eval("main tbody tr[data-open]", (lines) => lines.map((line) => ({
    case: line.dataset.open.split("/").pop(),
    text: line.textContent.replace(/\s+/g, " "),
  })));
}

/** The step whose completion the page offers. */
async function stepNow(page) {
  const button = page.locator("main form[action$='/complete'] button.btn-primary");
  if ((await button.count()) === 0) return "";
  return (await button.evaluate((element) => element.firstChild.textContent)).replace(/^完成/, "").trim();
}

await tellAlone(import.meta.url, tell);
