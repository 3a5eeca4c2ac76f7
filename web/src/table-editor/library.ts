// The little of dmn-js that the table editor touches, with types.

/** A DMN element as the library keeps it. */
export interface Element {
  id: string;
  name?: string;
  $type: string;
  $parent?: Element;
  $instanceOf(type: string): boolean;
  get<T = unknown>(name: string): T;
  set(name: string, value: unknown): void;
}

/** What can be opened: the graph, or one decision. */
export interface View {
  id: string;
  name?: string;
  type: "drd" | "decisionTable" | "literalExpression";
  element: Element;
}

export interface Viewer {
  get(name: "commandStack"): { undo(): void; redo(): void };
  get(name: "canvas"): { zoom(to: string, centre?: string): void; resized(): void };
  get(name: "selection"): { select(element: unknown): void };
  get(name: "elementRegistry"): { get(id: string): unknown };
  on(events: string | string[], run: () => void): void;
}

export interface Moddle {
  create(type: string, attributes?: Record<string, unknown>): Element;
}

export interface Manager {
  readonly _moddle: Moddle & { fromXML(xml: string, type: string): Promise<{ rootElement: Element }>; toXML(element: Element, options?: object): Promise<{ xml: string }> };
  importXML(xml: string, options?: { open: boolean }): Promise<unknown>;
  saveXML(options?: { format: boolean }): Promise<{ xml?: string }>;
  getViews(): View[];
  getActiveView(): View | undefined;
  getActiveViewer(): Viewer | undefined;
  getDefinitions(): Element;
  open(view: View): Promise<unknown>;
  on(event: string, run: (event: { viewer?: Viewer; type?: string }) => void): void;
}

export const is = (element: Element | undefined, type: string): boolean => element?.$instanceOf(`dmn:${type}`) === true;

/** Decisions, inputs and what else stands in the graph. */
export const drawn = (definitions: Element): Element[] => definitions.get<Element[] | undefined>("drgElement") ?? [];

/** All elements within one, itself first. */
export function* within(element: Element): Generator<Element> {
  yield element;
  const described = (element as unknown as { $descriptor: { properties: { name: string; isAttr?: boolean; isReference?: boolean }[] } }).$descriptor;
  for (const property of described.properties) {
    if (property.isAttr || property.isReference) continue;
    const value = (element as unknown as Record<string, unknown>)[property.name.split(":").pop() ?? ""];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof (child as Element).$instanceOf === "function") yield* within(child as Element);
    }
  }
}

/** An element by its id. */
export function byId(definitions: Element, id: string): Element | undefined {
  for (const element of within(definitions)) if (element.id === id) return element;
  return undefined;
}

/** The decision that an element belongs to. */
export function decisionOf(element: Element | undefined): Element | undefined {
  let at = element;
  while (at && !is(at, "Decision")) at = at.$parent;
  return at;
}
