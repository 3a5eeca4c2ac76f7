// The committed table of routes and roles, as far as it tells which pages there are: a GET route that gives no file, no
// figures for machines and no mere step to another page.
import { readFileSync } from "node:fs";

const TABLE = new URL("../../crates/app/tests/integration/routes.txt", import.meta.url);

/** What is no page to be read by people. */
const NO_PAGES = [
  /^\/(api\/v1|assets|callbacks|health)\//, // programs
  /^\/(metrics|guides\/suggest)$/, // programs and islands
  /\.(pdf|xlsx|yaml|json|svg|ico|xml|bpmn|dmn)$/, // files
  /\/(files|notices|copies)\/\{\w+\}$|\/pages\/\{page\}$|\/done\/\{case\}\/\{slip\}$|\/import\/\{token\}$/, // files with a name of their own
  /^\/(display|staff|staff\/search|apply\/\{item\}\/\{draft\})$/, // steps to another page
];

/** Every page of the table: how its addresses look and who may open it. */
export function pages() {
  return readFileSync(TABLE, "utf8").split("\n")
    .map((line) => line.match(/^(\S+) GET: (.*)$/))
    .filter((match) => match && !NO_PAGES.some((pattern) => pattern.test(match[1])))
    .map(([, route, rule]) => ({ route, roles: rule === "open to everyone" ? [] : rule.split(": ")[1].split(" ") }));
}

const literals = (route) => route.split("/").filter((part) => part && !part.startsWith("{")).length;

/** The route that an address belongs to: of several that fit, the one that names most of it. */
export function routeOf(all, path) {
  const parts = path.split("/");
  return all
    .filter(({ route }) => {
      const wanted = route.split("/");
      return wanted.length === parts.length && wanted.every((part, place) => (part.startsWith("{") ? parts[place] !== "" : part === parts[place]));
    })
    .sort((one, other) => literals(other.route) - literals(one.route))[0];
}
