// A process that waits for others: a laboratory and another system. The applicant is told to keep ready and sees on the phone what is
// waited for; the reviewer notes what came with the keyboard alone, and without JavaScript once; the case goes on by it.
import { PHONE, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { PASSWORD, signInStaff } from "./people.mjs";
import { applyFor, done, newCitizen, newStaff, openCase } from "./life.mjs";

const ITEM = "城镇污水排入排水管网许可";
const OFFICE = { clerk: "zjju-clerk", reviewer: "zjju-review", approver: "zjju-approve" };

export async function tell(scene) {
  const { house, browser } = scene;
  let receipt;
  let citizen;
  let reviewer;

  await test("awaited: a drawing that waits for others can be walked through before it is published", async () => {
    const manager = await newStaff(scene, "catalogue");
    await get(manager, house, `/staff/items?search=${encodeURIComponent(ITEM)}`);
    await press(manager, manager.getByRole("link", { name: ITEM, exact: true }));
    await press(manager, manager.getByRole("link", { name: "试走", exact: true }));
    await press(manager, 'main button:has-text("受理，开始走")');
    await press(manager, 'main button:has-text("办完材料审查")');
    assert((await mainText(manager)).includes("等候水质复测结果"), await mainText(manager));
    await inspectWidths(manager, "awaited-rehearsal", [390]);
    await press(manager, 'main button:has-text("当作收到了：水质复测结果")');
    assert((await mainText(manager)).includes("外面的结果到了"), await mainText(manager));
  });

  await test("awaited: the applicant is told what the process says, and sees on the phone what is waited for", async () => {
    citizen = await newCitizen(scene, "何水清");
    receipt = await applyFor(house, citizen, { item: ITEM, everything: true });
    const clerk = await newStaff(scene, OFFICE.clerk);
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    reviewer = await newStaff(scene, OFFICE.reviewer);
    await openCase(house, reviewer, receipt.number);
    await done(reviewer, "完成材料审查", { opinion: "材料齐全。" });
    const phone = citizen.page;
    await get(phone, house, "/my/messages");
    assert((await mainText(phone)).includes("配合检测机构到排水口取样复测"), await mainText(phone));
    await get(phone, house, `/my/cases/${receipt.case}`);
    assert((await mainText(phone)).includes("等候水质复测结果"), await mainText(phone));
    await inspect(phone, "phone-awaited");
  });

  await test("awaited: what came in is noted with its result, and nothing typed is lost", async () => {
    await openCase(house, reviewer, receipt.number);
    assert((await mainText(reviewer)).includes("等候水质复测结果"));
    const waiting = reviewer.locator("main section.open-task").filter({ has: reviewer.getByRole("heading", { name: "等候水质复测结果" }) });
    await waiting.locator("summary").focus();
    await reviewer.keyboard.press("Enter");
    await waiting.locator("input[name$='-result']").fill("超标");
    await press(reviewer, waiting.locator("button:has-text('记下')"));
    await refused(reviewer, "请写明收到了什么");
    assert((await reviewer.locator("input[name$='-result']").inputValue()) === "超标", "what was typed is gone");
    await inspect(reviewer, "desk-awaited-wrong");
    await inspectWidths(reviewer, "awaited-wrong", [390]);
    await reviewer.locator("textarea[name$='-note']").fill("检测机构送来复测报告，氨氮超标。");
    await press(reviewer, reviewer.locator("button:has-text('记下')"));
    await accepted(reviewer);
    await done(reviewer, "完成现场勘查", { opinion: "排水口已接好。" });
  });

  await test("awaited: another system that could not do it leads to a person, without JavaScript", async () => {
    const plain = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
    const page = await plain.newPage();
    await signInStaff(page, house.origin, OFFICE.reviewer, PASSWORD);
    await get(page, house, `/staff/cases/${receipt.case}`);
    await page.locator("textarea[name$='-note']").fill("信用系统停机。");
    await page.locator("input[name$='-failed']").check();
    await page.locator("button:has-text('记下')").click();
    await page.waitForLoadState();
    assert((await mainText(page)).includes("人工核查信用"), await mainText(page));
    await plain.close();
    await openCase(house, reviewer, receipt.number);
    await done(reviewer, "完成人工核查信用", { opinion: "电话核实，没有失信记录。" });
    await done(reviewer, "完成整改复核", { opinion: "整改后达标。" });
    const approver = await newStaff(scene, OFFICE.approver);
    await openCase(house, approver, receipt.number);
    const text = await mainText(approver);
    for (const said of ["收到：水质复测结果", "没有办成：信用核查", "氨氮超标"]) assert(text.includes(said), `${said} ${text}`);
    await inspectWidths(approver, "awaited-done", [390]);
  });
}
