// The three administrators: one keeps the house running, one gives the posts, one reads what was done and refused. Every
// page is looked at in three widths and in the dark.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { DESK, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { tellAlone } from "./alone.mjs";
import { PASSWORD, citizenNumber, signInStaff } from "./people.mjs";
import { answerRest } from "./reception.mjs";
import { workbook } from "./sheet.mjs";

const COLUMNS = ["账号", "姓名", "电话", "机构", "岗位", "权限", "管辖区域代码"];
const CENTRE = "紫阳县政务服务中心";
/** An item that takes more than a month, so that a holiday lies in it. */
const SLOW_ITEM = "最低生活保障";

export async function tell({ house, browser }) {
  const desk = async (account) => {
    const context = await browser.newContext(DESK);
    const page = await context.newPage();
    await signInStaff(page, house.origin, account, PASSWORD);
    return page;
  };
  const [system, security, audit, clerk] = await Promise.all(["system", "security", "audit", "clerk"].map(desk));

  /** The page in every width, then in the dark; `page` stays where it is. */
  async function look(page, name, isAddress = true) {
    await inspect(page, `administration-${name}`);
    await inspectWidths(page, `administration-${name}`);
    if (!isAddress) return;
    await page.context().addCookies([{ name: "theme", value: "on", url: house.origin }]);
    await page.reload();
    await inspect(page, `administration-${name}-dark`);
    await page.context().addCookies([{ name: "theme", value: "off", url: house.origin }]);
    await page.reload();
  }

  await test("a case that takes a month lies in the house", async () => {
    await get(clerk, house, "/staff/counter");
    await clerk.fill("main [name=q]", citizenNumber(801));
    await press(clerk, "main button.btn-primary");
    await clerk.fill("main [name=name]", "冯学军");
    await press(clerk, "main button.btn-primary");
    await clerk.fill("main [name=q]", SLOW_ITEM);
    await press(clerk, "main button.btn-primary");
    if (await clerk.$(".candidates")) await press(clerk, clerk.getByRole("link", { name: SLOW_ITEM }));
    for (const box of await clerk.$$("[data-cycle] input[value=complete]")) await box.check();
    await answerRest(clerk);
    await press(clerk, "button[value=accept]");
    await accepted(clerk);
  });

  await test("the yearly notice is previewed with the deadlines that move, then imported", async () => {
    await get(system, house, "/staff/admin/calendar");
    await look(system, "calendar");
    await system.keyboard.press("i");
    assert((await system.evaluate(() => document.activeElement?.name)) === "year", "i does not lead to the form");
    await system.fill("[name=year]", "2027");
    await system.fill("[name=lines]", "明天 休 元旦");
    await press(system, "button[value=preview]");
    await refused(system, "1 处");
    await look(system, "calendar-wrong", false);
    // A holiday of ten days from three weeks on, whenever this is run: some deadline lies in it.
    const from = new Date(Date.now() + 21 * 86_400_000);
    const day = (date) => date.toISOString().slice(0, 10);
    const days = Array.from({ length: 10 }, (_, index) => day(new Date(from.getTime() + index * 86_400_000)));
    const year = days[0].slice(0, 4);
    const own = days.filter((date) => date.startsWith(year));
    await system.fill("[name=year]", year);
    await system.fill("[name=lines]", own.map((date) => `${date} 休 测试假`).join("\n"));
    await press(system, "button[value=preview]");
    await accepted(system);
    const text = await mainText(system);
    assert(text.includes("这是预览"), text.slice(0, 400));
    assert(/\d+ 件在办的最后期限会变/.test(text) && text.includes(SLOW_ITEM), `no deadline moves: ${text.slice(0, 600)}`);
    await look(system, "calendar-preview", false);
    // The real step is taken with next year's notice.
    await system.fill("[name=year]", "2027");
    await system.fill("[name=lines]", "2027-01-01~2027-01-03 休 元旦\n2027-02-05~2027-02-12 休 春节\n2027-02-20 班 春节\n2027-04-03~2027-04-05 休 清明节\n2027-05-01~2027-05-05 休 劳动节\n2027-06-09 休 端午节\n2027-09-15 休 中秋节\n2027-10-01~2027-10-07 休 国庆节");
    await press(system, "button[value=preview]");
    await accepted(system);
    await press(system, "button[value=import]");
    await accepted(system);
    assert((await mainText(system)).includes("2027年放假安排已导入"), await mainText(system));
    await look(system, "calendar-imported", false);
  });

  await test("a text is edited, refused with a place that is not there, and restored", async () => {
    await get(system, house, "/staff/admin/templates");
    await look(system, "templates");
    await press(system, system.getByRole("link", { name: "收到申请" }));
    await look(system, "template");
    const before = await system.inputValue("[name=sms]");
    await system.fill("[name=sms]", "已收到{itm}");
    await press(system, "main form button.btn-primary");
    await refused(system, "itm");
    await look(system, "template-wrong", false);
    await system.fill("[name=sms]", "已收到“{item}”，编号{number}，查询码{code}。{link}");
    await press(system, "button[value=preview]");
    await accepted(system);
    await press(system, "main form button.btn-primary");
    await accepted(system);
    assert((await mainText(system)).includes("已保存"), await mainText(system));
    const editor = (await system.textContent(".desk-who b")).trim();
    const changed = await system.locator("main tbody tr", { hasText: "查询码{code}。{link}" }).last().textContent();
    assert(changed.includes(editor), `the record of changes does not name ${editor}: ${changed}`);
    await look(system, "template-saved");
    await press(system, "button:has-text('恢复系统自带的文字')");
    assert((await system.inputValue("[name=sms]")) === before, "the text is not as it was");
  });

  await test("the outbox shows what went where, and what failed is sent again", async () => {
    await waitFor(system, house, "/staff/admin/outbox", "收到申请");
    const kept = await mainText(system);
    assert(kept.includes("没有配置短信通道") && !/\boutbox\b/.test(kept), `why a message stays is not said: ${kept.slice(0, 600)}`);
    await look(system, "outbox");
    inTheStore(house, [
      "UPDATE message_delivery SET state = 'failed', gateway = '移动', attempts = 3, last_error = '空号' WHERE message IN (SELECT message FROM message_delivery LIMIT 1)",
    ]);
    await get(system, house, "/staff/admin/outbox?state=failed");
    await look(system, "outbox-failed");
    await press(system, "button:has-text('重发')");
    assert((await mainText(system)).includes("已安排重新发送"), await mainText(system));
    await get(system, house, "/staff/admin/outbox?state=waiting&channel=email");
    await look(system, "outbox-empty");
  });

  await test("a job that gave up is tried again", async () => {
    await get(system, house, "/staff/admin/jobs");
    await look(system, "jobs-none");
    inTheStore(house, [
      `INSERT INTO job (region, id, name, input, run_at_us, attempts, gave_up, lease_until_us, last_error, created_at_us)
       VALUES ('610924', '0192f0c00000700080000000000000aa', 'ledger_check', '{"check":"0192f0c0000070008000000000000001"}', 0, 57, 1, 0, 'the disk is full', ${Date.now()}000)`,
    ]);
    await get(system, house, "/staff/admin/jobs");
    assert((await mainText(system)).includes("核对账本"), await mainText(system));
    await look(system, "jobs");
    await press(system, "button:has-text('再试一次')");
    assert((await mainText(system)).includes("已重新排队"), await mainText(system));
  });

  await test("people come from Excel: wrong cells are named, a right table makes accounts", async () => {
    await get(system, house, "/staff/people/import");
    await look(system, "people-import");
    const send = async (rows) => {
      await system.setInputFiles("[name=file]", { name: "账号.xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buffer: workbook([COLUMNS, ...rows]) });
      await press(system, "main form button.btn-primary");
    };
    await send([
      ["Zhang Wei", "张伟", "1389150", "没有这个局", "综合窗口", "局长", ""],
      ["li.na", "", "13891508002", CENTRE, "综合窗口", "窗口受理", ""],
    ]);
    const text = await mainText(system);
    assert(text.includes("一个账号也没有登记") && text.includes("没有这个局") || text.includes("机构"), text);
    await look(system, "people-import-wrong", false);
    await get(system, house, "/staff/people/import");
    await send([["li.na", "李娜", "13891508002", CENTRE, "综合窗口", "窗口受理", ""], ["zhang.wei", "张伟", "", CENTRE, "综合窗口", "窗口受理、审查", ""]]);
    assert((await mainText(system)).includes("已登记 2 个账号"), await mainText(system));
    await look(system, "people-imported", false);
    await get(system, house, "/staff/people");
    await look(system, "people");
  });

  await test("an account is stopped and given back", async () => {
    await get(system, house, "/staff/people?q=li.na");
    await press(system, system.getByRole("link", { name: "李娜" }));
    await look(system, "person");
    await press(system, "button:has-text('停用账号')");
    await refused(system, "原因");
    await system.fill("[name=reason]", "调离窗口");
    await press(system, "button:has-text('停用账号')");
    await accepted(system);
    assert((await mainText(system)).includes("已停用"), await mainText(system));
    await look(system, "person-stopped");
    await press(system, "button:has-text('恢复账号')");
    assert(!(await mainText(system)).includes("· 已停用"), "the account is still stopped");
  });

  await test("an organisation is closed and opened again", async () => {
    await get(system, house, "/staff/organisations");
    await look(system, "organisations");
    await press(system, system.getByRole("link", { name: "烟草专卖局" }));
    await look(system, "organisation");
    await system.fill("[name=reason]", "机构改革");
    await press(system, "button:has-text('停用这个机构')");
    await accepted(system);
    assert((await mainText(system)).includes("这个机构已停用"), await mainText(system));
    await look(system, "organisation-closed");
    await press(system, "button:has-text('恢复使用')");
    await accepted(system);
    assert(!(await mainText(system)).includes("这个机构已停用"), "the organisation is still closed");
  });

  await test("the system's state is one page", async () => {
    await get(system, house, "/staff/admin/system");
    await look(system, "system");
  });

  await test("the security administrator gives a post, and changes nothing else", async () => {
    await get(security, house, "/staff/people?q=li.na");
    await press(security, security.getByRole("link", { name: "李娜" }));
    await look(security, "security-person");
    assert(!(await security.$("button:has-text('停用账号')")), "security may stop accounts");
    await press(security, "a:has-text('安排岗位')");
    await look(security, "security-post");
    for (const path of ["/staff/admin/calendar", "/staff/admin/outbox", "/staff/admin/ledger", "/staff/cases", "/staff/people/import"]) await get(security, house, path, 403);
  });

  await test("the audit administrator reads refusals and the ledger, and changes nothing", async () => {
    await get(audit, house, "/staff/admin/refusals");
    const refusals = await mainText(audit);
    assert(refusals.includes("当时的提示") || refusals.includes("不符合规则"), refusals);
    assert(!/[0-9a-f]{32}|[a-z]_[a-z]/.test(refusals), `identifiers of the machine stand on the page: ${refusals}`);
    await look(audit, "refusals");
    await get(audit, house, "/staff/admin/ledger");
    await press(audit, "button:has-text('核对全部记录')");
    await look(audit, "ledger-asked", false);
    await waitFor(audit, house, "/staff/admin/ledger", "全部相符");
    await look(audit, "ledger");
    for (const path of ["/staff/admin/calendar", "/staff/people/new", "/staff/counter"]) await get(audit, house, path, 403);
  });

  await test("one record is proved, and a forged proof is not", async () => {
    await get(audit, house, "/staff/admin/ledger/proof");
    await look(audit, "proof-asked");
    await audit.fill("[name=seq]", "1");
    await press(audit, "button:has-text('取出证明')");
    let text = await mainText(audit);
    for (let turn = 0; turn < 180 && !text.includes("证明成立"); turn += 1) {
      await audit.waitForTimeout(1000);
      await audit.reload();
      text = await mainText(audit);
    }
    assert(text.includes("证明成立"), text.slice(0, 300));
    await look(audit, "proof");
    const proof = JSON.parse(await audit.textContent("main pre"));
    proof.hash = "00".repeat(32);
    await audit.fill("[name=proof]", JSON.stringify(proof));
    await press(audit, "main form[method=post] button.btn-primary");
    assert((await mainText(audit)).includes("证明不成立"), await mainText(audit));
    await look(audit, "proof-forged", false);
  });

  for (const page of [system, security, audit, clerk]) await page.context().close();
}

/** What cannot be waited for in a test (a provider that refuses, four days of trying) is put where it would stand. */
function inTheStore(house, statements) {
  const python = join(process.env.WUCHUANG_PEERS, "python", "bin", "python");
  const script = "import sqlite3, sys\nstore = sqlite3.connect(sys.argv[1], timeout=30)\nfor statement in sys.argv[2:]:\n    store.execute(statement)\nstore.commit()";
  execFileSync(python, ["-c", script, join(house.folder, "wuchuang.db"), ...statements]);
}

/** Something that a job makes: looked for again until it is there. */
async function waitFor(page, house, path, words) {
  for (let turn = 0; turn < 300; turn += 1) {
    await get(page, house, path);
    if ((await mainText(page)).includes(words)) return;
    await page.waitForTimeout(300);
  }
  throw new Error(`“${words}” does not appear at ${path}`);
}

await tellAlone(import.meta.url, tell);
