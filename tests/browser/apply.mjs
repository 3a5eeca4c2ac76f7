// A citizen applies for an item as far as the receipt, page by page, whatever the item asks.
import { fillPage, photograph } from "./people.mjs";

const PAGES_MAX = 30;
const PHOTOGRAPH = { name: "材料照片.png", mimeType: "image/png", buffer: photograph };

async function uploadMaterials(page, { everything = false, file = PHOTOGRAPH, without = "" }) {
  // Each material has a page of its own; those that may follow later are left out, as people do.
  const given = everything ? "已" : "已|可容缺|不用交|非必要";
  const links = await page.$$eval("main ul.rows li", (rows, [left, later]) => rows
    .filter((row) => !new RegExp(left).test(row.querySelector(".tag")?.textContent ?? ""))
    .filter((row) => !later || !row.textContent.includes(later))
    .map((row) => row.querySelector("a").href), [given, without]);
  const back = page.url();
  for (const link of links) {
    await page.goto(link);
    await page.setInputFiles("[name=files]", file);
    await Promise.all([page.waitForNavigation(), page.click("form[enctype] button[type=submit]")]);
  }
  await page.goto(back);
}

/**
 * Applies and answers with the number and the check code on the receipt. `delivery` is one of the ways in which the result
 * comes, `everything` hands in what might follow later as well but for the material `without`, `look` is called with every page on the way.
 */
export async function apply(page, person, { delivery, everything, file, look, without } = {}) {
  for (let turn = 0; turn < PAGES_MAX; turn += 1) {
    const { pathname } = new URL(page.url());
    if (pathname.startsWith("/apply/done/") || pathname.startsWith("/my/joints/")) {
      const text = await page.textContent("main");
      const number = (await page.textContent(".matter-number")).replace(/\s/g, "");
      const code = text.match(/查询码\D{0,8}?([2-9A-Z]{6})/)?.[1];
      return { number, code, path: pathname };
    }
    if (await page.$("main ul.rows a[href*='/materials/']")) await uploadMaterials(page, { everything, file, without });
    // Where towns do it too, the county's department does unless a story chooses.
    if (await page.$("select[name=place]")) await page.selectOption("select[name=place]", "department");
    else if (await page.$("[name=place]")) await page.check('[name=place][value="department"]');
    if (delivery && (await page.$(`[name=method][value="${delivery}"]`))) await page.check(`[name=method][value="${delivery}"]`);
    await fillPage(page, person);
    if (look) await look(page, turn);
    const before = page.url();
    await Promise.all([page.waitForNavigation(), page.click("main form:not(.inline-form) button.btn-primary")]);
    const problem = await page.$(".error-summary");
    if (problem && page.url() === before) throw new Error(`refused at ${pathname}: ${await problem.textContent()}`);
  }
  throw new Error(`no receipt after ${PAGES_MAX} pages; the last was ${page.url()}`);
}
