// Items that went down to the towns: a manager delegates one on its page, and from then on the town's counter takes it; what
// did not go down is refused with who takes it.
import { DESK, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { newCitizen, openCase } from "./life.mjs";
import { Strokes } from "./strokes.mjs";
import { PASSWORD, citizenNumber, signInStaff } from "./people.mjs";

const ITEM = "食品经营许可核发";
const COUNTER = "/staff/counter";

/** What every town does to the end. */
const NEARBY = "失业登记";

export async function tell(scene) {
  const { house, browser } = scene;
  const office = await browser.newContext(DESK);
  const hall = await browser.newContext(DESK);
  const manager = await office.newPage();
  const town = await hall.newPage();
  await signInStaff(manager, house.origin, "catalogue", PASSWORD);
  await signInStaff(town, house.origin, "town01", PASSWORD);

  /** The town's clerk enters somebody's number and then an item. */
  async function ask(words) {
    const clerk = new Strokes(town);
    await get(town, house, COUNTER);
    await clerk.type(words);
    await clerk.go("Enter");
    return mainText(town);
  }

  await test("delegations: the lists say what went down where", async () => {
    await get(manager, house, "/staff/delegations");
    const text = await mainText(manager);
    assert(text.includes("镇（街道）") && text.includes("便民服务中心"), text);
    await inspectWidths(manager, "delegations");
    await manager.click("main tbody a");
    await manager.waitForLoadState();
    assert((await mainText(manager)).includes("失业登记"), await mainText(manager));
    await inspectWidths(manager, "delegations-table");
    await get(manager, house, "/staff/delegations/matrix");
    assert((await mainText(manager)).includes("17 个镇（街道）"), await mainText(manager));
    await inspectWidths(manager, "delegations-matrix");
  });

  await test("delegations: a town's counter does not take what did not go down", async () => {
    const text = await ask(ITEM);
    assert(text.includes("您所在的单位不能收件"), text);
  });

  await test("delegations: a manager delegates an item, and mistakes stay beside the fields", async () => {
    await get(manager, house, "/staff/delegations/matrix");
    await manager.click(`main th a:has-text("${ITEM}")`);
    await manager.waitForLoadState();
    const form = 'main form[action$="/delegations"]';
    await press(manager, `${form} button.btn-primary`);
    assert((await mainText(manager)).includes("请至少选择一个承接单位"), await mainText(manager));
    await inspect(manager, "delegations-item-wrong");
    for (const box of await manager.$$(`${form} details[open] input[name=organisations]`)) await box.check();
    await manager.selectOption(`${form} [name=way]`, "entrusted");
    await manager.selectOption(`${form} [name=extent]`, "receipt");
    await manager.fill(`${form} [name=document]`, "演示：关于委托镇便民服务中心受理食品经营许可的公告");
    await press(manager, `${form} button.btn-primary`);
    const text = await mainText(manager);
    assert(text.includes("已下放给 17 个单位") && text.includes("承接中"), text);
    await inspectWidths(manager, "delegations-item");
  });

  await test("delegations: from then on the town's counter takes it", async () => {
    const clerk = new Strokes(town);
    await get(town, house, COUNTER);
    await clerk.type(citizenNumber(731));
    await clerk.go("Enter");
    await clerk.type("何秀英");
    await clerk.press("Tab");
    await clerk.type("13891507031");
    await clerk.go("Enter");
    await clerk.type(ITEM);
    await clerk.go("Enter");
    const heading = await town.textContent("h1");
    assert(heading.includes(ITEM), `${heading} ${await mainText(town)}`);
    await inspect(town, "delegations-reception");
  });

  await test("delegations: one is taken back, and the guide names the counters that are left", async () => {
    await manager.click("main tbody tr:first-child details summary");
    const today = await manager.inputValue("[name=from]");
    await manager.fill("main tbody tr:first-child [name=last_day]", today);
    await manager.fill("main tbody tr:first-child [name=reason]", "机构调整。");
    await press(manager, "main tbody tr:first-child button.btn-danger");
    assert((await mainText(manager)).includes("已收回"), await mainText(manager));
    const item = manager.url().match(/items\/([0-9a-f]+)/)[1];
    await get(manager, house, `/guides/${item}`);
    assert((await mainText(manager)).includes("就近办理"), await mainText(manager));
  });

  await test("delegations: whoever applies at home chooses the town, which finds the case among its own", async () => {
    const { page, person } = await newCitizen(scene, "向秀兰", "19550304");
    await page.goto(`${house.origin}/guides?q=${encodeURIComponent(NEARBY)}`);
    await press(page, page.getByRole("link", { name: NEARBY, exact: true }));
    await press(page, page.getByRole("link", { name: "开始申请" }));
    let seen = "";
    const receipt = await apply(page, person, {
      look: async () => {
        if (!page.url().endsWith("/place")) return;
        seen = await mainText(page);
        await inspectWidths(page, "delegations-place");
        const town = page.locator("[name=place] option, label.choice").filter({ hasText: "城关镇便民服务中心" }).first();
        const value = await town.evaluate((element) => element.value ?? element.querySelector("input").value);
        const isList = await page.$("select[name=place]");
        if (isList) await page.selectOption("[name=place]", value);
        else await page.check(`[name=place][value="${value}"]`);
      },
    });
    assert(seen.includes("在哪里办理") && seen.includes("不用再跑县里"), seen);
    await openCase(house, town, receipt.number);
    assert((await mainText(town)).includes(NEARBY), await mainText(town));
  });

  await office.close();
  await hall.close();
}
