// A paper of several pages as an office program saves it: printed by the browser of the tests, with its fonts and pictures.

const TEXT = "本人承诺所交材料真实、合法、有效，并对其真实性负责。".repeat(12);

/** A PDF of A4 pages, each with its own number, a table and a picture. */
export async function paperOf(browser, count) {
  const page = await browser.newPage();
  const sheets = Array.from({ length: count }, (_, index) => `<section><h1>租赁合同 第 ${index + 1} 页</h1><p>${TEXT}</p>
    <table border="1" cellspacing="0" cellpadding="8"><tr><td>甲方</td><td>紫阳县城关镇河堤路12号</td></tr><tr><td>租金</td><td>每月 ${1000 + index} 元</td></tr></table>
    <svg width="240" height="120"><circle cx="${40 + 40 * index}" cy="60" r="36" fill="#b8352a"/></svg></section>`);
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>section { break-after: page } section:last-child { break-after: auto }</style>${sheets.join("")}`);
  const bytes = await page.pdf({ format: "A4" });
  await page.close();
  return { name: "租赁合同.pdf", mimeType: "application/pdf", buffer: bytes };
}
