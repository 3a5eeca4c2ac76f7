// 审管分离 and 诚信 as people live them: a licence granted on a promise, pushed to the department that supervises, found false,
// revoked for everybody to see; the applicant is not taken at their word until the record is repaired.
import { accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { done, newCitizen, newStaff, openCase, review, until } from "./life.mjs";
import { fillPage } from "./people.mjs";

/** An item with one promise in the place of a paper, whose licence another department supervises. */
export const PROMISING = "道路货物运输经营许可";
const LICENCE = "道路运输经营许可证";
const PROMISED = "安全生产管理制度";
/** Who decides, and who supervises. */
export const DECIDING = "jtys-approve";
export const SUPERVISING = "gaju-approve";

/** Begins the application and opens the page of the material that may be promised. */
async function begin(house, { page, person }) {
  await get(page, house, `/guides?q=${encodeURIComponent(PROMISING)}`);
  await press(page, page.getByRole("link", { name: PROMISING, exact: true }));
  await press(page, page.getByRole("link", { name: "开始申请" }));
  for (let turn = 0; turn < 12; turn += 1) {
    if (await page.$("main ul.rows a[href*='/materials/']")) break;
    await fillAndGoOn(page, person);
  }
  const list = page.url();
  await press(page, page.getByRole("link", { name: PROMISED, exact: true }));
  return list;
}

async function fillAndGoOn(page, person) {
  if (/\/apply\/[^/]+$/.test(new URL(page.url()).pathname)) {
    await press(page, "main form:not(.inline-form) button[type=submit]");
    return;
  }
  await fillPage(page, person);
  await press(page, "main form:not(.inline-form) button.btn-primary");
}

/** Applies with the promise; gives the receipt. */
export async function promise(house, citizen) {
  const { page, person } = citizen;
  const list = await begin(house, citizen);
  await page.check("[name=promised]");
  await press(page, "button:has-text('作出承诺')");
  await accepted(page);
  await page.goto(list);
  const receipt = await apply(page, person, { everything: true, delivery: "electronic" });
  receipt.case = receipt.path.split("/").pop();
  return receipt;
}


/** Opens the task of an item in a list of tasks, once it was pushed. */
export async function openTask(house, staff, query = "") {
  await until(staff, `${house.origin}/staff/supervision${query}`, PROMISING);
  await press(staff, staff.locator("main tbody a").first());
}

export async function tell(scene) {
  const { house } = scene;
  let citizen;
  let decider;
  let clerk;
  let inspector;
  let receipt;
  let verification;

  await test("supervision: granted on a promise", async () => {
    citizen = await newCitizen(scene, "赵货运");
    decider = await newStaff(scene, DECIDING);
    clerk = await newStaff(scene, "jtys-clerk");
    inspector = await newStaff(scene, SUPERVISING);
    receipt = await promise(house, citizen);
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    await review(house, decider, receipt.number);
    await done(decider, "准予", { opinion: "材料齐全，符合条件，同意。" });
    await until(citizen.page, `${house.origin}/my/licences`, LICENCE);
    await press(citizen.page, citizen.page.getByRole("link", { name: LICENCE }));
    const source = await citizen.page.getAttribute("figure.show-licence img", "src");
    verification = new URL(source, house.origin).searchParams.get("path");
    await get(citizen.page, house, verification);
    assert(!(await mainText(citizen.page)).includes("注销"), "the licence does not stand");
  });

  await test("supervision: the task reaches who supervises, is acknowledged and checked", async () => {
    await until(inspector, `${house.origin}/staff/messages`, `监管任务待签收：${PROMISING}`);
    await inspectWidths(inspector, "desk-messages");
    await press(inspector, inspector.locator("main article a:has-text('去办理')").first());
    let text = await mainText(inspector);
    assert(text.includes("待签收") && text.includes(PROMISED) && !text.includes("证件号码"), text);
    await inspect(inspector, "desk-task-waiting");
    await inspector.locator("summary:has-text('完整信息')").click();
    await press(inspector, "button:has-text('查看完整信息')");
    await refused(inspector, "理由");
    await inspector.fill("[name=reveal_reason]", "上门核查安全生产管理制度");
    await press(inspector, "button:has-text('查看完整信息')");
    text = await mainText(inspector);
    assert(text.includes("证件号码") && text.includes(citizen.person.phone), "the applicant is not shown");
    await press(inspector, "button:has-text('签收')");
    await accepted(inspector);
    await press(inspector, "button:has-text('记录核查结果')");
    await refused(inspector, "请选择");
    await inspector.check("[name=method][value=on_site]");
    await inspector.check("[name=finding][value=rectify]");
    await inspector.fill("[name=facts]", "制度没有上墙公示。");
    await press(inspector, "button:has-text('记录核查结果')");
    await refused(inspector, "期限");
    assert((await inspector.inputValue("[name=facts]")).includes("上墙"), "the facts are gone after the error");
    await inspect(inspector, "desk-task-refused");
    await inspector.fill("[name=rectify_days]", "5");
    await press(inspector, "button:has-text('记录核查结果')");
    await accepted(inspector);
    assert((await mainText(inspector)).includes("整改中"), "it is not being mended");
    await inspector.check("[name=method][value=on_site]");
    await inspector.check("[name=finding][value=false]");
    await inspector.fill("[name=facts]", "再次到现场，仍没有建立制度。");
    await press(inspector, "button:has-text('记录核查结果')");
    await accepted(inspector);
    text = await mainText(inspector);
    assert(text.includes("待处理") && text.includes("不属实") && !text.includes("注销证照"), text);
    await inspect(inspector, "desk-task-false");
  });

  await test("supervision: whoever decided revokes the licence and enters the record", async () => {
    await openTask(house, decider, "?side=granted");
    await inspect(decider, "desk-task-handling");
    await decider.fill("[name=revoke_reason]", "承诺不属实，《行政许可法》第六十九条。");
    await press(decider, "button:has-text('撤销决定，注销证照')");
    await accepted(decider);
    await decider.check("[name=ground][value=false_promise]");
    await decider.fill("[name=credit_reason]", "现场核查两次，没有建立承诺的制度。");
    await press(decider, "button:has-text('记入失信名单')");
    await accepted(decider);
    const task = decider.url();
    await until(decider, task, "申请人记入失信名单");
    await decider.fill("[name=measure]", "已撤销许可，记入失信名单。");
    await press(decider, "button:has-text('办结任务')");
    await accepted(decider);
    assert((await mainText(decider)).includes("已办结"), "the task is not done");
    await inspect(decider, "desk-task-done");
    await openCase(house, decider, receipt.number);
    assert((await mainText(decider)).includes("已办结（不属实）"), "the case does not say how it is watched");
    await get(citizen.page, house, "/my/licences");
    assert((await mainText(citizen.page)).includes("已注销"), "the licence still stands");
    await get(citizen.page, house, verification);
    assert((await mainText(citizen.page)).includes("注销"), "verification does not say so");
  });

  await test("supervision: no promise is offered to whoever broke one, and the repair is asked for", async () => {
    const { page } = citizen;
    await begin(house, citizen);
    const text = await mainText(page);
    assert(text.includes("修复以前不能用承诺书代替") && !(await page.$("[name=promised]")), text);
    await inspect(page, "phone-promise-barred");
    await press(page, page.getByRole("link", { name: "看记录，申请修复" }));
    assert((await mainText(page)).includes("虚假承诺"), "the record is not shown");
    await press(page, "button:has-text('申请信用修复')");
    await refused(page, "请写明");
    await page.fill("main textarea", "制度已经建立并执行，请核实。");
    await press(page, "button:has-text('申请信用修复')");
    await accepted(page);
    assert((await mainText(page)).includes("请等待"), "the answer is not awaited");
    await inspect(page, "phone-my-credit");
  });

  await test("supervision: the record is repaired, and a promise counts again", async () => {
    await get(decider, house, "/staff/credit?standing=asked");
    await inspect(decider, "desk-credit");
    await press(decider, decider.locator("main tbody a").first());
    await decider.fill("[name^=reason-]", "现场核实，制度已经建立并执行。");
    await press(decider, decider.locator("main form button.btn-primary").first());
    await refused(decider, "文书");
    assert((await decider.inputValue("[name^=reason-]")).includes("现场核实"), "the reason is gone after the error");
    await decider.fill("[name^=document-]", "信用修复决定书〔2026〕1号");
    await press(decider, decider.locator("main form button.btn-primary").first());
    await accepted(decider);
    assert((await mainText(decider)).includes("记录都已修复"), "it still stands");
    await inspect(decider, "desk-credit-subject");
    await begin(house, citizen);
    assert(await citizen.page.$("[name=promised]"), "no promise is offered after the repair");
  });
  await copyAndOriginal(scene);
}

/** 承诺制+副本制: a copy at once, the original when the promise was found true. */
async function copyAndOriginal(scene) {
  const { house } = scene;
  await test("supervision: a promise gives a copy, and the check that finds it true the original", async () => {
    const citizen = await newCitizen(scene, "钱守信");
    const { page } = citizen;
    const receipt = await promise(house, citizen);
    const clerk = await newStaff(scene, "jtys-clerk");
    await openCase(house, clerk, receipt.number);
    await done(clerk, "受理");
    const decider = await newStaff(scene, DECIDING);
    await review(house, decider, receipt.number);
    await done(decider, "准予", { opinion: "材料齐全，符合条件，同意。" });
    await until(page, `${house.origin}/my/licences`, `${LICENCE}（副本）`);
    await press(page, page.getByRole("link", { name: LICENCE }));
    assert((await mainText(page)).includes("核查属实后发给正本"), "the licence does not say that it is a copy");
    await inspect(page, "phone-licence-copy");
    const inspector = await newStaff(scene, SUPERVISING);
    await openTask(house, inspector);
    await press(inspector, "button:has-text('签收')");
    await accepted(inspector);
    await inspector.check("[name=method][value=on_site]");
    await inspector.check("[name=finding][value=true]");
    await inspector.fill("[name=facts]", "制度齐全，与承诺一致。");
    await press(inspector, "button:has-text('记录核查结果')");
    await accepted(inspector);
    await until(page, `${house.origin}/my/messages`, "正本已发");
    await inspect(page, "phone-original-message");
    await get(page, house, "/my/licences");
    assert(!(await mainText(page)).includes("（副本）"), "the copy is still there");
    await press(page, page.getByRole("link", { name: LICENCE }));
    const source = await page.getAttribute("figure.show-licence img", "src");
    await get(page, house, new URL(source, house.origin).searchParams.get("path"));
    assert(!(await mainText(page)).includes("副本"), "verification still says copy");
  });
}

/** A task that waits and a record that stands, for whoever looks at every page. */
export async function watchOne(scene, citizen) {
  const { house } = scene;
  const receipt = await promise(house, citizen);
  const clerk = await newStaff(scene, "jtys-clerk");
  await openCase(house, clerk, receipt.number);
  await done(clerk, "受理");
  await clerk.context().close();
  const decider = await newStaff(scene, DECIDING);
  await review(house, decider, receipt.number);
  await done(decider, "准予", { opinion: "材料齐全，符合条件，同意。" });
  await get(decider, house, "/staff/credit/new");
  await decider.fill("[name=case]", receipt.number);
  await decider.check("[name=ground][value=false_material]");
  await decider.fill("[name=reason]", "行驶证是涂改的。");
  await press(decider, "main form button.btn-danger");
  await accepted(decider);
  await until(decider, `${house.origin}/staff/supervision?side=granted`, PROMISING);
  await decider.context().close();
}
