// The long way of an item that takes its time: applied for on the phone, accepted at a desk, reviewed step by step, decided
// on a phone, the certificate made, handed over electronically and at a counter, opened by its holder, verified by anyone,
// the service rated once. Its papers are read beside the form; what is masked is shown for a reason that is kept.
import { PHONE, PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { ITEM, LICENCE, OFFICE, act, applyFor, done, newCitizen, newStaff, openCase, review, until } from "./life.mjs";
import { paperOf } from "./paper.mjs";

const GENUINE = "核验通过：证照有效";
const PAPER_PAGES = 3;
const REASON = "电话核对申请人的身份。";

export async function tell(scene) {
  const { house, browser } = scene;
  let citizen;
  let clerk;
  let reviewer;
  let approver;
  let receipt = {};
  let certificate = {};
  let rating = "";

  await test("standard: a citizen applies on the phone", async () => {
    citizen = await newCitizen(scene, "陈桂花");
    const seen = new Set();
    receipt = await applyFor(house, citizen, {
      delivery: "electronic",
      everything: true,
      file: await paperOf(browser, PAPER_PAGES),
      look: async (page, turn) => {
        const step = new URL(page.url()).pathname.split("/").pop();
        if (!seen.has(step)) await inspect(page, `phone-apply-${String(turn).padStart(2, "0")}-${step}`);
        seen.add(step);
      },
    });
    await inspect(citizen.page, "phone-apply-receipt");
    await press(citizen.page, citizen.page.getByRole("link", { name: "查看办件" }));
    await inspect(citizen.page, "phone-my-case-received");
  });

  await test("standard: a paper of three pages is read beside the form", async () => {
    clerk = await newStaff(scene, OFFICE.clerk);
    await openCase(house, clerk, receipt.number);
    await press(clerk, "main .material-list a");
    const shown = clerk.locator("#open-file .open-pages img");
    assert((await shown.count()) === PAPER_PAGES, `${await shown.count()} pages are shown`);
    const drawn = new Set();
    for (const picture of await shown.all()) {
      await picture.scrollIntoViewIfNeeded();
      const { width, sum } = await picture.evaluate(async (image) => {
        image.loading = "eager";
        await image.decode();
        const bytes = await (await fetch(image.src)).arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
        return { width: image.naturalWidth, sum: digest.join() };
      });
      assert(width >= 800, `a page is ${width} px wide`);
      drawn.add(sum);
    }
    assert(drawn.size === PAPER_PAGES, `${drawn.size} different pages are drawn`);
    await inspect(clerk, "desk-case-paper");
    await inspectWidths(clerk, "case-paper");
  });

  await test("standard: the clerk accepts at the desk", async () => {
    await openCase(house, clerk, receipt.number);
    assert((await clerk.textContent("h1")).includes(ITEM), "another case was opened");
    await inspect(clerk, "desk-case-examining");
    await inspectWidths(clerk, "case-examining");
    await done(clerk, "受理");
    assert((await mainText(clerk)).includes("受理通知书"), "the acceptance notice is not listed");
    await inspect(clerk, "desk-case-accepted");
  });

  await test("standard: the reviewer completes every step", async () => {
    reviewer = await newStaff(scene, OFFICE.reviewer);
    await openCase(house, reviewer, receipt.number);
    await inspect(reviewer, "desk-case-review");
    const steps = await review(house, reviewer, receipt.number);
    assert(steps === 3, `the item has three steps, ${steps} were completed`);
    await inspect(reviewer, "desk-case-decision-reviewer");
    assert((await reviewer.locator("main form[action$='/grant']").count()) === 0, "the reviewer may decide");
  });

  await test("standard: what is masked is shown for a reason, and the reason is kept", async () => {
    const { number, phone } = citizen.person;
    const secrets = [number, phone];
    await openCase(house, reviewer, receipt.number);
    const masked = await mainText(reviewer);
    assert(!secrets.some((secret) => masked.includes(secret)), "personal data is shown without a reason");
    await act(reviewer, "查看完整信息", { reason: " " });
    await refused(reviewer, "理由");
    await inspect(reviewer, "desk-case-reveal-refused");
    await done(reviewer, "查看完整信息", { reason: REASON });
    const whole = await mainText(reviewer);
    assert(secrets.every((secret) => whole.includes(secret)), "not everything is shown");
    await inspect(reviewer, "desk-case-revealed");
    await press(reviewer, reviewer.getByRole("link", { name: "重新隐去" }));
    const again = await mainText(reviewer);
    assert(!secrets.some((secret) => again.includes(secret)), "personal data is still shown");
    const overseer = await newStaff(scene, "supervisor");
    await get(overseer, house, `/staff/cases/${receipt.case}`);
    const seen = await mainText(overseer);
    assert(seen.includes(REASON) && !secrets.some((secret) => seen.includes(secret)), "the supervisor does not read why it was shown");
    await inspect(overseer, "desk-case-overseen");
    await overseer.context().close();
  });

  await test("standard: the approver decides on a phone", async () => {
    approver = await newStaff(scene, OFFICE.approver, PHONE);
    await get(approver, house, "/staff/cases");
    await inspect(approver, "phone-worklist");
    await openCase(house, approver, receipt.number);
    await inspect(approver, "phone-case-decision");
    await act(approver, "准予", { opinion: " " });
    await refused(approver, "请写下决定意见");
    await inspect(approver, "phone-case-decision-refused");
    await done(approver, "准予", { opinion: "符合法定条件、标准，准予许可。" });
    await inspect(approver, "phone-case-granted");
  });

  await test("standard: the certificate is made and comes electronically", async () => {
    await until(citizen.page, `${house.origin}/my/licences`, LICENCE);
    await inspect(citizen.page, "phone-my-licences");
    await press(citizen.page, citizen.page.getByRole("link", { name: LICENCE }));
    await inspect(citizen.page, "phone-my-licence");
    certificate = await read(citizen.page, house);
    assert(certificate.pdf.subarray(0, 5).toString() === "%PDF-", "the certificate is no PDF");
    const text = await until(citizen.page, `${house.origin}/my/cases/${receipt.case}`, "已办结");
    assert(text.includes("电子送达"), "the way of delivery is not told");
    await inspect(citizen.page, "phone-my-case-closed");
  });

  await test("standard: anyone verifies it by number, by QR code and by file", async () => {
    const context = await browser.newContext(PHONE);
    const page = await context.newPage();
    await get(page, house, "/verify");
    await page.fill("[name=number]", certificate.number);
    await page.fill("[name=code]", certificate.code);
    await press(page, "button:has-text('核验编号')");
    await says(page, GENUINE);
    await inspect(page, "phone-verify-number");
    await get(page, house, certificate.token);
    await says(page, GENUINE);
    const text = await mainText(page);
    assert(!text.includes(citizen.person.name) && !text.includes(citizen.person.number), "the holder is named in full");
    await dropped(page, house, certificate.pdf);
    await says(page, GENUINE);
    await inspect(page, "phone-verify-file");
    await get(page, house, "/verify");
    await page.fill("[name=number]", certificate.number);
    await page.fill("[name=code]", "2222-2222");
    await press(page, "button:has-text('核验编号')");
    await says(page, "没有查到");
    await inspect(page, "phone-verify-unknown");
    await context.close();
  });

  await test("standard: a certificate with one changed byte is refused", async () => {
    const context = await browser.newContext(PHONE);
    const page = await context.newPage();
    const places = [0.2, 0.5, 0.8].map((part) => Math.floor(certificate.pdf.length * part));
    for (const place of places) {
      const changed = Buffer.from(certificate.pdf);
      changed[place] ^= 1;
      await dropped(page, house, changed);
      const text = await mainText(page);
      assert(!text.includes("核验通过"), `a change at byte ${place} is not noticed`);
    }
    await inspect(page, "phone-verify-changed");
    await context.close();
  });

  await test("standard: the citizen is invited by a message and rates once", async () => {
    await until(citizen.page, `${house.origin}/my/messages`, "欢迎评价这次服务");
    const invited = citizen.page.locator("article", { hasText: "欢迎评价这次服务" });
    await press(citizen.page, invited.getByRole("link", { name: "查看办件" }));
    assert((await citizen.page.getByRole("link", { name: "评价这次服务" }).count()) === 1, "the case does not lead to its rating");
    await citizen.page.goBack();
    await inspect(citizen.page, "phone-my-messages");
    await press(citizen.page, invited.getByRole("link", { name: "去评价" }));
    rating = new URL(citizen.page.url()).pathname;
    await inspect(citizen.page, "phone-rate");
    await press(citizen.page, "main a[href*='grade=2']");
    await inspect(citizen.page, "phone-rate-details");
    await citizen.page.locator("main [name=labels]").first().check();
    await citizen.page.fill("[name=text]", "来回跑了两次。");
    await press(citizen.page, "button:has-text('提交评价')");
    await says(citizen.page, "谢谢您的评价");
    await inspect(citizen.page, "phone-rated");
  });

  await test("standard: a second rating is refused, without JavaScript too", async () => {
    const context = await browser.newContext(PLAIN);
    const page = await context.newPage();
    await get(page, house, `${rating}?grade=5`);
    await says(page, "谢谢您的评价");
    assert((await page.locator("main form").count()) === 0, "a second rating is offered");
    await context.close();
  });

  await test("standard: staff who handled it do not see who rated", async () => {
    for (const staff of [clerk, reviewer, approver]) {
      const answer = await staff.goto(`${house.origin}/staff/ratings`);
      const text = answer.status() === 200 ? await mainText(staff) : "";
      assert(!text.includes(citizen.person.name) && !text.includes(receipt.number), "the list names who rated");
      await openCase(house, staff, receipt.number);
      assert(!(await mainText(staff)).includes("来回跑了两次"), "the case page tells what the rating says");
    }
    const supervisor = await newStaff(scene, "supervisor");
    await get(supervisor, house, "/staff/ratings");
    assert(!(await mainText(supervisor)).includes(citizen.person.name), "the list names who rated");
    await inspect(supervisor, "desk-ratings");
  });

  await test("standard: a second case is handed over at the counter", async () => {
    const other = await newCitizen(scene, "司马欧阳阿依古丽·买买提江");
    const second = await applyFor(house, other, { delivery: "counter", everything: true });
    await openCase(house, clerk, second.number);
    await done(clerk, "受理");
    await review(house, reviewer, second.number);
    await openCase(house, approver, second.number);
    await done(approver, "准予", { opinion: "同意。" });
    await openCase(house, clerk, second.number);
    await until(clerk, clerk.url(), "领取人");
    await inspect(clerk, "desk-case-delivering");
    await act(clerk, "窗口送达", { receiver: " " });
    await refused(clerk, "请填写领取人姓名");
    await done(clerk, "窗口送达", { receiver: other.person.name });
    await says(clerk, "已送达");
    await inspect(clerk, "desk-case-closed");
    await inspectWidths(clerk, "case-closed");
  });
}

/** Drops a file on the page of verification. */
async function dropped(page, house, bytes) {
  await get(page, house, "/verify");
  await page.setInputFiles("[name=file]", { name: "证照.pdf", mimeType: "application/pdf", buffer: bytes });
  await press(page, "button:has-text('核验文件')");
}

async function says(page, words) {
  const text = await mainText(page);
  assert(text.includes(words), `“${words}” is not said at ${page.url()}: ${text.slice(0, 300)}`);
}

/** What the holder's page of a licence carries: number, code, what its QR code leads to, and the signed file. */
async function read(page, house) {
  await accepted(page);
  const detail = (term) => page.locator("main dl > div", { has: page.locator("dt", { hasText: new RegExp(`^${term}$`) }) }).locator("dd").first().textContent();
  const path = await page.locator("main a[href$='/document.pdf']").getAttribute("href");
  const answer = await page.request.get(house.origin + path);
  assert(answer.ok(), `the certificate answered ${answer.status()}`);
  const shown = await page.locator("main img[src*='/qr.svg']").getAttribute("src");
  return {
    number: (await detail("编号")).trim(),
    code: (await detail("核验码")).trim(),
    token: new URL(shown, house.origin).searchParams.get("path"),
    pdf: await answer.body(),
  };
}
