// Items that are alike: a manager sees a pair with its reasons, says that they are one kind, or that one goes into the other from
// tomorrow, takes that back, and does it; a villager with the old name and the old link comes to the item that stands.
import { DESK, PHONE, assert, get, inspect, inspectWidths, mainText, press, test } from "./check.mjs";
import { PASSWORD, signInStaff } from "./people.mjs";

const LIST = "/staff/items/similar";
const FIRST = "老年人优待证申领";
const TWIN = "老年人优待证申请领取";

export async function tell({ house, browser }) {
  const office = await browser.newContext(DESK);
  const street = await browser.newContext(PHONE);
  const manager = await office.newPage();
  const villager = await street.newPage();
  await signInStaff(manager, house.origin, "catalogue", PASSWORD);
  let twin = "";

  await test("merging: an item that is written a second time is told with its reasons", async () => {
    await get(manager, house, `/staff/items?search=${encodeURIComponent(FIRST)}`);
    const first = (await manager.getAttribute(`main a:has-text("${FIRST}")`, "href")).match(/items\/([0-9a-f]+)/)[1];
    const token = crypto.randomUUID().replaceAll("-", "");
    const done = await manager.evaluate(
      async ([first, token, name]) => {
        const item = await (await fetch(`/api/v1/items/${first}`)).json();
        const content = { ...item.content, name, national_code: "", local_code: `${item.content.local_code}-2` };
        const send = (deed, body) =>
          fetch(`/api/v1/items/${token}/${deed}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          });
        const draft = await send("draft", { content, expected_version: 0 });
        const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
        const publish = await send("publish", { effective_from: day });
        return `${draft.status} ${await draft.text()} ${publish.status} ${await publish.text()}`;
      },
      [first, token, TWIN],
    );
    await get(manager, house, LIST);
    const text = await mainText(manager);
    assert(text.includes(TWIN) && text.includes("种材料中"), `${done} ${text}`);
    twin = token;
    await inspectWidths(manager, "merging-pairs");
  });

  await test("merging: to keep two apart needs a reason, and what was typed stays", async () => {
    const row = `main tr:has-text("${TWIN}")`;
    await manager.click(`${row} details summary`);
    await press(manager, `${row} details button`);
    assert((await mainText(manager)).includes("请写明为什么不合并"), await mainText(manager));
    await inspect(manager, "merging-apart-wrong");
    await manager.fill(`${row} details [name=reason]`, "一个发给本地老人，一个发给外地老人。");
    await press(manager, `${row} details button`);
    const text = await mainText(manager);
    assert(text.includes("没有相近的事项") && text.includes("一个发给本地老人"), text);
    await inspectWidths(manager, "merging-apart");
    await press(manager, 'main button:has-text("重新比较")');
    assert((await mainText(manager)).includes("种材料中"), await mainText(manager));
  });

  await test("merging: one kind of items, with a line that means nothing told by its number", async () => {
    await manager.click('main tr a:has-text("归为一类")');
    await manager.waitForLoadState();
    await manager.fill("[name=name]", "老年人优待");
    const items = await manager.inputValue("[name=items]");
    await manager.fill("[name=items]", `${items}\n没有这个事项`);
    await press(manager, 'main form button:has-text("保存")');
    assert((await mainText(manager)).includes("第 3 行"), await mainText(manager));
    await inspectWidths(manager, "merging-group-wrong");
    await manager.fill("[name=items]", `${items}\n80周岁以上老年人高龄津贴发放`);
    await press(manager, 'main form button:has-text("保存")');
    assert((await mainText(manager)).includes("老年人优待"), await mainText(manager));
    await inspectWidths(manager, "merging-groups");
    await get(villager, house, `/guides/${twin}`);
    const kin = await villager.textContent("#kin + ul");
    assert(kin.includes("高龄津贴") && kin.includes(FIRST), kin);
  });

  await test("merging: one goes into the other from tomorrow, and that is taken back", async () => {
    await get(manager, house, `/staff/items/${twin}`);
    const today = await manager.inputValue("#field-on");
    const tomorrow = new Date(Date.parse(today) + 24 * 3600e3).toISOString().slice(0, 10);
    await manager.fill("#field-on", tomorrow);
    await manager.fill("#field-successor", "没有这个事项");
    await manager.fill("#field-reason", "两个事项内容相同。");
    await press(manager, 'main button:has-text("停用事项")');
    assert((await mainText(manager)).includes("没有找到现行的事项"), await mainText(manager));
    assert((await manager.inputValue("#field-reason")).includes("内容相同"));
    await manager.fill("#field-successor", FIRST);
    await press(manager, 'main button:has-text("停用事项")');
    assert((await mainText(manager)).includes(`并入 ${FIRST}`), await mainText(manager));
    await inspectWidths(manager, "merging-planned");
    await manager.fill("#field-reason", "方案再议。");
    await press(manager, 'main button:has-text("撤回停用")');
    assert((await mainText(manager)).includes("已撤回停用"), await mainText(manager));
  });

  await test("merging: a villager with the old link or the old name comes to the item that stands", async () => {
    await manager.fill("#field-successor", FIRST);
    await manager.fill("#field-reason", "两个事项内容相同。");
    await press(manager, 'main button:has-text("停用事项")');
    await get(villager, house, `/apply/${twin}`).catch(() => undefined);
    await get(villager, house, `/guides/${twin}`);
    const text = await mainText(villager);
    assert(text.includes("事项已经合并") && text.includes("两个事项内容相同"), text);
    await inspect(villager, "merging-old-guide");
    await villager.click(`main a:has-text("${FIRST}")`);
    await villager.waitForLoadState();
    assert((await villager.textContent("h1")).includes(FIRST), await villager.textContent("h1"));
    await get(villager, house, `/guides?q=${encodeURIComponent(TWIN)}`);
    assert((await mainText(villager)).includes(FIRST), await mainText(villager));
  });

  await office.close();
  await street.close();
}
