// What is asked with a task: the answers are what its ways out are chosen by.
import { button, el, input, labelled, select, tick } from "./dom";
import type { Variable } from "./conditions";
import type { Drawn, Element, Get } from "./library";

export interface Question {
  id: string;
  label: string;
  kind: Variable["kind"];
  required: boolean;
  choices: { value: string; label: string }[];
}

const KIND_OF: Record<string, Variable["kind"]> = { boolean: "yes_no", long: "number", integer: "number", number: "number", enum: "choice" };
const TYPE_OF: Record<Variable["kind"], string> = { yes_no: "boolean", number: "long", choice: "enum", text: "string" };

/** An element of whatever vendor: attributes and children by their local names. */
interface Loose {
  $type: string;
  $children?: Loose[];
  get?(name: string): unknown;
  [name: string]: unknown;
}

const local = (element: Loose) => (element.$type.split(":")[1] ?? "").toLowerCase();
const text = (element: Loose, name: string) => String(element[name] ?? element.get?.(name) ?? "").trim();
const children = (element: Loose): Loose[] => [...((element.get?.("fields") as Loose[]) ?? []), ...((element.get?.("values") as Loose[]) ?? []), ...(element.$children ?? [])];

/** The questions of a task, in our spelling or a vendor's. */
export function questionsOf(element: Element): Question[] {
  const holder = element.get("extensionElements") as Loose | undefined;
  const values = (holder?.get?.("values") as Loose[] | undefined) ?? [];
  const fields = values.flatMap((value) => {
    if (local(value) === "formproperty") return [value];
    return local(value) === "formdata" ? children(value).filter((child) => local(child) === "formfield") : [];
  });
  return fields.map((field) => ({
    id: text(field, "id"),
    label: text(field, "label") || text(field, "name"),
    kind: KIND_OF[text(field, "type")] ?? "text",
    required: text(field, "required") === "true" || JSON.stringify(children(field)).includes('"required"'),
    choices: children(field)
      .filter((child) => local(child) === "value")
      .map((child) => ({ value: text(child, "id"), label: text(child, "name") || text(child, "id") })),
  }));
}

/** Writes the questions in our spelling; other extension elements stay. */
export function keepQuestions(get: Get, element: Drawn, questions: Question[]): void {
  const moddle = get("moddle");
  const own = element.businessObject;
  const holder = own.get("extensionElements") as Element | undefined;
  const others = ((holder?.get("values") as Loose[] | undefined) ?? []).filter((value) => !["formdata", "formproperty"].includes(local(value)));
  const fields = questions.map((question) =>
    moddle.create("wuchuang:FormField", {
      id: question.id,
      label: question.label,
      type: TYPE_OF[question.kind],
      required: question.required ? "true" : undefined,
      values: question.kind === "choice" ? question.choices.map((choice) => moddle.create("wuchuang:Value", { id: choice.value, name: choice.label })) : [],
    }),
  );
  const values: unknown[] = fields.length === 0 ? others : [...others, moddle.create("wuchuang:FormData", { fields })];
  const kept = values.length === 0 ? undefined : moddle.create("bpmn:ExtensionElements", { values });
  get("modeling").updateProperties(element, { extensionElements: kept });
}

const KINDS: [string, string][] = [["yes_no", "是或否"], ["choice", "单选"], ["number", "整数"], ["text", "文字"]];

/** The part of the form that asks for the questions. */
export function questionsForm(get: Get, element: Drawn, taken: Set<string>, again: () => void): HTMLElement {
  const questions = questionsOf(element.businessObject);
  const keep = (structure = false) => {
    keepQuestions(get, element, questions);
    if (structure) again();
  };
  const rows = questions.map((question, index) => {
    const row = el("fieldset", { class: "designer-question" }, el("legend", {}, `问题 ${index + 1}`));
    row.append(
      labelled("问什么", input(question.label, (value) => { question.label = value; keep(); })),
      labelled("怎么答", select(question.kind, KINDS, (value) => { question.kind = value as Variable["kind"]; keep(true); })),
    );
    if (question.kind === "choice") {
      const words = question.choices.map((choice) => choice.label).join("、");
      row.append(labelled("选项", input(words, (value) => {
        question.choices = value.split(/[、,，\n]/).map((word) => word.trim()).filter(Boolean).slice(0, 50).map((word) => ({ value: word, label: word }));
        keep();
      }), "用顿号隔开，例如：合格、基本合格、不合格"));
    }
    row.append(
      labelled("变量名", input(question.id, (value) => { question.id = value; keep(); }), "条件里用的名字：字母开头，可用字母、数字和下划线"),
      tick("必须回答", question.required, (value) => { question.required = value; keep(); }),
      button(`删去问题 ${index + 1}`, () => { questions.splice(index, 1); keep(true); }, "btn-danger btn-sm"),
    );
    return row;
  });
  const more = button("加一个问题", () => {
    let number = 1;
    while (taken.has(`answer_${number}`)) number += 1;
    questions.push({ id: `answer_${number}`, label: "", kind: "yes_no", required: true, choices: [] });
    keep(true);
  });
  return el("section", { "aria-label": "办理时要回答" }, el("h3", {}, "办理时要回答"), ...rows, more);
}
