// Changes of what stands in the file as a whole: a decision more, a value that a decision may use. They are made on the
// elements themselves, and the file is opened anew.
import type { Known } from "./checks";
import { drawn, is, type Element, type Moddle } from "./library";

export class Changes {
  constructor(private readonly moddle: Moddle, private readonly definitions: Element) {}

  private make(type: string, parent: Element, attributes: Record<string, unknown> = {}): Element {
    const made = this.moddle.create(`dmn:${type}`, attributes);
    if (!/^(DMNElementReference|RuleAnnotation|RuleAnnotationClause)$/.test(type)) made.set("id", `${type}_${Math.random().toString(36).slice(2, 10)}`);
    made.$parent = parent;
    return made;
  }

  private add(to: Element, list: string, element: Element): void {
    to.set(list, [...(to.get<Element[] | undefined>(list) ?? []), element]);
  }

  private free(name: string): string {
    const taken = drawn(this.definitions).map((element) => element.name);
    for (let number = 1; ; number += 1) {
      const tried = number === 1 ? name : `${name}${number}`;
      if (!taken.includes(tried)) return tried;
    }
  }

  /** A table or an expression more; its id. */
  decision(kind: "table" | "expression"): string {
    const name = this.free(kind === "table" ? "新决策" : "新式子");
    const decision = this.make("Decision", this.definitions, { name });
    decision.set("variable", this.make("InformationItem", decision, { name }));
    if (kind === "table") {
      const table = this.make("DecisionTable", decision);
      this.add(table, "output", this.make("OutputClause", table, { name: "结果", label: "结果", typeRef: "string" }));
      this.add(table, "annotation", this.make("RuleAnnotationClause", table, { name: "依据" }));
      decision.set("decisionLogic", table);
    } else {
      decision.set("decisionLogic", this.make("LiteralExpression", decision, { text: "0" }));
    }
    this.add(this.definitions, "drgElement", decision);
    return decision.id;
  }

  /** A decision may use a value; in a table it becomes a column, in each rule of which nothing is asked yet. */
  use(decision: Element, known: Known): void {
    const needed = drawn(this.definitions).find((element) => element.name === known.name && (is(element, "Decision") || is(element, "InputData"))) ?? this.input(known);
    const [role, list] = is(needed, "Decision") ? ["requiredDecision", "informationRequirement"] : ["requiredInput", "informationRequirement"];
    const present = decision.get<Element[] | undefined>(list) ?? [];
    const href = `#${needed.id}`;
    if (!present.some((one) => one.get<Element | undefined>(role)?.get("href") === href)) {
      const requirement = this.make("InformationRequirement", decision);
      requirement.set(role, this.make("DMNElementReference", requirement, { href }));
      this.add(decision, list, requirement);
    }
    const table = decision.get<Element | undefined>("decisionLogic");
    if (table && is(table, "DecisionTable")) this.column(table, known);
  }

  private input(known: Known): Element {
    const input = this.make("InputData", this.definitions, { name: known.name });
    input.set("variable", this.make("InformationItem", input, { name: known.name, typeRef: known.type }));
    this.add(this.definitions, "drgElement", input);
    return input;
  }

  private column(table: Element, known: Known): void {
    const column = this.make("InputClause", table, { label: known.name });
    column.set("inputExpression", this.make("LiteralExpression", column, { text: known.name, typeRef: known.type }));
    if (known.choices.length > 0) column.set("inputValues", this.make("UnaryTests", column, { text: known.choices.map((text) => JSON.stringify(text)).join(",") }));
    const at = (table.get<Element[] | undefined>("input") ?? []).length;
    this.add(table, "input", column);
    for (const rule of table.get<Element[] | undefined>("rule") ?? []) {
      const entries = [...(rule.get<Element[] | undefined>("inputEntry") ?? [])];
      entries.splice(at, 0, this.make("UnaryTests", rule, { text: "-" }));
      rule.set("inputEntry", entries);
    }
  }
}
