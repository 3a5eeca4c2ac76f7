// A process that a county officer drew: uploaded and published on the item's page, then two people work on two branches of one
// case at the same time, and the case comes to its decision.
import { readFileSync } from "node:fs";
import { PHONE, accepted, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { applyFor, done, newCitizen, newStaff, openCase } from "./life.mjs";

const ITEM = "残疾人证新办";
const OFFICE = { clerk: "clhu-clerk", reviewer: "clhu-review", approver: "clhu-approve" };
const DRAWING = readFileSync(new URL("../../crates/cases/src/model/tests/two_branches.bpmn", import.meta.url), "utf8");

const file = (name, text) => ({ name, mimeType: "application/xml", buffer: Buffer.from(text) });

async function upload(page, text) {
  await page.setInputFiles("form[action$='/process'] [name=file]", file("process.bpmn", text));
  await press(page, "form[action$='/process'] button[type=submit]");
}

/** The part of the case page that is about one open task. */
const task = (page, name) => page.locator("main section.open-task").filter({ has: page.getByRole("heading", { name, exact: true }) });

export async function tell(scene) {
  const { house } = scene;
  let receipt = {};
  let reviewer;
  let approver;

  await test("drawn: a drawing with mistakes is refused with their places, a sound one is published", async () => {
    const manager = await newStaff(scene, "catalogue");
    await get(manager, house, `/staff/items?q=${encodeURIComponent(ITEM)}`);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    await upload(manager, DRAWING.replaceAll('targetRef="papers"', 'targetRef="nowhere"').replace('<bpmn:startEvent id="start" name="受理" />', ""));
    const refused = await mainText(manager);
    assert(refused.includes("处问题，没有保存") && refused.includes("流程图第"), "the problems are not told with their lines");
    await inspect(manager, "desk-drawing-refused");
    await upload(manager, DRAWING);
    await accepted(manager);
    const kept = await mainText(manager);
    assert(kept.includes("现场核查") && kept.includes("现场符合要求"), "the page does not show what is drawn");
    await inspect(manager, "desk-drawing");
    await inspectWidths(manager, "drawing", [390]);
    const again = await manager.evaluate(async (path) => (await fetch(path)).text(), await manager.getAttribute("a[href$='/process.bpmn']", "href"));
    assert(again === DRAWING, "the file does not come out as it went in");
    await press(manager, manager.locator("form[action$='/publish'] button[type=submit]"));
    await accepted(manager);
  });

  await test("drawn: after the first task two branches are open, each with its own form", async () => {
    const citizen = await newCitizen(scene, "何水生");
    receipt = await applyFor(house, citizen, { item: ITEM, everything: true });
    const clerk = await newStaff(scene, OFFICE.clerk);
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    reviewer = await newStaff(scene, OFFICE.reviewer);
    approver = await newStaff(scene, OFFICE.approver);
    await openCase(house, reviewer, receipt.number);
    await done(reviewer, "完成初审", { opinion: "材料齐全。" });
    await press(reviewer, task(reviewer, "材料审查").locator("form[action$='-claim'] button"));
    await accepted(reviewer);
    await openCase(house, approver, receipt.number);
    assert((await task(approver, "材料审查").locator("form[action$='-complete']").count()) === 0, "a task that is another's is offered");
    assert((await approver.locator("main [data-key=y]").count()) === 1, "there is not one next step");
    for (const [page, name] of [[reviewer, "reviewer"], [approver, "approver"]]) {
      await inspect(page, `desk-branches-${name}`);
      await inspectWidths(page, `branches-${name}`, [390]);
    }
  });

  await test("drawn: the list shows both branches and whose they are", async () => {
    const list = await newStaff(scene, OFFICE.reviewer);
    await get(list, house, "/staff/cases?view=mine");
    const row = list.locator(`main tr[data-open$='${receipt.case}']`);
    const text = await row.textContent();
    assert(text.includes("现场核查") && text.includes("材料审查") && text.includes("（我）"), `the row says ${text}`);
    await inspect(list, "desk-list-branches");
    await list.setViewportSize(PHONE.viewport);
    await inspect(list, "list-branches-390");
  });

  await test("drawn: two people finish their branches without waiting for each other", async () => {
    await done(approver, "完成现场核查", { answer_clean: "true", opinion: "现场符合要求。" });
    // The reviewer's page was opened before; what a colleague did on the other branch does not concern it.
    await done(reviewer, "完成材料审查", { opinion: "材料属实。" });
    await openCase(house, approver, receipt.number);
    await done(approver, "完成集体会审", { opinion: "一致同意。" });
    await done(approver, "准予", { opinion: "准予许可。" });
    assert((await mainText(approver)).includes("准予"), "the decision does not show");
    await inspect(approver, "desk-drawn-decided");
  });
}
