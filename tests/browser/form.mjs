// A manager designs an item's form: a question of their own, an element of the dictionary that is asked only after a certain
// answer. Mistakes lose nothing, the preview is what applicants get, and all of it works without a script.
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
    await press(manager, manager.getByRole("button", { name: "更新预览" }).last());
    const preview = await manager.textContent("#form-preview");
    assert(preview.includes("车辆来源") && preview.includes("租赁"), "the preview does not show the new question");
    await press(manager, manager.getByRole("button", { name: "保存为待发布的修改" }));
    await accepted(manager);
    await inspect(manager, "desk-form-designed");
    await press(manager, manager.locator("form[action$='/publish'] button[type=submit]"));
    await accepted(manager);
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
  });
}
