// The applicant signs: drawn on a phone, by name without a script or with the keyboard, on paper at the counter; whoever changes an
// answer afterwards signs again, and others read only that it was signed.
import { PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { newCitizen, newStaff, openCase } from "./life.mjs";
import { fillPage } from "./people.mjs";
import { Strokes } from "./strokes.mjs";

const ITEM = "临时性建筑物搭建、堆放物料、占道施工审批";
const CHANGED = "签名以后改过填写的内容";

const signed = (page) => page.inputValue("[name=sign]");

/** The page on which it is signed. */
async function toSignature(page, person) {
  for (let turn = 0; turn < 8; turn += 1) {
    if (await page.$("[data-signature]")) return;
    await fillPage(page, person);
    await press(page, "main form button.btn-primary");
  }
  throw new Error(`nothing is to be signed; the last page was ${page.url()}`);
}

async function draw(page) {
  const canvas = page.locator("[data-signature] canvas");
  await canvas.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await canvas.boundingBox();
  for (const [from, to] of [[0.1, 0.4], [0.5, 0.9]]) {
    await page.mouse.move(x + width * from, y + height * 0.3);
    await page.mouse.down();
    await page.mouse.move(x + width * to, y + height * 0.7, { steps: 12 });
    await page.mouse.move(x + width * to, y + height * 0.2, { steps: 12 });
    await page.mouse.up();
  }
}

export async function tell(scene) {
  const { house, browser } = scene;
  let citizen;
  let draft = "";
  let place = "";
  let receipt;

  await test("signing: it is drawn on a phone, cleared and drawn again", async () => {
    citizen = await newCitizen(scene, "梁书琴");
    const { page, person } = citizen;
    await get(page, house, `/guides?q=${encodeURIComponent(ITEM)}`);
    await press(page, page.getByRole("link", { name: ITEM, exact: true }));
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await press(page, "main form button.btn-primary");
    draft = new URL(page.url()).pathname.replace(/\/form\/\d+$/, "");
    await toSignature(page, person);
    place = new URL(page.url()).pathname;
    await inspect(page, "phone-signing-empty");
    await press(page, "main form button.btn-primary");
    await refused(page, "申请人签名");
    await draw(page);
    assert((await signed(page)).startsWith("drawn:"), "nothing was drawn");
    await page.getByRole("button", { name: "清除重签" }).click();
    assert((await signed(page)) === "", "it was not cleared");
    await draw(page);
    await inspect(page, "phone-signing-drawn");
    await press(page, "main form button.btn-primary");
    await accepted(page);
    await get(page, house, place);
    assert((await mainText(page)).includes("手写签名"), "the signature is gone");
    assert((await page.locator("[data-signature-told] svg.signature-strokes path").count()) === 1, "it is not shown");
    await inspectWidths(page, "signing-told", [1440, 390]);
  });

  await test("signing: an answer that is changed afterwards asks for a new signature", async () => {
    const { page } = citizen;
    await get(page, house, place.replace(/\d+$/, (group) => String(Number(group) - 1)));
    await page.fill("[name=site]", "城关镇环城路8号门前");
    await press(page, "main form button.btn-primary");
    await get(page, house, `${draft}/check`);
    assert((await mainText(page)).includes(CHANGED), "nobody notices");
    await press(page, page.getByRole("link", { name: new RegExp(CHANGED) }));
    assert(new URL(page.url()).pathname === place, page.url());
  });

  await test("signing: without a script and with the keyboard it is one's own name, and nobody else's", async () => {
    const state = await citizen.page.context().storageState();
    const plain = await browser.newContext({ ...PLAIN, storageState: state });
    const page = await plain.newPage();
    await get(page, house, place);
    assert(!(await page.locator("[data-signature-box]").isVisible()), "a field shows in which nothing can be drawn");
    await page.locator("summary", { hasText: "写姓名签署" }).press("Enter");
    await page.fill('[name="sign.typed"]', "王小明");
    await press(page, "main form button.btn-primary");
    await refused(page, "这是我本人签署的");
    assert((await page.inputValue('[name="sign.typed"]')) === "王小明", "the name is gone");
    await page.check('[name="sign.own"]');
    await press(page, "main form button.btn-primary");
    await refused(page, "申请人或者代办人本人的姓名");
    await page.fill('[name="sign.typed"]', citizen.person.name);
    await page.check('[name="sign.own"]');
    await press(page, "main form button.btn-primary");
    await accepted(page);
    await get(page, house, `${draft}/check`);
    assert((await mainText(page)).includes(`${citizen.person.name}（本人签署）`), "it is not told what was signed");
    await plain.close();
  });

  await test("signing: whoever handles the case reads that it was signed, and what when they say why", async () => {
    const { page, person } = citizen;
    await get(page, house, place);
    await draw(page);
    await press(page, "main form button.btn-primary");
    receipt = await apply(page, person, { everything: true });
    const clerk = await newStaff(scene, "clerk");
    await openCase(house, clerk, receipt.number);
    const text = await mainText(clerk);
    assert(text.includes("已签名") && (await clerk.locator("svg.signature-strokes").count()) === 0, "the signature shows to everybody");
    await inspect(clerk, "desk-signing-case");
  });

  await test("signing: at the counter the printed form is signed, and the tick says so", async () => {
    const clerk = await newStaff(scene, "clerk");
    const keys = new Strokes(clerk);
    await get(clerk, house, "/staff/counter");
    await keys.type(citizen.person.number);
    await keys.go("Enter");
    await keys.type(ITEM);
    await keys.go("Enter");
    const tick = clerk.locator('[name="sign.paper"]');
    await tick.scrollIntoViewIfNeeded();
    assert(await tick.isVisible(), "the printed form cannot be signed at the counter");
    assert((await clerk.locator('[name="sign.typed"]').count()) === 0, "the clerk could sign for the applicant");
    await inspect(clerk, "desk-signing-counter");
  });
}
