// Places for what the graph shows, where a file has none: inputs below, each decision above what it needs.
import { drawn, is, type Element, type Moddle } from "./library";

const WIDTH = 180;
const GAP = 40;
const STEP = 160;

const needs = (decision: Element): { element: Element; requirement: Element }[] => {
  const found: { element: Element; requirement: Element }[] = [];
  for (const list of ["informationRequirement", "knowledgeRequirement"]) {
    for (const requirement of decision.get<Element[] | undefined>(list) ?? []) found.push({ element: requirement, requirement });
  }
  return found;
};

const target = (requirement: Element): string => {
  for (const name of ["requiredDecision", "requiredInput", "requiredKnowledge"]) {
    const href = requirement.get<Element | undefined>(name)?.get<string | undefined>("href");
    if (href) return href.replace(/^#/, "");
  }
  return "";
};

/** Gives every element a place when the file does not show all of its decisions and inputs. */
export function laidOut(definitions: Element, moddle: Moddle): boolean {
  const elements = drawn(definitions).filter((element) => is(element, "Decision") || is(element, "InputData") || is(element, "BusinessKnowledgeModel"));
  const diagrams = definitions.get<Element | undefined>("dmnDI")?.get<Element[] | undefined>("diagrams") ?? [];
  const shown = new Set<string>();
  for (const diagram of diagrams) {
    for (const one of diagram.get<Element[] | undefined>("diagramElements") ?? []) {
      const reference = one.get<Element | undefined>("dmnElementRef");
      if (reference) shown.add(reference.id);
    }
  }
  if (elements.every((element) => shown.has(element.id) && needs(element).every(({ requirement }) => shown.has(requirement.id)))) return false;
  const byId = new Map(elements.map((element) => [element.id, element]));
  const depths = new Map<string, number>();
  const depth = (element: Element, seen: string[]): number => {
    const known = depths.get(element.id);
    if (known !== undefined || seen.includes(element.id)) return known ?? 0;
    const below = needs(element).map(({ requirement }) => byId.get(target(requirement)));
    const value = is(element, "InputData") ? 0 : 1 + Math.max(0, ...below.map((one) => (one ? depth(one, [...seen, element.id]) : 0)));
    depths.set(element.id, value);
    return value;
  };
  const highest = Math.max(0, ...elements.map((element) => depth(element, [])));
  const columns: number[] = [];
  const centres = new Map<string, { x: number; top: number; bottom: number }>();
  const shapes = elements.map((element) => {
    const row = depths.get(element.id) ?? 0;
    const column = (columns[row] ??= 0);
    columns[row] = column + 1;
    const height = is(element, "InputData") ? 45 : 80;
    const x = 60 + column * (WIDTH + GAP);
    const y = 60 + (highest - row) * STEP;
    centres.set(element.id, { x: x + WIDTH / 2, top: y, bottom: y + height });
    const bounds = moddle.create("dc:Bounds", { x, y, width: is(element, "InputData") ? 125 : WIDTH, height });
    if (is(element, "InputData")) centres.set(element.id, { x: x + 62, top: y, bottom: y + height });
    return moddle.create("dmndi:DMNShape", { dmnElementRef: element, bounds });
  });
  const edges: Element[] = [];
  for (const element of elements) {
    for (const { requirement } of needs(element)) {
      const from = centres.get(target(requirement));
      const to = centres.get(element.id);
      if (!from || !to) continue;
      const waypoint = [moddle.create("dc:Point", { x: from.x, y: from.top }), moddle.create("dc:Point", { x: to.x, y: to.bottom })];
      edges.push(moddle.create("dmndi:DMNEdge", { dmnElementRef: requirement, waypoint }));
    }
  }
  const diagramElements = [...shapes, ...edges];
  const diagram = moddle.create("dmndi:DMNDiagram", { diagramElements });
  for (const one of diagramElements) one.$parent = diagram;
  const places = moddle.create("dmndi:DMNDI", { diagrams: [diagram] });
  diagram.$parent = places;
  places.$parent = definitions;
  definitions.set("dmnDI", places);
  return true;
}
