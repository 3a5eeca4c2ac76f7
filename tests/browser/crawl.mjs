// Goes where the links lead, as one visitor after the other: every address of the house that a page shows, as far as the
// table of routes knows it as a page. Nothing is pressed and nothing sent.
import { routeOf } from "./routes.mjs";

/** How many addresses of one route a visitor opens: links hang on what a thing's state allows. */
const EACH_MAX = 4;
const ALL_MAX = 250;

const plain = (text) => text.replace(/&amp;|&#38;/g, "&").replace(/&#x27;|&#39;/g, "'").replace(/&quot;|&#34;/g, '"');

/** The addresses of the house in a page: links, rows that open, forms that only ask, and what its QR codes lead to. */
function addresses(html, here, origin) {
  const found = [...html.matchAll(/(?:href|data-open)="([^"]+)"/g)].map(([, address]) => address);
  for (const [tag] of html.matchAll(/<form\b[^>]*>/g)) {
    if (!/method="post"/i.test(tag)) found.push(tag.match(/action="([^"]+)"/)?.[1] ?? here);
  }
  for (const [, path] of html.matchAll(/src="[^"]*\/qr\.svg\?path=([^"]+)"/g)) found.push(decodeURIComponent(path));
  return found.map((address) => {
    const url = new URL(plain(address), here);
    return url.origin === origin ? url.pathname + url.search : "";
  }).filter(Boolean);
}

/**
 * The pages that a visitor comes to from some addresses: route and address of each. `seeds` are addresses that follow a
 * form, so that no link leads there.
 */
export async function crawl({ context, origin, pages, seeds }) {
  const waiting = [...seeds];
  const seen = new Set(waiting);
  const opened = new Map();
  const reached = new Map();
  for (let count = 0; waiting.length > 0 && count < ALL_MAX; count += 1) {
    const address = waiting.shift();
    const answer = await context.request.get(origin + address, { maxRedirects: 0, headers: { accept: "text/html" }, timeout: 60_000 });
    const status = answer.status();
    let next = [];
    if (status >= 300 && status < 400) {
      next = [new URL(answer.headers().location, origin + address)].filter((url) => url.origin === origin).map((url) => url.pathname + url.search);
    } else if (status === 200 && (answer.headers()["content-type"] ?? "").startsWith("text/html")) {
      const page = routeOf(pages, address.split("?")[0]);
      if (page && !reached.has(page.route)) reached.set(page.route, address);
      next = addresses(await answer.text(), origin + address, origin);
    } else if (status >= 500 || status === 404) {
      throw new Error(`a link leads to ${address}, which answers ${status}`);
    }
    for (const found of next) {
      const page = routeOf(pages, found.split("?")[0]);
      if (!page || seen.has(found)) continue;
      const times = opened.get(page.route) ?? 0;
      if (times >= EACH_MAX) continue;
      opened.set(page.route, times + 1);
      seen.add(found);
      waiting.push(found);
    }
  }
  return reached;
}
