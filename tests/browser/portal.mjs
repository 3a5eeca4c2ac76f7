// The citizens' window as the people use it who cannot use it as most do: with the keyboard alone, without JavaScript, on
// a narrow phone, with a long name, with large type, in another script or language, through somebody else.
// Told with the others by run.mjs, or by itself: `node portal.mjs`.
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { pathToFileURL } from "node:url";
import { DESK, PHONE, PLAIN, accepted, assert, conclude, get, inspect, mainText, press, refused, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { openBrowser, openHouse } from "./house.mjs";
import { byKeyboard, tabTo } from "./keyboard.mjs";
import { PASSWORD, citizenNumber, fillPage, introduce, photograph, signInCitizen, signInStaff } from "./people.mjs";

const NARROW = { ...PHONE, viewport: { width: 360, height: 740 } };
const LONG_NAME = "阿卜杜热合曼穆罕默德伊明买买提艾合买提江图尔荪托合提卡德尔艾买提亚森依布拉音尼娅";
const CHINESE = /[\u3400-\u9fff]/;
const PICTURE = { name: "材料照片.png", mimeType: "image/png", buffer: photograph };

/** The guide of an item, by its name. */
async function guideOf(page, house, name) {
  await get(page, house, `/guides?q=${encodeURIComponent(name)}`);
  return new URL(await page.getByRole("link", { name, exact: true }).first().getAttribute("href"), house.origin).pathname;
}

/** Begins an application and answers with its address. */
async function begin(page, house, guide) {
  await get(page, house, guide.replace("/guides/", "/apply/"));
  await press(page, "main form button[type=submit]");
  await accepted(page);
  return new URL(page.url()).pathname.split("/").slice(0, 4).join("/");
}

/** Checks a proof with nothing but SHA-256 and ECDSA: RFC 6962 with the path from the leaf up. */
function proofHolds({ proof, public_key_pem: pem }) {
  const hash = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
  const { first_seq: first, last_seq: last } = proof.checkpoint;
  let [index, end] = [proof.seq - first, last - first];
  let at = hash(Buffer.from([0]), Buffer.from(proof.hash, "hex"));
  for (const side of proof.path.map((text) => Buffer.from(text, "hex"))) {
    if (index % 2 === 1 || index === end) {
      at = hash(Buffer.from([1]), side, at);
      while (index % 2 === 0 && index !== 0) [index, end] = [index >> 1, end >> 1];
    } else {
      at = hash(Buffer.from([1]), at, side);
    }
    [index, end] = [index >> 1, end >> 1];
  }
  const point = proof.checkpoint;
  const message = ["wuchuang checkpoint 1", point.region, point.number, point.first_seq, point.last_seq, point.root, point.head_hash, point.signed_at_us, ""].join("\n");
  const key = { key: createPublicKey(pem), dsaEncoding: "ieee-p1363" };
  return at.toString("hex") === point.root && verifySignature("sha256", Buffer.from(message), key, Buffer.from(point.signature, "hex"));
}

/** Looks again until something is there that follows a moment later; says what was waited for when it never comes. */
async function patiently(what, look, turns = 150) {
  for (let turn = 0; turn < turns; turn += 1) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what} never came`);
}

export async function story({ house, browser }) {
  const phone = await browser.newContext(PHONE);
  const citizen = await phone.newPage();
  const person = { name: "李大山", number: citizenNumber(61), phone: "13891500061" };
  const clerk = await (await browser.newContext(DESK)).newPage();
  let guide = "";
  let matter = {};

  await test("with the keyboard alone: home, guide, application, receipt", async () => {
    const page = await (await browser.newContext(DESK)).newPage();
    await signInCitizen(page, house.origin, "13891500062");
    await introduce(page, house.origin, { name: "王小明", number: citizenNumber(62), phone: "13891500062" });
    await get(page, house, "/");
    await tabTo(page, "#field-q");
    await page.keyboard.type("失业登记");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    await tabTo(page, "main ul.rows a");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    await tabTo(page, "main a.btn-primary");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    const number = await byKeyboard(page, PICTURE);
    assert(/^610924[A-Z0-9]{4,}\d{14}$/.test(number), `not a number: ${number}`);
    await page.context().close();
  });

  await test("without JavaScript: the whole application", async () => {
    const page = await (await browser.newContext(PLAIN)).newPage();
    const other = { name: "陈秀兰", number: citizenNumber(63), phone: "13891500063" };
    await signInCitizen(page, house.origin, other.phone);
    await introduce(page, house.origin, other);
    guide = await guideOf(page, house, "失业登记");
    await begin(page, house, guide);
    const receipt = await apply(page, other);
    assert(/\d{14}$/.test(receipt.number), `not a number: ${receipt.number}`);
    await get(page, house, `/p/${receipt.number}`);
    await page.fill("[name=code]", receipt.code);
    await press(page, "main button.btn-primary");
    assert((await mainText(page)).includes("失业登记"), "the progress is not shown");
    await page.context().close();
  });

  await test("a mistake: the title begins with 错误：, what was typed is there", async () => {
    await signInCitizen(citizen, house.origin, person.phone);
    await introduce(citizen, house.origin, person);
    await begin(citizen, house, await guideOf(citizen, house, "个体工商户设立登记"));
    const number = citizen.locator("main form input[name*=number]").first();
    await number.fill("610924199001011230");
    await press(citizen, "main form:not(.inline-form) button.btn-primary");
    assert((await citizen.title()).startsWith("错误："), `the title is ${await citizen.title()}`);
    assert(await number.inputValue() === "610924199001011230", "the typed number is lost");
    await refused(citizen, "校验码");
    await inspect(citizen, "portal-error");
    await citizen.keyboard.press("Tab");
    const focus = await citizen.evaluate(() => document.activeElement.closest(".error-summary") !== null);
    assert(focus, "the keyboard does not begin in the error summary");
  });

  await test("a draft is there again after signing out; nobody else sees it", async () => {
    const place = new URL(citizen.url()).pathname;
    await press(citizen, "form[action='/logout'] button");
    await signInCitizen(citizen, house.origin, person.phone);
    await get(citizen, house, "/my/drafts");
    await inspect(citizen, "portal-drafts");
    await press(citizen, citizen.getByRole("link", { name: "继续：个体工商户设立登记" }).first());
    assert(new URL(citizen.url()).pathname.startsWith(place.split("/").slice(0, 4).join("/")), `landed on ${citizen.url()}`);
    const stranger = await (await browser.newContext(PHONE)).newPage();
    const answer = await stranger.goto(house.origin + place);
    assert(new URL(stranger.url()).pathname === "/login" || answer.status() >= 400, `a stranger sees ${stranger.url()}`);
    await stranger.context().close();
  });

  await test("a promise may stand for a proof, and can be taken back", async () => {
    const place = new URL(citizen.url()).pathname.split("/").slice(0, 4).join("/");
    await get(citizen, house, `${place}/materials`);
    await press(citizen, citizen.getByRole("link", { name: "经营场所使用证明" }));
    await press(citizen, "button:has-text('作出承诺')");
    await refused(citizen, "勾选");
    await inspect(citizen, "portal-promise-refused");
    assert((await mainText(citizen)).includes("依法撤销决定"), "the consequences are not shown");
    await citizen.check("[name=promised]");
    await press(citizen, "button:has-text('作出承诺')");
    await accepted(citizen);
    await inspect(citizen, "portal-promise");
    await get(citizen, house, `${place}/materials`);
    assert((await mainText(citizen)).includes("告知承诺书"), "the promise is not on the list");
    await inspect(citizen, "portal-materials");
  });

  await test("a matter through an agent, with a promise, is received and shows both", async () => {
    const place = new URL(citizen.url()).pathname.split("/").slice(0, 4).join("/");
    await get(citizen, house, `${place}/agent`);
    await citizen.fill("[name=name]", "赵帮办");
    await citizen.fill("[name=number]", citizenNumber(64));
    await citizen.fill("[name=phone]", "13891500064");
    await inspect(citizen, "portal-agent");
    await press(citizen, "button:has-text('保存代理人')");
    await get(citizen, house, `${place}/form/1`);
    const number = citizen.locator("main form input[name*=number]").first();
    await number.fill(person.number);
    matter = await apply(citizen, person);
    await inspect(citizen, "portal-receipt");
    await press(citizen, citizen.getByRole("link", { name: "查看办件" }));
    const text = await mainText(citizen);
    assert(text.includes("赵帮办"), "the agent is not shown");
    assert(text.includes("告知承诺书") && text.includes("依法撤销决定"), "the promise is not in the case");
    await inspect(citizen, "portal-case");
  });

  await test("applicant and staff write to each other in the case", async () => {
    const path = matter.path.replace("/apply/done/", "/my/cases/");
    await get(citizen, house, path);
    await citizen.fill("[name=text]", "请问什么时候能办好？");
    await press(citizen, "button:has-text('发出留言')");
    await accepted(citizen);
    await signInStaff(clerk, house.origin, "clerk", PASSWORD);
    await get(clerk, house, path.replace("/my/cases/", "/staff/cases/"));
    assert((await clerk.textContent("body")).includes("请问什么时候能办好？"), "staff do not see the line");
    await clerk.click("summary:has-text('给申请人留言')");
    await clerk.fill("[name=say-text]", "材料齐全，今天就能办好。");
    await press(clerk, "form[action$='/say'] button[type=submit]");
    await accepted(clerk);
    await get(citizen, house, path);
    assert((await mainText(citizen)).includes("材料齐全，今天就能办好。"), "the answer is not shown");
    await inspect(citizen, "portal-lines");
  });

  await test("the inbox holds a message for the receipt and lets it be read", async () => {
    await patiently("the message of the receipt", async () => {
      await get(citizen, house, "/my/messages");
      return (await mainText(citizen)).includes(matter.number);
    });
    assert(await citizen.$("main article a[href='/progress']"), "the message leads nowhere");
    await inspect(citizen, "portal-inbox");
  });

  await test("the receipt's proof holds by the public key alone, and a changed one does not", async () => {
    const path = matter.path.replace("/apply/done/", "/my/cases/");
    let body = null;
    await patiently("the signed proof", async () => {
      const answer = await citizen.request.get(`${house.origin}${path}/proof.json`);
      if (answer.status() !== 200) return false;
      body = await answer.json();
      return true;
    }, 240);
    assert(body.number === matter.number, "the proof names another matter");
    assert(proofHolds(body), "the proof does not hold");
    const other = structuredClone(body);
    other.proof.hash = other.proof.hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    assert(!proofHolds(other), "a changed record is proved as well");
  });

  await test("a withdrawn matter is over, with its reason asked and the way back", async () => {
    const receipt = await begin(citizen, house, guide).then(() => apply(citizen, person));
    const path = receipt.path.replace("/apply/done/", "/my/cases/");
    await get(citizen, house, path);
    await press(citizen, citizen.getByRole("link", { name: "不想办了，撤回申请" }));
    await inspect(citizen, "portal-withdraw");
    await citizen.fill("[name=text]", "不需要了");
    await press(citizen, "button:has-text('撤回申请')");
    await accepted(citizen);
    assert((await mainText(citizen)).includes("已撤回"), "the matter goes on");
    await inspect(citizen, "portal-withdrawn");
  });

  await test("a material of an earlier matter is offered with its source and taken", async () => {
    const place = await begin(citizen, house, guide);
    await get(citizen, house, `${place}/materials`);
    await press(citizen, citizen.getByRole("link", { name: "失业人员登记表" }));
    assert((await mainText(citizen)).includes("办理“失业登记”时交的"), "the earlier file is not offered");
    await inspect(citizen, "portal-offers");
    await citizen.check("[name=offer]");
    await press(citizen, "button:has-text('用选中的这份')");
    await accepted(citizen);
    assert((await mainText(citizen)).includes("取自以前的办件"), "the source is not shown");
    await inspect(citizen, "portal-offer-taken");
  });

  await test("the clerk grants; the licence is listed, copied with a note, and stands for a material", async () => {
    await get(clerk, house, matter.path.replace("/apply/done/", "/staff/cases/"));
    await clerk.fill("[name=accept-and-grant-opinion]", "材料齐全，符合法定形式，同意。");
    await press(clerk, "button:has-text('受理并当场办结')");
    await accepted(clerk);
    await patiently("the licence", async () => {
      await get(citizen, house, "/my/licences");
      return (await mainText(citizen)).includes("营业执照");
    });
    await inspect(citizen, "portal-licences");
    await press(citizen, citizen.getByRole("link", { name: "营业执照" }).first());
    await citizen.fill("[name=purpose]", "向某银行申请贷款");
    await citizen.fill("[name=expires]", "2027-01-31");
    await press(citizen, "button:has-text('生成加注件')");
    await accepted(citizen);
    await inspect(citizen, "portal-licence");
    const copy = await citizen.locator("main ul.files a").first().getAttribute("href");
    const file = await citizen.request.get(house.origin + copy);
    assert(file.status() === 200 && (await file.body()).subarray(0, 5).toString() === "%PDF-", `the copy answered ${file.status()}`);
    const place = await begin(citizen, house, await guideOf(citizen, house, "食品小经营店备案发放"));
    await get(citizen, house, `${place}/materials`);
    await press(citizen, citizen.getByRole("link", { name: "营业执照" }));
    assert((await mainText(citizen)).includes("电子证照，编号"), "the licence is not offered");
    await citizen.check("[name=offer]");
    await press(citizen, "button:has-text('用选中的这份')");
    assert((await mainText(citizen)).includes("电子证照：营业执照"), "the licence is not taken with its source");
    await inspect(citizen, "portal-licence-taken");
  });

  await test("360 px with a name of forty characters: nothing scrolls sideways", async () => {
    assert([...LONG_NAME].length === 40, `the name has ${[...LONG_NAME].length} characters`);
    const page = await (await browser.newContext(NARROW)).newPage();
    const long = { name: LONG_NAME, number: citizenNumber(65), phone: "13891500065" };
    await signInCitizen(page, house.origin, long.phone);
    await introduce(page, house.origin, long);
    await begin(page, house, guide);
    const receipt = await apply(page, long, { look: (shown, turn) => inspect(shown, `portal-narrow-${turn}`) });
    await inspect(page, "portal-narrow-receipt");
    for (const [name, path] of [["case", receipt.path.replace("/apply/done/", "/my/cases/")], ["my", "/my"], ["profile", "/my/profile"], ["home", "/"], ["guide", guide], ["guides", "/guides"], ["help", "/help"]]) {
      await get(page, house, path);
      await inspect(page, `portal-narrow-${name}`);
    }
    await page.context().close();
  });

  await test("elder mode is large everywhere, and its text is read aloud and stopped", async () => {
    const page = await (await browser.newContext(PHONE)).newPage();
    // A device with a voice; the browser of the tests has none.
    await page.addInitScript(() => {
      let speaking = false;
      const speech = { getVoices: () => [{ lang: "zh-CN", name: "测试" }], speak: () => { speaking = true; }, cancel: () => { speaking = false; }, addEventListener() {}, get speaking() { return speaking; } };
      Object.defineProperty(window, "speechSynthesis", { value: speech, configurable: true });
      window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
    });
    await get(page, house, `/display?elder=on&back=${guide}`);
    for (const [name, path] of [["guide", guide], ["home", "/"], ["progress", "/progress"], ["login", "/login"]]) {
      await get(page, house, path);
      const size = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main")).fontSize));
      assert(Math.round(size) >= 22, `${path} has type of ${size} px`);
      await inspect(page, `portal-elder-${name}`);
    }
    await get(page, house, guide);
    const button = page.locator("main button[data-read-aloud]");
    await button.click();
    assert(await button.textContent().then((text) => text.includes("停止")), "the button does not offer to stop");
    await button.click();
    assert(await button.getAttribute("aria-pressed") === "false" && !(await page.evaluate(() => speechSynthesis.speaking)), "it reads on");
    await page.context().close();
  });

  await test("繁體: interface and data are converted", async () => {
    await get(citizen, house, `/display?lang=zh-Hant&back=${guide}`);
    assert(await citizen.evaluate(() => document.documentElement.lang) === "zh-Hant", "the page has another language");
    const text = await mainText(citizen);
    assert(text.includes("失業登記") && text.includes("申請材料") && !text.includes("失业"), "the page is not converted");
    await inspect(citizen, "portal-hant-guide");
    await get(citizen, house, "/my");
    await inspect(citizen, "portal-hant-my");
  });

  await test("English: the interface holds no Chinese but names", async () => {
    await get(citizen, house, "/display?lang=en&back=/");
    for (const [name, path] of [["progress", "/progress"], ["verify", "/verify"], ["help", "/help"], ["accessibility", "/accessibility"]]) {
      await get(citizen, house, path);
      const left = (await mainText(citizen)).match(new RegExp(`.{0,20}${CHINESE.source}+.{0,20}`))?.[0];
      assert(!left, `${path} still says: ${left}`);
      await inspect(citizen, `portal-en-${name}`);
    }
    for (const [name, path] of [["home", "/"], ["guide", guide], ["my", "/my"], ["case", matter.path.replace("/apply/done/", "/my/cases/")], ["licences", "/my/licences"], ["drafts", "/my/drafts"]]) {
      await get(citizen, house, path);
      assert(!CHINESE.test(await citizen.locator("main h2").allTextContents().then((all) => all.filter((text) => !/营业执照/.test(text)).join(" "))), `${path} has Chinese headings`);
      await inspect(citizen, `portal-en-${name}`);
    }
    await begin(citizen, house, guide);
    await fillPage(citizen, person);
    await inspect(citizen, "portal-en-form");
    await get(citizen, house, "/display?lang=zh-CN&back=/");
  });

  await test("what is not there and what is not allowed is said with a way out", async () => {
    await get(citizen, house, "/nothing-here", 404);
    await inspect(citizen, "portal-404");
    assert(await citizen.locator("main a").count() > 0, "there is no way out");
    await get(citizen, house, "/staff/cases", 403);
    await inspect(citizen, "portal-403");
    await get(citizen, house, "/my/cases/00000000000000000000000000000001", 404);
  });

  await phone.close();
  await clerk.context().close();
}

export { story as tell };

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const house = await openHouse();
  const browser = await openBrowser();
  let isWell = false;
  try {
    await story({ house, browser });
    isWell = conclude();
  } finally {
    await browser.close();
    if (!isWell) console.log(house.said().slice(-3000));
    await house.close();
  }
  process.exitCode = isWell ? 0 : 1;
}
