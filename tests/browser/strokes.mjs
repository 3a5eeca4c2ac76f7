// A clerk who has no mouse: types text, presses keys, and every key that is not text is counted. A letter typed into a
// field is text; Enter, Tab, arrows, space and the single keys of the page are strokes.
import { assert } from "./check.mjs";

/** How long the cursor is waited for; a page without it fails where it is needed. */
const CURSOR_MS = 5_000;

export class Strokes {
  constructor(page) {
    this.page = page;
    this.pressed = [];
  }

  /** Text goes into the field that has the cursor; there must be one. */
  async type(text) {
    await this.cursor();
    const place = await this.at();
    assert(place, `the cursor is in no field when “${text}” is typed at ${this.page.url()}`);
    await this.page.keyboard.type(text);
  }

  async press(...keys) {
    for (const key of keys) {
      this.pressed.push(key);
      await this.page.keyboard.press(key);
    }
  }

  /** A key that leads to another page. */
  async go(key) {
    await Promise.all([this.page.waitForNavigation(), this.press(key)]);
    await this.cursor();
  }

  /** A browser sets the cursor after the page is loaded, not with it: a person waits until it blinks. */
  async cursor() {
    const isThere = () => !document.querySelector("[autofocus]") || document.activeElement !== document.body;
    await this.page.waitForFunction(isThere, null, { timeout: CURSOR_MS }).catch(() => {});
  }

  /** The name of the field that has the cursor. */
  at() {
    return this.page.evaluate(() => document.activeElement?.name ?? "");
  }

  /** Tab until the cursor is in the field, as often as a person would have to. */
  async tabTo(name) {
    for (let turn = 0; turn < 12; turn += 1) {
      if ((await this.at()) === name) return;
      await this.press("Tab");
    }
    throw new Error(`“${name}” is not reached with Tab at ${this.page.url()}`);
  }

  /** What was pressed since the last time. */
  count() {
    const { pressed } = this;
    this.pressed = [];
    return pressed;
  }
}
