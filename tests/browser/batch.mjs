// 连锁门店批量收件: stores line by line at the counter, what is wrong told by row and column, accepted together.
import { assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { newStaff } from "./life.mjs";
import { citizenNumber } from "./people.mjs";

const ITEM = "食品经营许可";

function line(name, area) {
  return `${name} | 兴盛餐饮 | 城关镇${name}街1号 | 餐饮服务经营者 | 热食类制售、糕点类制售 | ${area} | 4 | 王强`;
}

export async function tell(scene) {
  const { house } = scene;
  let clerk;

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
    for (const box of await clerk.locator("[name=batch-materials]").all()) await box.check();
    await clerk.locator("[name=batch-stores]").fill([line("城关店", 60), line("汉王店", "很大")].join("\n"));
    await press(clerk, 'main button:has-text("一次收件")');
    await refused(clerk, "第2行“经营面积");
    assert((await clerk.locator("[name=batch-stores]").inputValue()).includes("汉王店街1号"), "what was typed is gone");
    await inspectWidths(clerk, "batch-wrong", [1440, 390]);
    await clerk.locator("[name=batch-stores]").fill([line("城关店", 60), line("汉王店", 80)].join("\n"));
    await press(clerk, 'main button:has-text("一次收件")');
    const text = await mainText(clerk);
    for (const words of ["2 家门店各有一个办件", "城关店", "汉王店"]) assert(text.includes(words), `${words} is missing`);
    await inspectWidths(clerk, "batch-received", [1440, 390]);
  });

  await test("batch: the stores that are ticked are accepted together", async () => {
    for (const box of await clerk.locator("[name=cases]").all()) await box.check();
    await press(clerk, 'main button:has-text("受理选中的门店")');
    const text = await mainText(clerk);
    assert(text.includes("已办理 2 家门店"), text);
    assert(!text.includes("待受理"), "a store was not accepted");
  });
}
