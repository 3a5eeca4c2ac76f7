// Tells one story by itself: `node counter.mjs` instead of `node run.mjs counter`.
import { fileURLToPath } from "node:url";
import { conclude } from "./check.mjs";
import { openBrowser, openHouse } from "./house.mjs";

/** Tells the story when its file is what was started. */
export async function tellAlone(address, tell) {
  if (process.argv[1] !== fileURLToPath(address)) return;
  const house = await openHouse();
  const browser = await openBrowser();
  let isWell = false;
  try {
    await tell({ house, browser });
    isWell = conclude();
  } finally {
    await browser.close();
    if (!isWell) console.log(house.said().slice(-3000));
    await house.close();
  }
  process.exitCode = isWell ? 0 : 1;
}
