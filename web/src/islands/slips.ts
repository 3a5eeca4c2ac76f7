// Slips at the counter: one key prints. The document is laid into the page out of sight and given to the printer; without
// this script, or where the browser shows no PDF itself, the link opens it in a window of its own.
import { untaken } from "./common";

export function startSlips(): void {
  if (!navigator.pdfViewerEnabled) return;
  for (const link of untaken<HTMLAnchorElement>("a[data-slip]", "Slip")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      print(link.href);
    });
  }
}

function print(address: string): void {
  document.querySelector("iframe.slip")?.remove();
  const frame = document.createElement("iframe");
  frame.className = "slip";
  frame.src = address;
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  frame.addEventListener("load", () => {
    const isDocument = frame.contentDocument?.contentType === "application/pdf";
    if (!frame.contentWindow || !isDocument) {
      // It could not be made: the answer says why, and is to be read, not printed.
      window.open(address, "_blank", "noopener");
      return;
    }
    frame.contentWindow.print();
    // The next key belongs to the page again.
    window.focus();
  });
  document.body.append(frame);
}
