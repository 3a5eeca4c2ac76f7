// 在线编辑决策表: the page on which a county officer writes the decision tables of an item. The table editor is dmn-js; what may
// be written is what the house runs, and what is wrong, forgotten or overlaps is told by the same check that guards saving and
// publishing. Only this page loads this script.
import { TableEditor } from "./table-editor/editor";

function start(): void {
  const root = document.querySelector<HTMLElement>("[data-tables]");
  if (root) void new TableEditor(root).open();
}

start();
