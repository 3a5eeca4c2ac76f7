// One notice of all defects, and never a second one for what was not told (行政许可法 article 32).
import { accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { OFFICE, applyFor, done, newCitizen, newStaff, openCase } from "./life.mjs";
import { photograph } from "./people.mjs";
import { Strokes } from "./strokes.mjs";

export async function tell(scene) {
  const { house } = scene;
  let citizen;
  let clerk;
  let receipt = {};

  await test("correction: one notice tells two defects", async () => {
    citizen = await newCitizen(scene, "黄德旺");
    clerk = await newStaff(scene, OFFICE.clerk);
    receipt = await applyFor(house, citizen, { everything: true });
    await openCase(house, clerk, receipt.number);
    await press(clerk, clerk.getByRole("link", { name: "一次性告知补正" }));
    await inspect(clerk, "desk-correction");
    await press(clerk, "button:has-text('发出一次性告知')");
    await refused(clerk, "请列出全部需要补正的内容");
    await inspect(clerk, "desk-correction-empty");
    await inspectWidths(clerk, "correction");
    // On a phone each defect is written where it can be seen, not beyond the edge of a table.
    await clerk.setViewportSize({ width: 390, height: 844 });
    for (const field of [clerk.locator("input[name^='material:']").first(), clerk.locator("input[name='field:shop_name']")]) {
      const place = await field.boundingBox();
      assert(place.width > 200 && place.x >= 0 && place.x + place.width <= 390, `the field lies at ${JSON.stringify(place)}`);
    }
    await clerk.setViewportSize({ width: 1440, height: 1000 });
    await clerk.locator("input[name^='material:']").nth(0).fill("缺少申请人签名，请签名后重新拍照上传。");
    await clerk.locator("input[name='field:shop_name']").fill("店招名称与营业执照不一致，请按营业执照填写。");
    await press(clerk, "button:has-text('发出一次性告知')");
    await accepted(clerk);
    assert((await mainText(clerk)).includes("补正中"), "the case does not wait for the applicant");
    await inspect(clerk, "desk-case-correcting");
  });

  await test("correction: the citizen supplies both", async () => {
    const { page } = citizen;
    await get(page, house, "/my");
    assert((await mainText(page)).includes("等您处理"), "the citizen is not asked");
    await inspect(page, "phone-my-waiting");
    await get(page, house, `/my/cases/${receipt.case}`);
    await inspect(page, "phone-my-case-correcting");
    await press(page, page.getByRole("link", { name: "去补齐" }));
    await inspect(page, "phone-supply");
    await press(page, "button:has-text('提交补正')");
    await refused(page, "还没有补任何内容");
    await inspect(page, "phone-supply-empty");
    await page.setInputFiles("main input[type=file]", { name: "签名页.png", mimeType: "image/png", buffer: photograph });
    await press(page, "main form[enctype] button[type=submit]");
    await accepted(page);
    await page.fill("[name=shop_name]", "德旺副食店");
    await press(page, "button:has-text('保存这一项')");
    await accepted(page);
    await inspect(page, "phone-supply-complete");
    await press(page, "button:has-text('提交补正')");
    await accepted(page);
    assert((await mainText(page)).includes("已收到您补交的内容"), "nothing says that it arrived");
  });

  await test("correction: a second notice of something new is refused", async () => {
    await openCase(house, clerk, receipt.number);
    assert((await mainText(clerk)).includes("德旺副食店"), "the new answer is not shown");
    await inspect(clerk, "desk-case-supplied");
    await clerk.goto(`${house.origin}/staff/cases/${receipt.case}/correction`);
    const lines = clerk.locator("input[name^='material:']");
    if ((await lines.count()) > 1) {
      await lines.nth(1).fill("请再补一份复印件。");
      await press(clerk, "button:has-text('发出一次性告知')");
      await refused(clerk, "补正须一次告知全部内容");
      assert((await clerk.locator("input[name^='material:']").nth(1).inputValue()).includes("再补一份"), "what was typed is gone");
      await inspect(clerk, "desk-correction-second");
    }
  });

  await test("correction: it is accepted", async () => {
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    assert((await mainText(clerk)).includes("受理通知书"), "the acceptance notice is not listed");
  });

  await test("correction: any counter takes it with the keyboard alone", async () => {
    const desk = await newStaff(scene, "clerk");
    const keys = new Strokes(desk);
    receipt = await applyFor(house, citizen, { everything: true });
    await openCase(house, clerk, receipt.number);
    await press(clerk, clerk.getByRole("link", { name: "一次性告知补正" }));
    await clerk.locator("input[name^='material:']").nth(0).fill("缺少申请人签名，请签名后交原件。");
    await clerk.locator("input[name='field:shop_name']").fill("店招名称与营业执照不一致，请按营业执照填写。");
    await press(clerk, "button:has-text('发出一次性告知')");
    await accepted(clerk);
    assert((await mainText(clerk)).includes("收补交材料"), "the case page leads to no counter");
    await get(desk, house, "/staff/counter");
    await keys.type(receipt.number);
    await keys.go("Enter");
    assert(desk.url().includes("/staff/counter/supply/"), `the number leads to ${desk.url()}`);
    const asked = await mainText(desk);
    for (const words of ["缺少申请人签名", "店招名称与营业执照不一致"]) assert(asked.includes(words), `“${words}” is not on the page`);
    await inspect(desk, "counter-supply");
    await inspectWidths(desk, "counter-supply");
    await keys.go("s");
    await refused(desk, "还没有标出收到了什么");
    await keys.press("1");
    await keys.go("s");
    await refused(desk, "还有1项没有补");
    await inspect(desk, "counter-supply-refused");
    await keys.press("t");
    assert((await keys.at()) === "shop_name", `t leads to ${await keys.at()}`);
    await keys.press("Control+a");
    await keys.type("德旺副食店二店");
    await keys.press("Escape");
    await keys.go("s");
    await accepted(desk);
    assert((await desk.textContent("h1")).includes("已收到补正材料"), await mainText(desk));
    await inspect(desk, "counter-supply-done");
    const slip = await desk.getAttribute(".candidates a[data-key=p]", "href");
    assert(slip.includes("/supplied-"), `p prints ${slip}`);
    const paper = await desk.request.get(house.origin + slip);
    assert(paper.status() === 200 && (await paper.body()).subarray(0, 5).toString() === "%PDF-", "the slip is no PDF");
    await openCase(house, clerk, receipt.number);
    const text = await mainText(clerk);
    assert(text.includes("德旺副食店二店") && text.includes("纸质 1 份"), "what was brought is not in the case");
  });
}
