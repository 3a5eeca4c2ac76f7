// What may be drawn: what cases run, by the words that the properties and the list of elements use. Whatever else a file brings
// stays in it and is named by the check.
import { Drawn, Get, is } from "./library";

export interface Kind {
  key: string;
  label: string;
  title: string;
  type: string;
  /** Laid on an activity instead of behind it. */
  attached?: boolean;
  options?: Record<string, unknown>;
}

export const KINDS: Kind[] = [
  { key: "task", label: "任务", title: "用户任务：由人办理的环节", type: "bpmn:UserTask" },
  { key: "rule", label: "规则", title: "业务规则任务：由事项的规则自动判断", type: "bpmn:BusinessRuleTask" },
  { key: "receive", label: "等外面", title: "接收任务：等外面的来文或结果，收到了由人记下或由程序送来", type: "bpmn:ReceiveTask" },
  { key: "service", label: "外面办", title: "服务任务：由别的系统办，也可能办不成", type: "bpmn:ServiceTask" },
  { key: "send", label: "通知", title: "发送任务：给申请人发一条通知", type: "bpmn:SendTask" },
  { key: "exclusive", label: "分流", title: "排他网关：按条件走一条路", type: "bpmn:ExclusiveGateway" },
  { key: "parallel", label: "并行", title: "并行网关：几个环节同时办，或等全部办完", type: "bpmn:ParallelGateway" },
  { key: "inclusive", label: "包容", title: "包容网关：符合条件的路都走", type: "bpmn:InclusiveGateway" },
  { key: "timer", label: "等待", title: "定时：等到时间再往下走", type: "bpmn:IntermediateCatchEvent", options: { eventDefinitionType: "bpmn:TimerEventDefinition" } },
  { key: "late", label: "超时", title: "超时：环节到时间还没办完，转到另一环", type: "bpmn:BoundaryEvent", attached: true, options: { eventDefinitionType: "bpmn:TimerEventDefinition" } },
  { key: "sub", label: "子流程", title: "子流程：几个环节合成一块", type: "bpmn:SubProcess", options: { isExpanded: true } },
  { key: "end", label: "结束", title: "结束：走到这里，轮到作出决定", type: "bpmn:EndEvent" },
  { key: "start", label: "开始", title: "开始：受理以后从这里开始，只有一个", type: "bpmn:StartEvent" },
];

export const isActivity = (element: Drawn): boolean => is(element, "Activity");

/** Whether something may follow it. */
export function leads(element: Drawn): boolean {
  return is(element, "FlowNode") && !is(element, "EndEvent");
}

const NAMES: [string, string][] = [
  ["UserTask", "任务"], ["ManualTask", "手工任务"], ["BusinessRuleTask", "规则"], ["ReceiveTask", "等外面"], ["ServiceTask", "外面办"], ["SendTask", "通知"], ["ExclusiveGateway", "分流"], ["ParallelGateway", "并行"], ["InclusiveGateway", "包容"],
  ["EventBasedGateway", "事件网关"], ["SubProcess", "子流程"], ["BoundaryEvent", "边界事件"], ["IntermediateCatchEvent", "等待"], ["IntermediateThrowEvent", "中间事件"],
  ["StartEvent", "开始"], ["EndEvent", "结束"], ["SequenceFlow", "连线"], ["Participant", "泳池"], ["Lane", "泳道"], ["TextAnnotation", "注释"], ["Process", "整个流程"], ["Activity", "活动"],
];

export function kindName(element: Drawn): string {
  return NAMES.find(([type]) => is(element, type))?.[1] ?? "元素";
}

/** How people tell an element from the others: what it is and what it is called. */
export function called(element: Drawn): string {
  const name = String(element.businessObject.get("name") ?? "").trim();
  if (is(element, "SequenceFlow") && name === "") {
    const end = (one: Drawn | undefined) => (one ? String(one.businessObject.get("name") ?? "") || kindName(one) : "");
    return `连线：${end(element.source)} → ${end(element.target)}`;
  }
  return name === "" ? `${kindName(element)}（${element.id}）` : `${kindName(element)}：${name}`;
}

/** What can be put into the middle of a line. */
export const fitsInLine = (kind: Kind): boolean => !kind.attached && kind.key !== "start" && kind.key !== "end";

/** Puts a new element behind another, on it, or into a line; beside everything when nothing is selected. Selects it. */
export function add(get: Get, kind: Kind, after: Drawn | undefined): void {
  const shape = get("elementFactory").createShape({ type: kind.type, ...kind.options });
  const modeling = get("modeling");
  let made: Drawn;
  if (kind.attached && after && isActivity(after)) {
    const place = { x: after.x + after.width * 0.75, y: after.y + after.height };
    made = modeling.createShape(shape, place, after, { attach: true });
  } else if (after?.waypoints && fitsInLine(kind)) {
    makeRoom(get, after, shape.width + 60);
    made = modeling.createShape(shape, middle(after), after);
  } else if (after && !after.waypoints && leads(after) && kind.key !== "start") {
    made = get("autoPlace").append(after, shape);
    keepApart(get, made);
  } else {
    const view = get("canvas").viewbox();
    const place = { x: view.x + view.width / 2, y: view.y + view.height / 2 };
    made = modeling.createShape(shape, place, get("canvas").getRootElement());
    keepApart(get, made);
  }
  get("selection").select(made);
}

const shapesBeside = (get: Get, of: Drawn): Drawn[] =>
  get("elementRegistry").getAll().filter((other) => other !== of && other.parent === of.parent && !other.waypoints && !other.labelTarget && is(other, "FlowNode"));

/** Moves what stands behind a line to the right, so that something fits into it. */
function makeRoom(get: Get, line: Drawn, width: number): void {
  const { source, target } = line;
  if (!source || !target || target.x - (source.x + source.width) >= width + 40) return;
  const behind = [target, ...shapesBeside(get, target).filter((other) => other.x >= target.x && other !== source && !other.host)];
  get("modeling").moveElements(behind, { x: width, y: 0 });
}

/** The middle of the longest stretch of a line. */
function middle(line: Drawn): { x: number; y: number } {
  const points = line.waypoints ?? [];
  let best = { x: 0, y: 0, length: -1 };
  points.slice(1).forEach((point, index) => {
    const before = points[index] ?? point;
    const length = Math.abs(point.x - before.x) + Math.abs(point.y - before.y);
    if (length > best.length) best = { x: (point.x + before.x) / 2, y: (point.y + before.y) / 2, length };
  });
  return { x: best.x, y: best.y };
}

/** Nothing is put on top of something else: below it there is room. */
function keepApart(get: Get, made: Drawn): void {
  const touches = (other: Drawn) => made.x < other.x + other.width + 10 && other.x < made.x + made.width + 10 && made.y < other.y + other.height + 10 && other.y < made.y + made.height + 10;
  for (let tries = 0; tries < 12 && shapesBeside(get, made).some((other) => !other.host && touches(other)); tries += 1) {
    get("modeling").moveElements([made], { x: 0, y: 110 });
  }
}
