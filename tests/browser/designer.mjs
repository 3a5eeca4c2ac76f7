// A process drawn in the browser: one task more with the keyboard, whom it is for and in how many days, a problem that is seen
// and mended, saved, run through with a made-up case, and published with its picture on the guide.
import { DESK, PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { newStaff } from "./life.mjs";
import { PASSWORD, signInStaff } from "./people.mjs";

const ITEM = "取水许可";
const RULED = "临时性建筑物搭建、堆放物料、占道施工审批";
const TASK = "现场核查";
const NOTICE = "审查已经完成，请留意领证的消息";

const panel = (page) => page.locator("[data-designer-properties]");
const problems = (page) => page.locator("[data-designer-problems]");

/** Selects an element as the keyboard does: by its words in the list of elements. */
async function choose(page, words) {
  const list = panel(page).getByLabel("选中的元素");
  const value = await list.locator("option").evaluateAll((options, words) => options.find((option) => option.textContent.includes(words))?.value, words);
  assert(value, `there is no element “${words}”`);
  await list.selectOption(value);
}

async function fill(page, label, text) {
  const field = panel(page).getByLabel(label, { exact: true });
  await field.fill(text);
  await field.blur();
}

/** Waits until the check says something. */
async function told(page, words) {
  await problems(page).getByText(words).first().waitFor();
}

export async function tell(scene) {
  const { house, browser } = scene;
  let manager;
  let item = "";

  await test("designer: an item without a drawing begins with one that can be used", async () => {
    manager = await newStaff(scene, "catalogue");
    await get(manager, house, `/staff/items?q=${encodeURIComponent(ITEM)}`);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    item = new URL(manager.url()).pathname;
    await press(manager, manager.getByRole("link", { name: "在线绘制" }));
    await told(manager, "没有问题");
    assert(await manager.locator(".bjs-powered-by").isVisible(), "the watermark is not to be seen");
    await inspect(manager, "desk-designer");
  });

  await test("designer: a task is drawn with the keyboard, and what is wrong is told beside the drawing", async () => {
    await choose(manager, "连线：审查 → 作出决定");
    await panel(manager).getByRole("button", { name: "插入任务" }).press("Enter");
    await told(manager, "用户任务没有名称");
    await inspect(manager, "desk-designer-problem");
    await problems(manager).getByRole("button", { name: "用户任务没有名称" }).press("Enter");
    await fill(manager, "名称", TASK);
    await fill(manager, "几个工作日内办完", "3");
    await panel(manager).getByLabel("审批", { exact: true }).check();
    await panel(manager).getByRole("button", { name: "加一个问题" }).press("Enter");
    await fill(manager, "问什么", "现场符合要求");
    await choose(manager, "结束：作出决定");
    await told(manager, "没有问题");
    await inspectWidths(manager, "designer", [390]);
  });

  await test("designer: a notice to the applicant is a task whose words are asked for", async () => {
    await choose(manager, `连线：${TASK} → 作出决定`);
    await panel(manager).getByRole("button", { name: "插入通知" }).press("Enter");
    await told(manager, "消息的名称就是发给申请人的话");
    await fill(manager, "名称", "通知领证");
    await fill(manager, "发给申请人的话", NOTICE);
    await choose(manager, "结束：作出决定");
    await told(manager, "没有问题");
    await choose(manager, "通知：通知领证");
    assert((await panel(manager).getByLabel("发给申请人的话", { exact: true }).inputValue()) === NOTICE, "the words are gone");
  });

  await test("designer: what was drawn is kept, with its picture and its list", async () => {
    await press(manager, manager.getByRole("button", { name: "保存流程图" }));
    await accepted(manager);
    const kept = await mainText(manager);
    assert(kept.includes(TASK) && kept.includes("3 个工作日") && kept.includes("现场符合要求"), "the item does not show what was drawn");
    assert((await manager.locator("svg.process-picture[role=img]").count()) === 1, "there is no picture");
    const file = await manager.evaluate(async (path) => (await fetch(path)).text(), `${item}/process.bpmn`);
    assert(file.includes(NOTICE) && /<bpmn:sendTask [^>]*messageRef=/.test(file), file);
    assert(file.includes('wuchuang:limitDays="3"') && file.includes('wuchuang:candidateGroups="审批"') && file.includes("wuchuang:formField"), file);
    await inspect(manager, "desk-item-with-picture");
    await inspectWidths(manager, "item-with-picture", [390]);
  });

  await test("designer: a made-up case goes through it before it is published, and nothing is kept", async () => {
    await press(manager, manager.getByRole("link", { name: "试走", exact: true }));
    await press(manager, manager.getByRole("button", { name: "受理，开始走" }));
    await inspect(manager, "desk-run-through");
    await inspectWidths(manager, "run-through", [390]);
    await press(manager, manager.getByRole("button", { name: "办完审查" }));
    await press(manager, manager.getByRole("button", { name: `办完${TASK}` }));
    assert((await manager.textContent(".error-summary")).includes("现场符合要求"), "a question that must be answered is not asked for");
    await manager.getByLabel("是", { exact: true }).check();
    await press(manager, manager.getByRole("button", { name: `办完${TASK}` }));
    assert((await mainText(manager)).includes("流程走完了"), "the process does not end");
    await inspect(manager, "desk-run-through-over");
    await press(manager, manager.getByRole("button", { name: "撤回最后一步" }));
    assert((await mainText(manager)).includes(`办完${TASK}`), "the last move is not taken back");
  });

  await test("designer: it is published, and everybody sees it on the guide", async () => {
    await get(manager, house, item);
    await press(manager, manager.locator("form[action$='/publish'] button[type=submit]"));
    await accepted(manager);
    const context = await browser.newContext(PLAIN);
    const guest = await context.newPage();
    await get(guest, house, `/guides/${item.split("/").pop()}`);
    assert((await mainText(guest)).includes(TASK), "the guide does not list the steps");
    assert((await guest.locator("svg.process-picture").count()) === 1, "the guide has no picture");
    await context.close();
  });

  await test("designer: what the item's rules decide is chosen by its name", async () => {
    await get(manager, house, `/staff/items?q=${encodeURIComponent(RULED)}`);
    await press(manager, manager.getByRole("link", { name: RULED, exact: true }));
    const ruled = new URL(manager.url()).pathname;
    await press(manager, manager.getByRole("link", { name: "在线绘制" }));
    await told(manager, "没有问题");
    await choose(manager, "连线：审查 → 作出决定");
    await panel(manager).getByRole("button", { name: "插入规则" }).press("Enter");
    await fill(manager, "名称", "算占用费");
    await choose(manager, "规则：算占用费");
    const rules = panel(manager).getByLabel("用哪个规则");
    const offered = await rules.locator("option").allTextContents();
    assert(["占用天数", "道路占用费", "什么时候提醒"].every((name) => offered.includes(name)), offered.join("、"));
    await rules.selectOption("道路占用费");
    await choose(manager, "结束：作出决定");
    await told(manager, "没有问题");
    await press(manager, manager.getByRole("button", { name: "保存流程图" }));
    await accepted(manager);
    const file = await manager.evaluate(async (path) => (await fetch(path)).text(), `${ruled}/process.bpmn`);
    assert(/<bpmn:businessRuleTask [^>]*wuchuang:decision="道路占用费"/.test(file), file);
  });

  await test("designer: it keeps to the policy of the house, and without script it leads to the upload", async () => {
    const strict = await browser.newContext({ ...DESK, bypassCSP: false });
    const page = await strict.newPage();
    const said = [];
    page.on("console", (message) => { if (message.type() === "error") said.push(message.text()); });
    await signInStaff(page, house.origin, "catalogue", PASSWORD);
    await get(page, house, `${item}/process/draw`);
    await told(page, "没有问题");
    await choose(page, `任务：${TASK}`);
    assert(said.length === 0, said.join("\n"));
    await strict.close();
    const plain = await browser.newContext({ ...PLAIN, storageState: await manager.context().storageState() });
    const without = await plain.newPage();
    await get(without, house, `${item}/process/draw`);
    assert((await mainText(without)).includes("JavaScript"), "nothing is said to who has no script");
    assert(!(await without.locator("[data-designer]").isVisible()), "the tool shows although it cannot work");
    await plain.close();
  });
}
