// What a licence says already is not asked again: the form shows it with its source on a phone and at the counter, asks why it
// is another one now, and loses nothing that was typed, without a script either.
import { PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { act, applyFor, newCitizen, newStaff, openCase } from "./life.mjs";
import { Strokes } from "./strokes.mjs";

const ITEM = "食品小经营店备案发放";
const PLACE = "premises";
const REASON = "premises.reason";
const WORDS = "请写明为什么改";
const TURNS_MAX = 150;

async function begin(page, house) {
  await get(page, house, `/guides?q=${encodeURIComponent(ITEM)}`);
  await press(page, page.getByRole("link", { name: ITEM, exact: true }));
  await press(page, page.getByRole("link", { name: "开始申请" }));
  await press(page, "main form button.btn-primary");
  return new URL(page.url()).pathname.replace("/form/1", "");
}

export async function tell(scene) {
  const { house, browser } = scene;
  let citizen;
  let clerk;
  let draft = "";
  let before = "";
  let mine = "";

  await test("known: a licence is granted and answers the next form, with its source under the answer", async () => {
    citizen = await newCitizen(scene, "唐月华");
    clerk = await newStaff(scene, "clerk");
    const receipt = await applyFor(house, citizen, { item: ITEM, everything: true });
    await openCase(house, clerk, receipt.number);
    await act(clerk, "受理并当场办结", { opinion: "材料齐全，同意。" });
    await accepted(clerk);
    const { page } = citizen;
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      await get(page, house, "/my/licences");
      if ((await page.$$("main a[href^='/my/licences/']")).length > 0) break;
      await page.waitForTimeout(200);
    }
    draft = await begin(page, house);
    const text = await mainText(page);
    assert(text.includes("取自登记的个人信息") && text.includes("取自《"), `no source is told: ${text}`);
    await inspect(page, "phone-known");
    await inspectWidths(page, "phone-known", [1440]);
  });

  await test("known: whoever changes it is asked why at once, and nothing is lost when they do not say", async () => {
    const { page } = citizen;
    await get(page, house, `${draft}/form/2`);
    before = await page.inputValue(`[name=${PLACE}]`);
    assert(before, "the place is not filled in");
    const folded = page.locator(`details[data-known=${PLACE}]`);
    assert(!(await folded.evaluate((part) => part.open)), "the reason is asked although nothing was changed");
    await page.fill(`[name=${PLACE}]`, "城关镇环城路8号");
    assert(await folded.evaluate((part) => part.open), "nobody asks why it was changed");
    await press(page, "main form button.btn-primary");
    await refused(page, WORDS);
    assert((await page.inputValue(`[name=${PLACE}]`)) === "城关镇环城路8号", "what was typed is gone");
    await inspect(page, "phone-known-refused");
  });

  await test("known: without a script the reason is written where the mistake leads", async () => {
    const state = await citizen.page.context().storageState();
    const plain = await browser.newContext({ ...PLAIN, storageState: state });
    const page = await plain.newPage();
    await get(page, house, `${draft}/form/2`);
    await page.fill(`[name=${PLACE}]`, "城关镇环城路9号");
    for (const [name, value] of [["shop_name", "月华杂货二店"], ["goods", "粮油"], ["area", "20"]]) {
      if (!(await page.inputValue(`[name=${name}]`))) await page.fill(`[name=${name}]`, value);
    }
    await page.locator("[name=kind]").first().check();
    await press(page, "main form button.btn-primary");
    await refused(page, WORDS);
    await page.fill(`[name="${REASON}"]`, "换了门面");
    await press(page, "main form button.btn-primary");
    await accepted(page);
    await plain.close();
  });

  await test("known: the clerk reads what it was and why it changed", async () => {
    const { page, person } = citizen;
    await get(page, house, `${draft}/form/2`);
    const receipt = await apply(page, person, { everything: true });
    mine = receipt.path.replace("/apply/done/", "/my/cases/");
    await openCase(house, clerk, receipt.number);
    const text = await mainText(clerk);
    assert(text.includes(`原：${before}（取自《`) && text.includes("理由：换了门面"), `the change is not told: ${text}`);
    await inspect(clerk, "desk-case-known");
    await inspectWidths(clerk, "desk-case-known", [390]);
  });

  await test("known: the form is a paper for its applicant, and a masked one for the clerk", async () => {
    const { page } = citizen;
    await get(page, house, mine);
    const link = page.getByRole("link", { name: "申请表（PDF，可以打印签名）" });
    const path = await link.getAttribute("href");
    const papers = [];
    for (const reader of [page, clerk]) {
      const answer = await reader.request.get(`${house.origin}${path}`);
      const paper = await answer.body();
      assert(answer.status() === 200 && paper.subarray(0, 5).toString() === "%PDF-", `the form answered ${answer.status()}`);
      papers.push(paper);
    }
    assert(!papers[0].equals(papers[1]), "the clerk's copy is not masked");
  });

  await test("known: the counter fills it in and asks why, with the keyboard alone", async () => {
    const keys = new Strokes(clerk);
    await get(clerk, house, "/staff/counter");
    await keys.type(citizen.person.number);
    await keys.go("Enter");
    await keys.type(ITEM);
    await keys.go("Enter");
    const text = await mainText(clerk);
    assert(text.includes("取自《") && text.includes("取自登记的个人信息"), `no source is told: ${text}`);
    await inspect(clerk, "counter-known");
    await clerk.focus(`[name=${PLACE}]`);
    await clerk.keyboard.press("Control+a");
    await clerk.keyboard.type("城关镇环城路11号");
    await keys.go("Enter");
    await refused(clerk, WORDS);
    await clerk.focus(`.error-summary a[href="#field-${REASON}"]`);
    await keys.press("Enter");
    assert((await keys.at()) === REASON, `the mistake leads to ${await keys.at()}`);
    await inspect(clerk, "counter-known-refused");
    await keys.type("又换了门面");
    await keys.go("Enter");
    assert(!(await mainText(clerk)).includes(WORDS), "the reason is not taken");
    assert((await clerk.inputValue(`[name=${PLACE}]`)) === "城关镇环城路11号", "what was typed is gone");
  });
}
