// The notes of rules. The table editor shows one column of notes, the rule's description; our files keep them in a column with a
// name (依据). So the first such column is shown in the place of the description while somebody edits, and written back.
import { drawn, is, type Element, type Moddle } from "./library";

function* rules(definitions: Element): Generator<Element> {
  for (const decision of drawn(definitions)) {
    const table = is(decision, "Decision") ? decision.get<Element | undefined>("decisionLogic") : undefined;
    if (!is(table, "DecisionTable") || (table?.get<Element[] | undefined>("annotation") ?? []).length === 0) continue;
    yield* table?.get<Element[] | undefined>("rule") ?? [];
  }
}

const first = (rule: Element): Element | undefined => (rule.get<Element[] | undefined>("annotationEntry") ?? [])[0];

/** Shows the first column of notes as the description. */
export function shown(definitions: Element): void {
  for (const rule of rules(definitions)) {
    const note = first(rule)?.get<string | undefined>("text") ?? "";
    const own = rule.get<string | undefined>("description") ?? "";
    if (note !== "") rule.set("description", own === "" || own === note ? note : `${note}；${own}`);
  }
}

/** Writes the description back into the first column of notes. */
export function written(definitions: Element, moddle: Moddle): void {
  for (const rule of rules(definitions)) {
    const text = rule.get<string | undefined>("description") ?? "";
    const entries = rule.get<Element[] | undefined>("annotationEntry") ?? [];
    const entry = entries[0] ?? moddle.create("dmn:RuleAnnotation");
    entry.set("text", text);
    entry.$parent = rule;
    rule.set("annotationEntry", [entry, ...entries.slice(1)]);
    rule.set("description", undefined);
  }
}
