// Two people on one case, two presses of one button, the way back after a deed, and pages that are not one's own.
import { DESK, PHONE, accepted, assert, get, inspect, mainText, refused, test } from "./check.mjs";
import { OFFICE, act, applyFor, done, newCitizen, newStaff, openCase } from "./life.mjs";

export async function tell(scene) {
  const { house } = scene;
  let citizen;
  let receipt = {};
  let clerk;
  let colleague;

  await test("together: the second of two clerks sees what the first one did", async () => {
    citizen = await newCitizen(scene, "周永福");
    receipt = await applyFor(house, citizen, { everything: true });
    clerk = await newStaff(scene, OFFICE.clerk);
    colleague = await newStaff(scene, OFFICE.approver, DESK);
    await openCase(house, clerk, receipt.number);
    await openCase(house, colleague, receipt.number);
    await done(clerk, "受理");
    await act(colleague, "受理");
    await refused(colleague, "刚刚");
    const text = await mainText(colleague);
    assert(text.includes("您打开以后") && text.includes("受理"), "the page does not say what changed");
    await inspect(colleague, "desk-case-changed");
  });

  await test("together: a button pressed twice does its deed once", async () => {
    const other = await newCitizen(scene, "吴小莲");
    const second = await applyFor(house, other, { everything: true });
    await openCase(house, clerk, second.number);
    await Promise.all([clerk.waitForNavigation(), clerk.locator("main form[action$='/accept'] button[type=submit]").dblclick()]);
    await clerk.waitForLoadState("load");
    await accepted(clerk);
    const twice = await clerk.evaluate(async (path) => {
      const page = await (await fetch(path)).text();
      const form = new DOMParser().parseFromString(page, "text/html").querySelector("form[action$='/say']");
      const body = () => new URLSearchParams([...[...new FormData(form)].filter(([name]) => name !== "say-text"), ["say-text", "请按时到现场。"]]);
      const send = () => fetch(form.getAttribute("action"), { method: "POST", body: body() }).then((answer) => answer.status);
      return [await send(), await send()];
    }, `/staff/cases/${second.case}`);
    assert(twice.every((status) => status === 200), `the same form sent twice answered ${twice}`);
    await clerk.reload();
    const text = await mainText(clerk);
    assert(text.split("请按时到现场。").length === 2, "the line stands there twice");
    assert(text.split("受理通知书").length === 2, "it was accepted twice");
  });

  await test("together: the way back after a deed repeats nothing", async () => {
    const before = clerk.url();
    await clerk.goBack();
    await clerk.goForward();
    await clerk.goto(before);
    await accepted(clerk);
    assert((await mainText(clerk)).split("受理通知书").length === 2, "going back accepted it again");
  });

  await test("together: applicants do not open the staff's page, not of their own case either", async () => {
    const { page } = citizen;
    await get(page, house, `/staff/cases/${receipt.case}`, 403);
    await inspect(page, "phone-forbidden");
    const stranger = await newCitizen(scene, "郑阿宝");
    for (const path of [`/my/cases/${receipt.case}`, `/my/cases/${receipt.case}/supply`, `/staff/cases/${receipt.case}`, `/cases/${receipt.case}/notices/1.pdf`]) {
      const answer = await stranger.page.goto(house.origin + path);
      assert([403, 404].includes(answer.status()), `a stranger got ${answer.status()} at ${path}`);
    }
  });

  await test("together: staff read by night", async () => {
    const page = await newStaff(scene, OFFICE.reviewer);
    await get(page, house, "/display?theme=on&back=/staff/cases");
    await inspect(page, "dark-worklist");
    await openCase(house, page, receipt.number);
    await inspect(page, "dark-case");
    await page.setViewportSize(PHONE.viewport);
    await inspect(page, "dark-case-390");
  });

  await test("together: the citizen reads 繁體 and English", async () => {
    const { page } = citizen;
    for (const language of ["zh-Hant", "en"]) {
      await get(page, house, `/my/cases/${receipt.case}?lang=${language}`);
      await inspect(page, `phone-my-case-${language}`);
    }
  });
}
