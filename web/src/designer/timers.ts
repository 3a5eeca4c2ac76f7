// When a timer goes off: after working days, days or hours, or on a day.
import { el, input, labelled, select } from "./dom";
import { attribute, attributeChange, body, is, type Drawn, type Element, type Get } from "./library";

type Unit = "working" | "days" | "hours" | "date" | "other";

const UNITS: [string, string][] = [["working", "过几个工作日"], ["days", "过几天"], ["hours", "过几小时"], ["date", "到某一天"], ["other", "其他写法"]];

export const timerOf = (element: Drawn): Element | undefined =>
  ((element.businessObject.get("eventDefinitions") as Element[] | undefined) ?? []).find((one) => is(one, "TimerEventDefinition"));

function read(timer: Element): [Unit, string] {
  const date = body(timer, "timeDate");
  if (date !== "") return ["date", date];
  const duration = body(timer, "timeDuration");
  const days = /^P(\d+)D$/.exec(duration);
  if (days) return [attribute(timer, "workingDays") === "true" ? "working" : "days", days[1] ?? ""];
  const hours = /^PT(\d+)H$/.exec(duration);
  if (hours) return ["hours", hours[1] ?? ""];
  return duration === "" && body(timer, "timeCycle") === "" ? ["working", ""] : ["other", duration || body(timer, "timeCycle")];
}

export function timerForm(get: Get, element: Drawn, timer: Element, again: () => void): HTMLElement {
  const [unit, value] = read(timer);
  const write = (unit: Unit, value: string) => {
    const expression = (text: string) => (text === "" ? undefined : get("moddle").create("bpmn:FormalExpression", { body: text }));
    const duration = value === "" ? "" : unit === "hours" ? `PT${value}H` : unit === "other" ? value : `P${value}D`;
    get("modeling").updateModdleProperties(element, timer, {
      ...attributeChange(timer, "workingDays", unit === "working" ? "true" : ""),
      timeDate: unit === "date" ? expression(value) : undefined,
      timeDuration: unit === "date" ? undefined : expression(duration),
      timeCycle: undefined,
    });
  };
  const section = el("section", { "aria-label": "时间" }, el("h3", {}, "时间"));
  section.append(labelled("怎么算", select(unit, UNITS, (chosen) => { write(chosen as Unit, chosen === "date" || unit === "date" ? "" : value || "3"); again(); })));
  const label = unit === "date" ? "哪一天" : unit === "other" ? "时间（例如 P3DT4H）" : "几";
  section.append(labelled(label, input(value, (typed) => write(unit, typed), unit === "date" ? { type: "date" } : unit === "other" ? {} : { inputmode: "numeric" })));
  if (is(element, "BoundaryEvent")) {
    const stops = element.businessObject.get("cancelActivity") !== false;
    section.append(labelled("到时间以后，原来的环节", select(stops ? "yes" : "no", [["yes", "收走，不再办"], ["no", "接着办，另开一环"]], (value) => {
      get("modeling").updateProperties(element, { cancelActivity: value === "yes" });
    })));
  }
  return section;
}
