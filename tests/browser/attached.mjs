// The applicant hands in a file where the form asks for it: on a phone, without a script, missed in its place, and not asked for again.
import { PLAIN, accepted, assert, get, inspect, inspectWidths, mainText, press, refused, test } from "./check.mjs";
import { apply } from "./apply.mjs";
import { newCitizen, newStaff, openCase } from "./life.mjs";
import { fillPage, photograph } from "./people.mjs";

const ITEM = "旅馆业特种行业许可证核发";
const PROOF = "旅馆业治安管理信息系统安装证明";
const FILE = { name: "安装证明.png", mimeType: "image/png", buffer: photograph };

export async function tell(scene) {
  const { house, browser } = scene;
  let citizen;
  let place = "";

  await test("attached: a file is asked for after the answer that it proves, and missed there", async () => {
    citizen = await newCitizen(scene, "邵文静");
    const { page, person } = citizen;
    await get(page, house, `/guides?q=${encodeURIComponent(ITEM)}`);
    await press(page, page.getByRole("link", { name: ITEM, exact: true }));
    await press(page, page.getByRole("link", { name: "开始申请" }));
    await press(page, "main form button.btn-primary");
    await fillPage(page, person);
    await press(page, "main form button.btn-primary");
    place = new URL(page.url()).pathname;
    await page.check('[name=system_installed][value="否"]');
    assert(!(await page.locator("[name=scan-m6]").isVisible()), "it is asked although nothing is installed");
    await page.check('[name=system_installed][value="是"]');
    await fillPage(page, person);
    await inspectWidths(page, "attached-empty", [1440, 390]);
    await press(page, "main form button.btn-primary");
    await refused(page, PROOF);
  });

  await test("attached: without a script the file is taken in its place, and what was typed stays", async () => {
    const state = await citizen.page.context().storageState();
    const plain = await browser.newContext({ ...PLAIN, storageState: state });
    const page = await plain.newPage();
    await get(page, house, place);
    await page.fill("[name=hotel_name]", "河堤旅馆");
    await page.setInputFiles("[name=scan-m6]", FILE);
    await page.locator("button[name=attach]").focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    await accepted(page);
    assert((await mainText(page)).includes("1 个文件"), "the file is gone");
    assert((await page.inputValue("[name=hotel_name]")) === "河堤旅馆", "what was typed is gone");
    await press(page, "button[name=open]");
    assert((await mainText(page)).includes(FILE.name), "its own page does not show it");
    await press(page, page.getByRole("link", { name: "返回申请表" }));
    assert(new URL(page.url()).pathname === place, page.url());
    await plain.close();
  });

  await test("attached: the list of materials does not ask for it again, and whoever handles the case reads it at its place", async () => {
    const { page, person } = citizen;
    await get(page, house, place);
    await inspectWidths(page, "attached-taken", [1440, 390]);
    await press(page, "main form button.btn-primary");
    assert(!(await mainText(page)).includes(PROOF), "it is asked twice");
    const receipt = await apply(page, person, { everything: true });
    const clerk = await newStaff(scene, "clerk");
    await openCase(house, clerk, receipt.number);
    assert((await mainText(clerk)).includes(`${PROOF}（上传，1 个文件）`), "the answer does not read");
    await inspect(clerk, "desk-attached-case");
  });
}
