// What bends the straight way: acceptance with a material that may follow, a special procedure that stops the clock, and a
// refusal with its reasons and the way to appeal.
import { DESK, accepted, assert, get, inspect, mainText, press, refused, test } from "./check.mjs";
import { OFFICE, act, applyFor, done, newCitizen, newStaff, openCase, review } from "./life.mjs";
import { photograph } from "./people.mjs";

export async function tell(scene) {
  const { house } = scene;
  let citizen;
  let clerk;
  let approver;
  let receipt = {};

  await test("conditional: accepted although a material is missing", async () => {
    citizen = await newCitizen(scene, "李春燕");
    clerk = await newStaff(scene, OFFICE.clerk);
    approver = await newStaff(scene, OFFICE.approver);
    receipt = await applyFor(house, citizen);
    await openCase(house, clerk, receipt.number);
    await inspect(clerk, "desk-case-incomplete");
    await act(clerk, "受理");
    await refused(clerk, "还缺必要材料");
    const owed = await clerk.locator("[name=accept-owed]").first().getAttribute("value");
    await act(clerk, "受理", { owed, days: "0" });
    await refused(clerk, "请填写天数");
    assert(await clerk.locator(`[name=accept-owed][value="${owed}"]`).isChecked(), "the tick is gone after the error");
    assert((await clerk.locator("main form[action$='/accept'] [name=accept-days]").inputValue()) === "0", "the days are gone after the error");
    await inspect(clerk, "desk-case-conditional-refused");
    await done(clerk, "受理", { days: "5" });
    assert((await mainText(clerk)).includes("容缺受理通知书"), "the notice is not listed");
    await inspect(clerk, "desk-case-conditional");
  });

  await test("conditional: nothing is granted while it is owed", async () => {
    await review(house, approver, receipt.number);
    await act(approver, "准予", { opinion: "同意。" });
    await refused(approver, "容缺材料还没有补齐");
    assert((await approver.inputValue("main form[action$='/grant'] [name=grant-opinion]")) === "同意。", "the opinion is gone after the error");
    await inspect(approver, "desk-case-owed");
  });

  await test("conditional: the owed material is supplied", async () => {
    const { page } = citizen;
    await get(page, house, `/my/cases/${receipt.case}/supply`);
    await inspect(page, "phone-supplement");
    await page.setInputFiles("main input[type=file]", { name: "租赁合同.png", mimeType: "image/png", buffer: photograph });
    await press(page, "main form[enctype] button[type=submit]");
    await accepted(page);
    await press(page, "button:has-text('提交补交的材料')");
    await accepted(page);
    await openCase(house, approver, receipt.number);
    const text = await mainText(approver);
    assert(text.includes("容缺材料已补齐") && !text.includes("容缺待补"), "the case still waits for it");
  });

  await test("conditional: any counter takes what is owed, without script too", async () => {
    const second = await applyFor(house, citizen);
    await openCase(house, clerk, second.number);
    const owed = await clerk.locator("[name=accept-owed]").first().getAttribute("value");
    assert((await mainText(clerk)).includes("申请人已作出容缺承诺"), "the undertaking of the application is not shown");
    await done(clerk, "受理", { owed, days: "5" });
    const desk = await newStaff(scene, "clerk");
    const plain = await scene.browser.newContext({ ...DESK, javaScriptEnabled: false, storageState: await desk.context().storageState() });
    const simple = await plain.newPage();
    await get(simple, house, "/staff/counter");
    await simple.fill("main [name=q]", second.number);
    await Promise.all([simple.waitForNavigation(), simple.press("main [name=q]", "Enter")]);
    assert(simple.url().includes("/staff/counter/supply/"), `landed on ${simple.url()}`);
    await press(simple, "button[value=supply]");
    await refused(simple, "还没有标出收到了什么");
    await simple.check("[data-cycle] input[value=complete]");
    await press(simple, "button[value=supply]");
    await accepted(simple);
    const text = await mainText(simple);
    assert(text.includes("已收到补交材料") && text.includes("补交材料收件凭证"), text);
    await openCase(house, approver, second.number);
    assert((await mainText(approver)).includes("容缺材料已补齐"), "the case still waits for it");
    await plain.close();
  });

  await test("special procedure: the clock stops and goes on", async () => {
    await openCase(house, approver, receipt.number);
    await act(approver, "启动并书面告知", { procedure: "专家评审", days: "5", reason: " " });
    await refused(approver, "理由");
    assert((await approver.inputValue("main form[action$='/stop'] [name=stop-days]")) === "5", "the days are gone after the error");
    await done(approver, "启动并书面告知", { procedure: "专家评审", days: "5", reason: "需要专家现场论证布局。" });
    let text = await mainText(approver);
    assert(text.includes("暂停") && text.includes("专家评审"), "the pause is not shown");
    await approver.locator("summary:has-text('逐日计时依据')").click();
    text = await mainText(approver);
    assert(/暂停|不计/.test(await approver.textContent("ol.evidence")), "the evidence does not show the pause");
    await inspect(approver, "desk-case-stopped");
    await get(citizen.page, house, `/my/cases/${receipt.case}`);
    assert((await mainText(citizen.page)).includes("不计入期限"), "the citizen is not told");
    await inspect(citizen.page, "phone-my-case-stopped");
    await done(approver, "恢复计时", { result: "专家评审通过。" });
    assert(!(await approver.textContent(".toolbar")).includes("暂停"), "the clock still stands");
    await inspect(approver, "desk-case-resumed");
  });

  await test("refusal: with reasons, basis and the way to appeal", async () => {
    await act(approver, "不予", { reason: "经营场所距小学不足50米，不符合合理布局规定。", basis: " " });
    await refused(approver, "请写明法律依据");
    assert((await approver.inputValue("main form[action$='/refuse'] [name=refuse-reason]")).includes("不足50米"), "the reason is gone after the error");
    await inspect(approver, "desk-case-refusing");
    await done(approver, "不予", { basis: "《烟草专卖许可证管理办法》第十三条" });
    await inspect(approver, "desk-case-refused");
    await get(citizen.page, house, `/my/cases/${receipt.case}`);
    const text = await mainText(citizen.page);
    for (const words of ["不足50米", "第十三条", "行政复议", "行政诉讼"]) assert(text.includes(words), `the citizen does not read “${words}”`);
    await inspect(citizen.page, "phone-my-case-refused");
  });
}
