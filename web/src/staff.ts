// The script of staff pages: the islands of the public pages, the keyboard, and htmx for lists that refresh in place.
import "htmx.org";
import { startCommon } from "./islands/common";
import { startKeys } from "./islands/keys";
import { startSlips } from "./islands/slips";

function start(): void {
  startCommon(start);
  startKeys();
  startSlips();
}

start();
// A part that htmx has put in place gets its islands too.
document.addEventListener("htmx:afterSettle", start);
