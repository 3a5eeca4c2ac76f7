// 需求分析 as a supervisor lives it: what is asked for most, one item over three years, a suggestion that is not taken up
// and one that is, an earlier year with a wrong cell and then a right one; on a desk, on a phone and without JavaScript.
import { PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { ITEM, applyFor, newCitizen, newStaff, until } from "./life.mjs";
import { workbook } from "./sheet.mjs";
import { PASSWORD, signInStaff } from "./people.mjs";

const DEMAND = "/staff/demand";
const HEAD = ["事项编码或名称", "年月", "渠道", "申请件数", "受理件数", "不予受理和不予许可件数"];
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** A year before those that the demonstration made up. */
const YEAR = new Date().getFullYear() - 5;

export async function tell(scene) {
  const { house, browser } = scene;
  const supervisor = await newStaff(scene, "supervisor");

  await test("analysis: what people applied for is counted", async () => {
    const citizen = await newCitizen(scene, "孙小需");
    await applyFor(house, citizen, { everything: true });
    await citizen.page.context().close();
    await get(supervisor, house, DEMAND);
    await press(supervisor, "button:has-text('现在统计')");
    await until(supervisor, house.origin + DEMAND, "重算 1 个月");
    const text = await mainText(supervisor);
    assert(text.includes("演示：编造的往年件数"), `it is not said that figures are made up: ${text}`);
    await inspect(supervisor, "analysis-overview");
    await inspectWidths(supervisor, "analysis-overview");
    await supervisor.locator("summary:has-text('各月申请件数')").click();
    assert((await supervisor.locator("main details tbody tr").count()) === 36, "there are not 36 months");
    await supervisor.selectOption("[name=channel]", "portal");
    await supervisor.selectOption("[name=department]", { label: "烟草专卖局" });
    await press(supervisor, "button:has-text('查看')");
    assert(new URL(supervisor.url()).searchParams.get("channel") === "portal", supervisor.url());
    assert((await mainText(supervisor)).includes(ITEM), await mainText(supervisor));
  });

  await test("analysis: one item shows its months, channels and who took it in", async () => {
    await press(supervisor, supervisor.getByRole("link", { name: ITEM, exact: true }));
    const text = await mainText(supervisor);
    assert(text.includes("从哪里申请") && text.includes("往年数据，没有记收件单位"), text);
    await inspect(supervisor, "analysis-item");
    await inspectWidths(supervisor, "analysis-item");
    await get(supervisor, house, `${DEMAND}/departments`);
    assert((await mainText(supervisor)).includes("合计"), await mainText(supervisor));
    await inspectWidths(supervisor, "analysis-departments");
    await get(supervisor, house, `${DEMAND}/pairs`);
    await inspectWidths(supervisor, "analysis-pairs");
  });

  await test("analysis: a suggestion is not taken up, for a reason that stays; another one is", async () => {
    await get(supervisor, house, `${DEMAND}/suggestions`);
    await inspect(supervisor, "analysis-suggestions");
    await inspectWidths(supervisor, "analysis-suggestions");
    const before = await supervisor.locator("main tbody tr").count();
    assert(before > 1, "nothing is suggested");
    await press(supervisor, supervisor.locator("main tbody tr a").first());
    const first = supervisor.url();
    await press(supervisor, "button:has-text('不采纳')");
    await refused(supervisor, "请写明理由");
    await inspectWidths(supervisor, "analysis-suggestion-refused");
    await supervisor.fill("[name=reason]", "演示数据，不作依据。");
    await press(supervisor, "button:has-text('不采纳')");
    await accepted(supervisor);
    const text = await mainText(supervisor);
    assert(text.includes("不采纳：演示数据，不作依据。"), text);
    await inspect(supervisor, "analysis-suggestion");
    await get(supervisor, house, `${DEMAND}/suggestions`);
    assert((await supervisor.locator("main tbody tr").count()) === before - 1, "it is still open");
    await press(supervisor, supervisor.locator("main tbody tr a").first());
    assert(supervisor.url() !== first, "the same is suggested again");
    await supervisor.fill("[name=plan]", "交事项管理岗研究，十二月底前报方案。");
    await press(supervisor, "section:has(#plan-title) button[type=submit]");
    await accepted(supervisor);
    await get(supervisor, house, `${DEMAND}/suggestions?standing=taken_up`);
    assert((await mainText(supervisor)).includes("十二月底前报方案"), await mainText(supervisor));
  });

  await test("analysis: a year with a wrong cell is not brought; a right one is, and again with a reason", async () => {
    await get(supervisor, house, `${DEMAND}/years`);
    await inspectWidths(supervisor, "analysis-years");
    const bring = async (reason, rows) => {
      await supervisor.fill("[name=year]", String(YEAR));
      await supervisor.fill("[name=reason]", reason);
      await supervisor.setInputFiles("[name=sheet]", { name: "往年.xlsx", mimeType: XLSX, buffer: workbook([HEAD, ...rows]) });
      await press(supervisor, "button:has-text('导入')");
    };
    await bring("原平台导出", [[ITEM, `${YEAR}-03`, "传真", "30", "31", "0"]]);
    await refused(supervisor, "要修改");
    const wrong = await mainText(supervisor);
    assert(wrong.includes("第2行“渠道”") && wrong.includes("第2行“受理件数”"), wrong);
    assert((await supervisor.inputValue("[name=reason]")) === "原平台导出", "the reason is gone after the error");
    await inspect(supervisor, "analysis-years-refused");
    await inspectWidths(supervisor, "analysis-years-refused");
    await bring("原平台导出", [[ITEM, `${YEAR}-03`, "窗口", "30", "29", "1"]]);
    await accepted(supervisor);
    assert((await mainText(supervisor)).includes(`${YEAR}年的数据已导入`), await mainText(supervisor));
    await bring("", [[ITEM, `${YEAR}-03`, "窗口", "40", "39", "1"]]);
    await refused(supervisor, "请写明理由");
    await bring("补全三月的数", [[ITEM, `${YEAR}-03`, "窗口", "40", "39", "1"]]);
    await accepted(supervisor);
    await get(supervisor, house, `${DEMAND}?year=${YEAR}`);
    assert((await mainText(supervisor)).includes("申请 40 件，受理 39 件"), await mainText(supervisor));
  });

  await test("analysis: it reads on a phone without JavaScript", async () => {
    const context = await browser.newContext(PLAIN);
    const plain = await context.newPage();
    await signInStaff(plain, house.origin, "supervisor", PASSWORD);
    await get(plain, house, DEMAND);
    await press(plain, plain.locator("main tbody th a").first());
    await plain.locator("summary:has-text('各月的数字')").click();
    assert(await plain.locator("main details tbody tr").first().isVisible(), "the table does not open");
    await context.close();
    const clerk = await newStaff(scene, "clerk");
    await get(clerk, house, DEMAND, 403);
    await clerk.context().close();
    await supervisor.context().close();
  });
}
