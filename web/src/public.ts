// The script of public pages. Every page works without it; it only makes waiting, typing and reading easier.
import { startCommon } from "./islands/common";
import { startReadAloud } from "./islands/read-aloud";
import { startSuggest } from "./islands/suggest";

function start(): void {
  startCommon(start);
  startReadAloud();
  startSuggest();
}

start();
