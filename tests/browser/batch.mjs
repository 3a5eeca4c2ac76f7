// 连锁门店批量收件: stores line by line at the counter, papers for all and of single stores, what is wrong told by row and column;
// accepted together, one told what to correct, one not agreed to.
import { accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { newStaff } from "./life.mjs";
import { citizenNumber, photograph } from "./people.mjs";

const ITEM = "食品经营许可";

function line(name, area, papers = "") {
  return `${name} | 兴盛餐饮 | 城关镇${name}街1号 | 餐饮服务经营者 | 热食类制售、糕点类制售 | ${area} | 4 | 王强 | ${papers}`;
}

export async function tell(scene) {
  const { house } = scene;
  let clerk;
  let place;

  await test("batch: the counter receives several stores in one go", async () => {
    clerk = await newStaff(scene, "clerk");
    await get(clerk, house, "/staff/batches/new");
    await inspect(clerk, "batch-items");
    await clerk.locator("main a", { hasText: ITEM }).first().click();
    await clerk.waitForLoadState("load");
    const answers = {
      organisation_name: "紫阳县兴盛餐饮有限公司",
      credit_code: "91610924MA70ABCD2K",
      representative_name: "李小红",
      representative_number: citizenNumber(611),
      contact_name: "李小红",
      contact_phone: "13891500611",
      organisation_address: "城关镇河堤路12号",
      "batch-handler-name": "李小红",
      "batch-handler-number": citizenNumber(611),
    };
    for (const [name, value] of Object.entries(answers)) await clerk.locator(`[name="${name}"]`).fill(value);
    // The plan is each store's own; the system is promised, the health certificates follow later.
    const marks = { m1: "complete", m2: "complete", m3: "each", m4: "promised", m5: "owed", m6: "complete" };
    for (const [material, mark] of Object.entries(marks)) {
      await clerk.locator(`[name="mark-${material}"][value=${mark}]`).check({ force: true });
    }
    await clerk.locator("[name=batch-stores]").fill([line("城关店", 60, "3齐全"), line("汉王店", "很大")].join("\n"));
    const scan = (name) => ({ name, mimeType: "image/png", buffer: photograph });
    await clerk.setInputFiles("[name=scan-own]", [scan("汉王店-3.png")]);
    await press(clerk, 'main button:has-text("一次收件")');
    await refused(clerk, "第2行“经营面积");
    assert((await clerk.locator("[name=batch-stores]").inputValue()).includes("汉王店街1号"), "what was typed is gone");
    const wrong = await mainText(clerk);
    assert(wrong.includes("汉王店-3.png"), "the scan is gone");
    await refused(clerk, "要请申请人作出容缺承诺");
    await inspectWidths(clerk, "batch-wrong", [1440, 390]);
    await clerk.locator("[name=batch-undertaken]").check();
    await clerk.locator("[name=batch-stores]").fill([line("城关店", 60, "3齐全"), line("汉王店", 80), line("红椿店", 70, "3缺")].join("\n"));
    await press(clerk, '.button-row button:has-text("核对")');
    assert((await mainText(clerk)).includes("3家门店的门店表和材料都说清楚了"), await mainText(clerk));
    await inspectWidths(clerk, "batch-checked", [1440, 390]);
    await press(clerk, 'main button:has-text("一次收件")');
    const text = await mainText(clerk);
    for (const words of ["3 家门店，各自的办件", "城关店", "汉王店", "容缺："]) assert(text.includes(words), `${words} is missing`);
    await inspectWidths(clerk, "batch-received", [1440, 390]);
  });

  await test("batch: one store is told what is missing, the others are accepted together", async () => {
    place = new URL(clerk.url()).pathname;
    const third = clerk.locator("tr", { has: clerk.locator("[name=cases]"), hasText: "红椿店" });
    await third.locator("[name=cases]").check();
    await third.locator("input[type=text]").fill("门头照片看不清，请重新提供。");
    await press(clerk, 'main button:has-text("一次性告知补正")');
    await accepted(clerk);
    for (const box of await clerk.locator("[name=cases]").all()) await box.check();
    await press(clerk, 'main button:has-text("受理选中的门店")');
    await refused(clerk, "容缺补正期限");
    await inspectWidths(clerk, "batch-days", [1440, 390]);
    await clerk.locator("[name=supplement_days]").fill("3");
    await press(clerk, 'main button:has-text("受理选中的门店")');
    const text = await mainText(clerk);
    assert(text.includes("已办理 2 家门店"), text);
    assert(!text.includes("待受理"), "a store was not accepted");
    assert(text.includes("补正中 1 家"), text);
  });

  await test("batch: what is owed is brought for several stores at once", async () => {
    await get(clerk, house, place);
    assert((await mainText(clerk)).includes("这次收到的补交材料"), await mainText(clerk));
    await clerk.locator("[name=cases]").first().check();
    await press(clerk, 'main button:has-text("收下选中门店的补交材料")');
    await refused(clerk, "请勾选这次收到的补交材料");
    await inspectWidths(clerk, "batch-supply", [1440, 390]);
    await clerk.locator("[name=materials]").first().check();
    await press(clerk, 'main button:has-text("收下选中门店的补交材料")');
    await accepted(clerk);
    assert((await mainText(clerk)).includes("已办理 1 家门店"), await mainText(clerk));
  });

  await test("batch: a reviewer does not agree for one store and the other goes on", async () => {
    const reviewer = await newStaff(scene, "scjg-review");
    await get(reviewer, house, place);
    const row = (store) => reviewer.locator("tr", { has: reviewer.locator("[name=cases]"), hasText: store });
    await row("汉王店").locator("[name=cases]").check();
    await press(reviewer, 'main button:has-text("选中的门店不同意")');
    await refused(reviewer, "不同意的理由");
    await row("汉王店").locator("input[type=text]").fill("面积与平面图不符。");
    await inspectWidths(reviewer, "batch-disagree", [1440, 390]);
    await press(reviewer, 'main button:has-text("选中的门店不同意")');
    await accepted(reviewer);
    await row("城关店").locator("[name=cases]").check();
    await reviewer.locator("[name=opinion]").fill("经审查，符合法定条件。");
    await press(reviewer, 'main button:has-text("选中的门店审查通过")');
    await accepted(reviewer);
    const text = await mainText(reviewer);
    assert(text.includes("不同意") && text.includes("各家门店："), text);
    await inspectWidths(reviewer, "batch-standing", [1440, 390]);
    for (const step of ["现场核查", "集体会审"]) {
      for (const box of await reviewer.locator("[name=cases]").all()) await box.check();
      await reviewer.locator("[name=opinion]").fill(`${step}：情况属实。`);
      await press(reviewer, 'main button:has-text("选中的门店审查通过")');
      await accepted(reviewer);
    }
  });

  await test("batch: one store is granted and one refused on the same page", async () => {
    const approver = await newStaff(scene, "scjg-approve");
    await get(approver, house, place);
    const row = (store) => approver.locator("tr", { has: approver.locator("[name=cases]"), hasText: store });
    await row("城关店").locator("[name=cases]").check();
    await approver.locator("[name=opinion]").fill("准予许可。");
    await press(approver, 'main button:has-text("准予选中的门店")');
    await accepted(approver);
    await row("汉王店").locator("[name=cases]").check();
    await row("汉王店").locator("input[type=text]").fill("面积与平面图不符。");
    await press(approver, 'main button:has-text("选中的门店不予批准")');
    await refused(approver, "不予的法律依据");
    await inspectWidths(approver, "batch-refuse", [1440, 390]);
    await approver.locator("[name=basis]").fill("《食品经营许可和备案管理办法》第十四条");
    await press(approver, 'main button:has-text("选中的门店不予批准")');
    await accepted(approver);
    assert((await mainText(approver)).includes("没有批准 1 家"), await mainText(approver));
    await inspectWidths(approver, "batch-decided", [1440, 390]);
  });
}
