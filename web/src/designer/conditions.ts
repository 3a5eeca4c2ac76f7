// Conditions as choices over the answers, written in FEEL (`= area > 200 and clean = true`) and read back. What was written by
// hand in another way stays as it is and is shown as text.

/** Something that a way out can be chosen by. */
export interface Variable {
  id: string;
  label: string;
  kind: "text" | "number" | "yes_no" | "choice";
  choices: { value: string; label: string }[];
}

export interface Term {
  variable: string;
  sign: string;
  value: string;
}

export interface Condition {
  terms: Term[];
  /** Whether one term is enough. */
  any: boolean;
}

export const SIGNS: Record<Variable["kind"], [string, string][]> = {
  text: [["=", "是"], ["!=", "不是"]],
  choice: [["=", "是"], ["!=", "不是"]],
  yes_no: [["=", "是"]],
  number: [["=", "等于"], ["!=", "不等于"], [">", "大于"], [">=", "不小于"], ["<", "小于"], ["<=", "不大于"]],
};

export function written(condition: Condition, variables: Variable[]): string {
  const terms = condition.terms
    .filter((term) => term.variable !== "" && term.value !== "")
    .map((term) => {
      const kind = variables.find((variable) => variable.id === term.variable)?.kind ?? "text";
      const plain = kind === "yes_no" || kind === "number";
      const value = plain ? term.value.trim() : `"${term.value.replace(/["\\]/g, "")}"`;
      return `${term.variable} ${term.sign} ${value}`;
    });
  return terms.length === 0 ? "" : `= ${terms.join(condition.any ? " or " : " and ")}`;
}

const TERM = /^\(?\s*([\p{L}_][\p{L}\p{N}_.]*)\s*(==|=|!=|>=|<=|>|<)\s*("(?:[^"\\])*"|'[^']*'|-?\d+(?:\.\d+)?|true|false)\s*\)?$/u;

/** The choices that a text says; undefined when it says something that choices cannot. */
export function parsed(text: string, variables: Variable[]): Condition | undefined {
  let inner = text.trim();
  if (inner === "") return { terms: [], any: false };
  const wrapped = /^[$#]\{([\s\S]*)\}$/.exec(inner);
  if (wrapped) inner = wrapped[1] ?? "";
  else if (inner.startsWith("=")) inner = inner.slice(1);
  else return undefined;
  const any = / or |\|\|/.test(inner);
  if (any && / and |&&/.test(inner)) return undefined;
  const terms: Term[] = [];
  for (const part of inner.split(any ? / or |\|\|/ : / and |&&/)) {
    const found = TERM.exec(part.trim());
    if (!found) {
      const bare = /^\s*(not\s*\(|!)?\s*([\p{L}_][\p{L}\p{N}_.]*)\s*\)?\s*$/u.exec(part);
      if (bare && variables.find((variable) => variable.id === bare[2])?.kind === "yes_no") {
        terms.push({ variable: bare[2] ?? "", sign: "=", value: bare[1] ? "false" : "true" });
        continue;
      }
      return undefined;
    }
    const [, variable = "", sign = "=", value = ""] = found;
    if (!variables.some((known) => known.id === variable)) return undefined;
    terms.push({ variable, sign: sign === "==" ? "=" : sign, value: value.replace(/^["']|["']$/g, "") });
  }
  return { terms, any };
}
