// The little of bpmn-js that the designer touches, with types. The library's own services are asked for by name.

/** A BPMN element as the library keeps it: attributes by name, those of other vendors in $attrs. */
export interface Element {
  id: string;
  $type: string;
  $attrs: Record<string, string>;
  $parent?: Element;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  $instanceOf(type: string): boolean;
}

/** What is drawn: a shape, a line, or the process as a whole. */
export interface Drawn {
  id: string;
  type: string;
  businessObject: Element;
  parent?: Drawn;
  labelTarget?: Drawn;
  waypoints?: { x: number; y: number }[];
  incoming: Drawn[];
  outgoing: Drawn[];
  host?: Drawn;
  source?: Drawn;
  target?: Drawn;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Services {
  canvas: {
    zoom(to: string, centre?: string): void;
    resized(): void;
    getRootElement(): Drawn;
    viewbox(): { x: number; y: number; width: number; height: number };
    scrollToElement(element: Drawn, padding?: number): void;
    addMarker(element: Drawn | string, marker: string): void;
    removeMarker(element: Drawn | string, marker: string): void;
  };
  elementRegistry: { get(id: string): Drawn | undefined; getAll(): Drawn[] };
  elementFactory: { createShape(options: Record<string, unknown>): Drawn };
  selection: { get(): Drawn[]; select(element: Drawn | null): void };
  eventBus: { on(events: string | string[], run: (event: { element?: Drawn; newSelection?: Drawn[] }) => void): void };
  create: { start(event: Event, shape: Drawn): void };
  connect: { start(event: Event, from: Drawn): void };
  autoPlace: { append(source: Drawn, shape: Drawn): Drawn };
  modeling: {
    updateProperties(element: Drawn, properties: Record<string, unknown>): void;
    updateModdleProperties(element: Drawn, owner: Element, properties: Record<string, unknown>): void;
    createShape(shape: Drawn, place: { x: number; y: number }, parent: Drawn, attach?: { attach: boolean }): Drawn;
    connect(source: Drawn, target: Drawn): Drawn | undefined;
    removeElements(elements: Drawn[]): void;
    moveElements(elements: Drawn[], by: { x: number; y: number }): void;
    updateLabel(element: Drawn, text: string): void;
  };
  moddle: { create(type: string, attributes?: Record<string, unknown>): Element };
  commandStack: { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean };
}

export type Get = <K extends keyof Services>(name: K) => Services[K];

/** An attribute by its local name: ours, or what a vendor's tool wrote. */
export function attribute(element: Element, name: string): string {
  const own = element.get(`wuchuang:${name}`);
  if (own !== undefined && own !== null && own !== "") return String(own);
  const foreign = Object.entries(element.$attrs).find(([key]) => key.split(":")[1] === name && !key.startsWith("xmlns"));
  return foreign ? foreign[1] : "";
}

/** Sets an attribute in our namespace and takes the vendor's away, so that each thing is said once. */
export function attributeChange(element: Element, name: string, value: string): Record<string, unknown> {
  const change: Record<string, unknown> = { [`wuchuang:${name}`]: value === "" ? undefined : value };
  for (const key of Object.keys(element.$attrs)) {
    if (key.split(":")[1] === name && !key.startsWith("xmlns") && key !== `wuchuang:${name}`) change[key] = undefined;
  }
  return change;
}

export function is(element: Drawn | Element, type: string): boolean {
  const own = "businessObject" in element ? element.businessObject : element;
  return own.$instanceOf(`bpmn:${type}`);
}

/** The text of a child such as timeDuration or completionCondition. */
export function body(element: Element | undefined, name: string): string {
  const child = element?.get(name) as Element | undefined;
  return child ? String(child.get("body") ?? "").trim() : "";
}
