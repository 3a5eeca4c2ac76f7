// 在线绘制: the page on which a county officer draws the process of an item. The drawing tool is bpmn-js; what may be drawn is
// what the house runs, what stands in the properties is what its reader reads, and what is wrong is told by the same check
// that guards saving and publishing. Only this page loads this script.
import { Designer } from "./designer/designer";

function start(): void {
  const root = document.querySelector<HTMLElement>("[data-designer]");
  if (root) void new Designer(root).open();
}

start();
