// A restaurant: the food licence waits for the owner's registration, food and fire come together to look once, one of them
// wants something mended and comes again. Nobody grants before that is signed.
import { accepted, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { doneBy, newCitizen, newStaff, openCase } from "./life.mjs";

const BUNDLE = "我要开餐饮店";
const REGISTER = "个体工商户设立登记";
const FOOD = "食品经营许可核发";
const FIRE = "公众聚集场所投入使用、营业前消防安全检查";

/** The civil day in the county, some days from now. */
const day = (ahead) => new Date(Date.now() + 8 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10);

/** The numbers of the parts on the page of the whole, by the item's name. */
async function numbersOf(page) {
  const rows = await page.$$eval("main ol.rows > li", (items) => items.map((item) => [item.querySelector("a, b").textContent.trim(), item.querySelector("small[data-verbatim]")?.textContent ?? ""]));
  return new Map(rows.map(([name, number]) => [name, number.replace(/\s/g, "")]));
}

/** Fixes an appointment for today; `false` when today is no working day, which the page says. */
async function arrange(lead, house, path, time) {
  await get(lead, house, path);
  await lead.fill("[name=survey-date]", day(0));
  await lead.fill("[name=survey-time]", time);
  await lead.fill("[name=survey-place]", "城关镇环城路126号");
  await press(lead, "button:has-text('定下来')");
  if ((await mainText(lead)).includes("不是工作日")) return false;
  await accepted(lead);
  return true;
}

/** Signs for the one part that is the visitor's own. */
async function sign(staff, house, path, result, words = "", by = "") {
  await get(staff, house, path);
  await staff.check(`[name=survey-result][value=${result}]`);
  await staff.fill("[name=survey-words]", words);
  await staff.fill("[name=survey-by]", by);
  await press(staff, "button:has-text('签署')");
}

export async function restaurant(scene) {
  const { house } = scene;
  let citizen;
  let whole = "";
  let path = "";
  let numbers = new Map();
  let isWorkingDay = true;
  const desk = {};

  await test("bundle: what must be granted first is opened first, and the page says what waits", async () => {
    citizen = await newCitizen(scene, "范小厨");
    const { page, person } = citizen;
    await get(page, house, "/bundles");
    await press(page, page.locator(".tree-list").getByRole("link", { name: BUNDLE }));
    await page.check("[value=not_yet]");
    await page.check("[value=gathering]");
    await press(page, "form.situation button[type=submit]");
    const guide = await mainText(page);
    assert(guide.includes(`在“${REGISTER}”批准以后开办`) && guide.includes("只看一次"), guide.slice(0, 600));
    await inspect(page, "phone-restaurant-guide");
    await press(page, page.getByRole("link", { name: "开始申请" }));
    ({ path: whole } = await apply(page, person, { everything: true, delivery: "counter" }));
    const text = await mainText(page);
    assert(text.includes(`等“${REGISTER}”批准以后开办`), `nothing says what waits: ${text.slice(0, 600)}`);
    numbers = await numbersOf(page);
    assert(numbers.get(REGISTER) && numbers.get(FIRE) && !numbers.get(FOOD), JSON.stringify([...numbers]));
    await inspect(page, "phone-restaurant-waits");
    desk.clerk = await newStaff(scene, "scjg-clerk");
    desk.food = await newStaff(scene, "scjg-approve");
    desk.fire = await newStaff(scene, "xfdd-approve");
    await openCase(house, desk.clerk, numbers.get(REGISTER));
    await doneBy(desk.clerk, "accept-and-grant", { opinion: "符合条件，准予登记。" });
    const deadline = Date.now() + 120_000;
    for (;;) {
      await page.goto(house.origin + whole);
      numbers = await numbersOf(page);
      if (numbers.get(FOOD)) break;
      assert(Date.now() < deadline, `the food licence is not opened: ${await mainText(page)}`);
      await page.waitForTimeout(300);
    }
  });

  await test("bundle: food and fire come together once, and sign one record", async () => {
    const { page } = citizen;
    path = `/staff/joints/${whole.split("/").pop()}/inspections`;
    await get(desk.food, house, path);
    await inspect(desk.food, "desk-survey");
    await desk.food.fill("[name=survey-date]", day(-3));
    await desk.food.fill("[name=survey-time]", "09:30");
    await desk.food.fill("[name=survey-place]", "城关镇环城路126号");
    await press(desk.food, "button:has-text('定下来')");
    assert((await desk.food.textContent(".error-summary")).includes("已经过去"), "an appointment in the past is taken");
    assert((await desk.food.inputValue("[name=survey-place]")).includes("环城路"), "what was typed is gone");
    isWorkingDay = await arrange(desk.food, house, path, "23:58");
    if (!isWorkingDay) return;
    await inspectWidths(desk.food, "survey");
    await page.goto(house.origin + whole);
    assert((await mainText(page)).includes("城关镇环城路126号"), "the applicant does not read where");
    await inspect(page, "phone-survey");
    await sign(desk.food, house, path, "pass", "场所布局与图纸一致。");
    await accepted(desk.food);
    await sign(desk.fire, house, path, "rectify", "疏散通道堆放杂物，请清理。");
    assert((await desk.fire.textContent(".error-summary")).includes("在哪天前整改"), "no day is asked for");
    assert((await desk.fire.inputValue("[name=survey-words]")).includes("疏散通道"), "what was typed is gone");
    await sign(desk.fire, house, path, "rectify", "疏散通道堆放杂物，请清理。", day(10));
    await accepted(desk.fire);
    await inspect(desk.fire, "desk-survey-signed");
    await page.goto(house.origin + whole);
    const record = await page.locator("main a[href$='/record.pdf']").getAttribute("href");
    const paper = await page.request.get(house.origin + record);
    assert(paper.status() === 200 && paper.headers()["content-type"] === "application/pdf", `the record is answered with ${paper.status()}`);
    assert((await mainText(page)).includes("疏散通道堆放杂物"), "the applicant does not read what is to be mended");
    await inspect(page, "phone-survey-rectify");
  });

  await test("bundle: who did not pass is looked at again, and the case page says what is missing", async () => {
    if (!isWorkingDay) return;
    await openCase(house, desk.fire, numbers.get(FIRE));
    const text = await mainText(desk.fire);
    assert(text.includes("需要整改") && text.includes("联合踏勘笔录"), `the case page says ${text.slice(0, 500)}`);
    assert(await arrange(desk.food, house, path, "23:59"), "a second appointment is refused");
    await sign(desk.fire, house, path, "pass", "已经清理。");
    await accepted(desk.fire);
    await openCase(house, desk.fire, numbers.get(FIRE));
    assert(!(await mainText(desk.fire)).includes("需要整改"), "the case page still asks for a mending");
  });
}
