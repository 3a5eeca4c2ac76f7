// A manager designs an item's form: a question of their own, an element of the dictionary that is asked only after a certain
// answer, a table of rows. Mistakes lose nothing, the preview is what applicants get, and all of it works without a script.
import { DESK, PLAIN, PHONE, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { newCitizen, newStaff } from "./life.mjs";
import { fillPage } from "./people.mjs";

const ITEM = "道路货物运输经营许可";

const row = (page, place) => page.locator(`main .form-rows > li:nth-child(${place + 1})`);
const part = (page, place, name) => page.locator(`[name="r.${place}.${name}"]`);

async function openItem(page, house) {
  await get(page, house, `/staff/items?q=${encodeURIComponent(ITEM)}`);
  await press(page, page.getByRole("link", { name: ITEM, exact: true }));
}

export async function tell(scene) {
  const { house, browser } = scene;
  let rows = 0;
  let driversAt = "";
  let applicant = {};

  await test("form: a question of one's own and an element of the dictionary are added, mistakes lose nothing", async () => {
    const manager = await newStaff(scene, "catalogue");
    await openItem(manager, house);
    await press(manager, manager.getByRole("link", { name: "设计申请表" }));
    rows = await manager.locator("main .form-rows > li").count();
    assert(rows > 0, "the editor shows no questions");
    await inspect(manager, "desk-form-design");
    await inspectWidths(manager, "form-design", [390]);

    await press(manager, manager.getByRole("button", { name: "加一项自己的问题" }));
    await part(manager, rows, "label").fill("车辆来源");
    await part(manager, rows, "way").selectOption("radio");
    await press(manager, manager.getByRole("button", { name: "保存为待发布的修改" }));
    await refused(manager, "“车辆来源”还没有选项");
    assert((await part(manager, rows, "label").inputValue()) === "车辆来源", "what was typed is gone");
    await inspect(manager, "desk-form-design-refused");
    await part(manager, rows, "choices").fill("自有\n租赁");

    await manager.selectOption("[name=element]", { label: "车牌号码" });
    await press(manager, manager.getByRole("button", { name: "加入这一项" }));
    await row(manager, rows + 1).locator("summary").click();
    await part(manager, rows + 1, "when_field").selectOption({ label: "“车辆来源”选了下面的答案时" });
    await part(manager, rows + 1, "when_values").fill("自有");

    await press(manager, manager.getByRole("button", { name: "加一张表格" }));
    await part(manager, rows + 2, "label").fill("拟聘驾驶员");
    await press(manager, manager.getByRole("button", { name: "加一列" }).last());
    await part(manager, rows + 2, "c.0.label").fill("姓名");
    await part(manager, rows + 2, "c.1.way").selectOption("radio");
    await part(manager, rows + 2, "rows_max").fill("3");
    await press(manager, manager.getByRole("button", { name: "保存为待发布的修改" }));
    await refused(manager, "“拟聘驾驶员”的第 2 列还没有名称");
    await part(manager, rows + 2, "c.1.label").fill("准驾车型");
    await part(manager, rows + 2, "c.1.choices").fill("A2\nB2");
    await inspect(manager, "desk-form-design-table");
    await inspectWidths(manager, "form-design-table", [390]);
    await press(manager, manager.getByRole("button", { name: "更新预览" }).last());
    const preview = await manager.textContent("#form-preview");
    assert(preview.includes("车辆来源") && preview.includes("租赁"), "the preview does not show the new question");
    assert(preview.includes("拟聘驾驶员") && preview.includes("准驾车型"), "the preview does not show the columns of the table");
    await press(manager, manager.getByRole("button", { name: "保存为待发布的修改" }));
    await accepted(manager);
    await inspect(manager, "desk-form-designed");
    await press(manager, manager.locator("form[action$='/publish'] button[type=submit]"));
    await accepted(manager);
  });

  await test("form: a question may ask for a file, which is one of the item's materials", async () => {
    const manager = await newStaff(scene, "catalogue");
    await openItem(manager, house);
    await press(manager, manager.getByRole("link", { name: "设计申请表" }));
    const place = await manager.locator("main .form-rows > li").count();
    await press(manager, manager.getByRole("button", { name: "加一项自己的问题" }));
    await part(manager, place, "label").fill("车辆照片");
    await part(manager, place, "way").selectOption("attachment");
    await press(manager, manager.getByRole("button", { name: "保存为待发布的修改" }));
    await refused(manager, "是附件，请选它是哪一份材料");
    await part(manager, place, "material").selectOption({ index: 1 });
    await press(manager, manager.getByRole("button", { name: "更新预览" }).last());
    assert((await manager.textContent("#form-preview")).includes("车辆照片"), "the preview does not show it");
    await inspectWidths(manager, "form-design-attachment");
    await press(manager, manager.getByRole("link", { name: "不保存，返回" }));
  });

  await test("form: without a script questions are moved, and nothing is kept before it is saved", async () => {
    const plain = await newStaff(scene, "catalogue", { ...PLAIN, viewport: DESK.viewport });
    await openItem(plain, house);
    await press(plain, plain.getByRole("link", { name: "设计申请表" }));
    const last = await part(plain, rows + 1, "name").inputValue();
    await press(plain, row(plain, rows + 1).getByRole("button", { name: "上移" }));
    assert((await part(plain, rows, "name").inputValue()) === last, "the question did not move");
    // Asked before the question that decides, it could not be shown by any page.
    await press(plain, plain.getByRole("button", { name: "保存为待发布的修改" }));
    await refused(plain, "须是同一组里排在它前面的一项");
    await press(plain, plain.getByRole("link", { name: "不保存，返回" }));
    await press(plain, plain.getByRole("link", { name: "设计申请表" }));
    assert((await part(plain, rows + 1, "name").inputValue()) === last, "a move that was not saved was kept");
  });

  await test("form: an applicant is asked for the plate of their own car only", async () => {
    const { page, person } = await newCitizen(scene, "郭运来");
    await get(page, house, `/guides?q=${encodeURIComponent(ITEM)}`);
    await press(page, page.getByRole("link", { name: ITEM, exact: true }));
    await press(page, page.getByRole("link", { name: "开始申请" }));
    for (let turn = 0; turn < 6 && !(await page.$("[name=plate_number]")); turn += 1) {
      await fillPage(page, person);
      await press(page, "main form:not(.inline-form) button.btn-primary");
      await accepted(page);
    }
    const plate = page.locator("[name=plate_number]");
    assert(!(await plate.isVisible()), "the plate is asked before the answer that asks it");
    await page.getByLabel("自有").check();
    assert(await plate.isVisible(), "the plate is not asked");
    await inspect(page, "phone-form-condition");
    await page.getByLabel("租赁").check();
    assert(!(await plate.isVisible()), "the plate is still asked");

    const context = await browser.newContext({ ...PLAIN, storageState: await page.context().storageState() });
    const plain = await context.newPage();
    await get(plain, house, new URL(page.url()).pathname);
    assert((await mainText(plain)).includes("“车辆来源”选“自有”时填写。"), "without a script nobody is told when the plate is asked");
    await plain.close();
    await page.setViewportSize(PHONE.viewport);
    driversAt = new URL(page.url()).pathname;
    applicant = { page, person };
  });

  await test("form: rows are added, taken out and refused on a phone, with the keyboard, and nothing typed is lost", async () => {
    const { page, person } = applicant;
    const cell = (row, name) => page.locator(`main .rows-field .rows-row:nth-of-type(${row + 1}) .field`, { hasText: name }).locator("input").first();
    await get(page, house, driversAt);
    assert((await page.locator(".rows-row").count()) === 1, "a table that must be filled in begins without a row");
    await cell(0, "姓名").fill("郭师傅");
    await press(page, page.getByRole("button", { name: "添加一行 拟聘驾驶员" }));
    assert((await cell(0, "姓名").inputValue()) === "郭师傅", "what was typed in the first row is gone");
    const focused = await page.evaluate(() => document.activeElement?.querySelector("legend")?.textContent ?? "");
    assert(focused.includes("第 2 行"), `a new row is not where the keyboard is, but: ${focused}`);
    // From the row on, the first Tab leads into its first question.
    await page.keyboard.press("Tab");
    await page.keyboard.type("张师傅");
    assert((await cell(1, "姓名").inputValue()) === "张师傅", "the keyboard does not lead into the new row");
    await inspect(page, "phone-form-rows");
    await inspectWidths(page, "form-rows", [1440]);
    await fillPage(page, person);
    await page.locator(".rows-row").nth(1).locator("input[type=radio]").first().evaluate((radio) => { radio.form[radio.name].forEach((one) => { one.checked = false; }); });
    await press(page, "main form:not(.inline-form) button.btn-primary");
    await refused(page, "拟聘驾驶员第 2 行：请选择准驾车型");
    assert((await cell(1, "姓名").inputValue()) === "张师傅", "what was typed is gone after the error");
    await inspect(page, "phone-form-rows-refused");
    await press(page, page.getByRole("button", { name: "添加一行 拟聘驾驶员" }));
    assert((await page.getByRole("button", { name: "添加一行 拟聘驾驶员" }).count()) === 0, "a fourth row may be added");
    await press(page, page.getByRole("button", { name: "删去第 2 行 拟聘驾驶员" }));
    assert((await page.locator(".rows-row").count()) === 2, "the row was not taken out");

    // Without a script: the same buttons, and Enter in a field takes no row out.
    const context = await browser.newContext({ ...PLAIN, storageState: await page.context().storageState() });
    const plain = await context.newPage();
    await get(plain, house, driversAt);
    const first = plain.locator(".rows-row").first().locator("input[type=text]").first();
    assert((await first.inputValue()) === "郭师傅", "the draft does not keep the rows");
    await press(plain, plain.getByRole("button", { name: "添加一行 拟聘驾驶员" }));
    assert((await plain.locator(".rows-row").count()) === 2, "without a script no row is added");
    assert((await first.inputValue()) === "郭师傅", "without a script what was typed is gone");
    await Promise.all([plain.waitForNavigation(), first.press("Enter")]);
    await accepted(plain);
    const check = `${driversAt.replace(/\/form\/\d+$/, "")}/check`;
    await get(plain, house, check);
    assert((await mainText(plain)).includes("1. 姓名 郭师傅；准驾车型 A2"), "the rows are not read before they are handed in");
    await context.close();
  });
}
