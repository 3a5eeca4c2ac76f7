// Tells the stories of the house in a real browser, each against the same running house:
// `node run.mjs` tells all of them, `node run.mjs standard correction` these two.
import { execFileSync } from "node:child_process";
import { conclude, test } from "./check.mjs";
import { openBrowser, openHouse } from "./house.mjs";

const STORIES = ["instant", "standard", "correction", "conditional", "together", "drawn", "awaited", "levels", "bundle", "batch", "bundle_editor", "designer", "form", "known", "signing", "attached", "rules", "table_editor", "delegations", "merging", "worklist", "portal", "counter", "supervision", "oversight", "analysis", "administration", "every_page"];

const wanted = process.argv.length > 2 ? process.argv.slice(2) : STORIES;
const house = await openHouse();
const browser = await openBrowser();
let isWell = false;

try {
  for (const name of wanted) {
    console.log(`== ${name}`);
    const story = await import(`./${name}.mjs`);
    await story.tell({ house, browser });
  }
  await test("the ledger verifies", async () => {
    execFileSync(process.env.WUCHUANG_PROGRAM, ["verify", "--demo", house.folder], { stdio: "pipe" });
  });
  isWell = conclude();
} finally {
  await browser.close();
  if (!isWell) console.log(house.said().slice(-3000));
  await house.close();
}
process.exitCode = isWell ? 0 : 1;
