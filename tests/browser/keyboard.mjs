// A person who has a keyboard and nothing else: everything is reached with Tab and done with keys.
const TABS_MAX = 150;
const PAGES_MAX = 30;

/** Presses Tab until the focus stands on something that matches. */
export async function tabTo(page, selector) {
  for (let turn = 0; turn < TABS_MAX; turn += 1) {
    await page.keyboard.press("Tab");
    const isThere = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    if (isThere) return;
  }
  throw new Error(`Tab never reaches ${selector} at ${page.url()}`);
}

/** How many things of a page are gone through: lists have more of the same. */
const STOPS_MAX = 120;
const STRIDE = 10;

/** What the keyboard alone does not come to on a page, and where it stands without showing it. */
export async function notByTab(page) {
  const count = await page.evaluate((max) => {
    const usable = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const groups = new Set();
    const stops = usable.filter((one) => {
      const isStop = one.tabIndex >= 0 && !one.matches(":disabled, [type=hidden]") && one.getClientRects().length > 0;
      if (!isStop || !one.checkVisibility({ visibilityProperty: true })) return false;
      if (one.type !== "radio") return true;
      // Tab comes to one of a group: the one that is chosen, or the first.
      const group = `${one.form?.id} ${one.form?.action} ${one.name}`;
      const chosen = (one.form ?? document).querySelector(`[type=radio][name="${CSS.escape(one.name)}"]:checked`);
      if (groups.has(group) || (chosen && chosen !== one)) return false;
      groups.add(group);
      return true;
    });
    const left = new Set(stops.slice(0, max));
    const dark = [];
    document.addEventListener("focusin", ({ target }) => {
      // A cell of a table is drawn anew when it is entered, under the same name.
      const name = target.isContentEditable ? target.ariaLabel : null;
      for (const one of left) if (name && one.isContentEditable && one.ariaLabel === name) left.delete(one);
      if (!left.delete(target)) return;
      const { outlineStyle, boxShadow } = getComputedStyle(target);
      const { width, height } = target.getBoundingClientRect();
      const isShown = outlineStyle !== "none" || boxShadow !== "none" || width <= 1 || height <= 1 || getComputedStyle(target).opacity === "0";
      if (!isShown) dark.push(target.outerHTML.slice(0, 160));
    }, true);
    window.byTab = { left, dark };
    return left.size;
  }, STOPS_MAX);
  const isLeft = () => page.evaluate(() => window.byTab.left.size > 0);
  for (let pressed = 0; pressed < 2 * count + STRIDE && (await isLeft()); pressed += STRIDE) {
    for (let turn = 0; turn < STRIDE; turn += 1) await page.keyboard.press("Tab");
  }
  return page.evaluate(() => {
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    const unreached = [...window.byTab.left].map((one) => `Tab never reaches ${one.outerHTML.slice(0, 160)}`);
    return [...unreached, ...window.byTab.dark.map((text) => `nothing shows the focus on ${text}`)];
  });
}

async function enter(page, selector) {
  await tabTo(page, selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

/** What still has to be answered on a page, as selectors in their order. */
function unanswered(page) {
  return page.evaluate(() => {
    const wanted = [];
    const groups = new Set();
    for (const field of document.querySelectorAll("main form:not(.inline-form) :is(input, select, textarea)")) {
      const isAsked = field.type !== "hidden" && field.type !== "file" && field.offsetParent !== null;
      if (!isAsked || field.closest(".field")?.querySelector(".optional")) continue;
      const kind = field.tagName === "SELECT" ? "select" : field.type;
      const isChoice = kind === "radio" || kind === "checkbox";
      if (isChoice ? groups.has(field.name) || document.querySelector(`[name="${field.name}"]:checked`) : field.value) continue;
      groups.add(field.name);
      wanted.push({ kind, selector: `#${CSS.escape(field.id)}`, label: field.closest(".field")?.querySelector(".field-label")?.textContent ?? "" });
    }
    return wanted;
  });
}

async function answer(page, { kind, selector, label }) {
  await tabTo(page, selector);
  if (kind === "radio" || kind === "checkbox") await page.keyboard.press("Space");
  else if (kind === "select") await page.keyboard.press("ArrowDown");
  else if (kind === "date") for (const key of ["ArrowUp", "Tab", "ArrowUp", "Tab", "ArrowUp"]) await page.keyboard.press(key);
  else await page.keyboard.type(/数|年限|人/.test(label) && !/说明|原因/.test(label) ? "12" : "如实填写");
}

async function upload(page, file) {
  const isGiven = (await page.$("main ul.files a")) !== null;
  if (!isGiven) {
    await tabTo(page, "[name=files]");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
    await chooser.setFiles(file);
    await enter(page, "form[enctype] button[type=submit]");
  }
  await enter(page, "main a.btn-primary");
}

/** Goes through an application page by page and answers with the number on the receipt. */
export async function byKeyboard(page, file) {
  // The browser hands its file dialogs to the driver from now on: asked for only at the key press, a busy machine may
  // open the dialog before the driver is heard.
  page.on("filechooser", () => {});
  for (let turn = 0; turn < PAGES_MAX; turn += 1) {
    const { pathname } = new URL(page.url());
    if (pathname.startsWith("/apply/done/")) return (await page.textContent(".matter-number")).replace(/\s/g, "");
    const problem = await page.$(".error-summary");
    if (problem && !pathname.endsWith("/check")) throw new Error(`refused at ${pathname}: ${await problem.textContent()}`);
    if (/\/materials\/[^/]+$/.test(pathname)) {
      await upload(page, file);
      continue;
    }
    const missing = await page.$$eval("main ul.rows li", (rows) => rows
      .filter((row) => row.querySelector(".tag")?.textContent === "未交")
      .map((row) => `#${row.querySelector("a").id}`));
    if (missing.length > 0) {
      await enter(page, missing[0]);
      continue;
    }
    for (const field of await unanswered(page)) await answer(page, field);
    await enter(page, "main form:not(.inline-form) button.btn-primary");
  }
  throw new Error(`no receipt after ${PAGES_MAX} pages; the last was ${page.url()}`);
}
