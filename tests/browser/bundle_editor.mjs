// A manager writes a life event in the browser: items from the list, one that must be granted before another, a question that
// chooses; mistakes lose nothing; without a script and on a phone it is the same page; the tree shows it when it is published.
import { DESK, PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { newStaff } from "./life.mjs";

const NAME = "我要开民宿";

const field = (page, name) => page.locator(`main [name="${name}"]`);
const deed = (page, word) => press(page, page.locator(`main button[name=deed][value="${word}"]`).first());

async function add(page, label) {
  await page.selectOption("main [name=chosen]", { label });
  await deed(page, "member");
}

export async function tell(scene) {
  const { house } = scene;

  await test("bundle_editor: a life event is written, mistakes lose nothing, and it hangs in the tree", async () => {
    const manager = await newStaff(scene, "catalogue");
    await get(manager, house, "/staff/bundles");
    await press(manager, manager.getByRole("link", { name: "新建" }));
    await inspect(manager, "desk-bundle-new");
    await field(manager, "code").fill("S88");
    await field(manager, "name").fill(NAME);
    await field(manager, "tree").selectOption("scenario");
    await field(manager, "order").fill("8");
    await field(manager, "subject").fill("企业");
    await add(manager, "食品经营许可核发");
    await add(manager, "公共场所卫生许可");
    await deed(manager, "foreign");
    await field(manager, "members.2.name").fill("特种行业许可");
    await manager.locator("#member-1 summary").click();
    await manager.locator("#member-1").getByLabel("食品经营许可核发").check();
    await manager.locator("#member-1").getByLabel("联合踏勘").check();
    await deed(manager, "situation");
    await field(manager, "situations.0.question").fill("住宿的床位有多少？");
    await field(manager, "situations.0.options.0.label").fill("十张以上");
    await manager.locator("#situation-0 fieldset").first().getByLabel("特种行业许可").check();
    await deed(manager, "save");
    await refused(manager, "第2个回答");
    assert((await field(manager, "situations.0.question").inputValue()) === "住宿的床位有多少？", "what was typed is gone");
    await inspect(manager, "desk-bundle-refused");
    await deed(manager, "unoffer:0:1");
    await deed(manager, "save");
    await accepted(manager);
    assert((await mainText(manager)).includes("“公共场所卫生许可”在“食品经营许可核发”批准以后开办"), "the order is not told");
    await inspect(manager, "desk-bundle-written");
    await press(manager, manager.getByRole("button", { name: "发布" }));
    await accepted(manager);
    await press(manager, manager.getByRole("link", { name: "编辑" }));
    await inspectWidths(manager, "bundle-edit", [390]);
    await get(manager, house, "/bundles");
    assert((await mainText(manager)).includes(NAME), "the tree does not show it");
  });

  await test("bundle_editor: without a script and on a phone it is the same page", async () => {
    const plain = await newStaff(scene, "catalogue", { ...PLAIN, viewport: DESK.viewport });
    await get(plain, house, "/staff/bundles");
    await press(plain, plain.getByRole("link", { name: NAME }));
    await press(plain, plain.getByRole("link", { name: "编辑" }));
    await deed(plain, "up:1");
    assert((await plain.locator("#member-0 summary").textContent()).includes("公共场所卫生许可"), "the item did not move");
    await deed(plain, "remove:1");
    assert((await plain.locator("#member-0 input[type=checkbox][name='members.0.after']:checked").count()) === 0, "who was taken out is still waited for");
    await field(plain, "summary").fill("开民宿要办的手续，一次申请。");
    await deed(plain, "save");
    await accepted(plain);
    await plain.context().close();
  });
}
