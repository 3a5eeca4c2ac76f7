// What a process waits for from outside, and what it says to the applicant: messages are elements of their own in the file, so that
// the one of a task is made with its first word.
import { input, labelled } from "./dom";
import { attribute, type Drawn, type Element, type Get } from "./library";

const messageOf = (element: Drawn): Element | undefined => element.businessObject.get("messageRef") as Element | undefined;

/** The name of a task's message, written into the file. */
function name(get: Get, element: Drawn, text: string): void {
  const known = messageOf(element);
  const modeling = get("modeling");
  if (known) {
    modeling.updateModdleProperties(element, known, { name: text });
    return;
  }
  if (text === "") return;
  const definitions = get("canvas").getRootElement().businessObject.$parent;
  if (!definitions) return;
  const message = get("moddle").create("bpmn:Message", { id: `message_${element.id}`, name: text });
  message.$parent = definitions;
  const roots = (definitions.get("rootElements") as Element[] | undefined) ?? [];
  modeling.updateModdleProperties(element, definitions, { rootElements: [...roots, message] });
  modeling.updateProperties(element, { messageRef: message });
}

const said = (element: Drawn): string => String(messageOf(element)?.get("name") ?? "");

export function sendForm(get: Get, element: Drawn): HTMLElement {
  return labelled("发给申请人的话", input(said(element), (value) => name(get, element, value.trim()), { maxlength: "100" }), "4 到 100 个字，例如：请在三日内到现场配合核查。不要写申请人的情况");
}

export function receiveForm(get: Get, element: Drawn): HTMLElement {
  return labelled("程序叫它什么", input(said(element), (value) => name(get, element, value.trim())), "别的系统送结果时用，例如 court.reply；由人记下的，可以不写");
}

export function serviceForm(element: Drawn, set: (name: string, value: string) => void): HTMLElement {
  const own = element.businessObject;
  const known = attribute(own, "service") || attribute(own, "topic");
  return labelled("由哪个系统办", input(known, (value) => set("service", value.trim())), "别的系统按这个名称认出来，例如 credit.check");
}
