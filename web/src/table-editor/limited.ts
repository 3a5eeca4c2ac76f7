// dmn-js with what the house runs: the graph, decision tables and expressions; no palette (what can be added stands above the
// table), and beside what is selected only connecting, changing the kind and removing.
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import DecisionTableEditor from "dmn-js-decision-table/lib/Editor";
import DrdModeler from "dmn-js-drd/lib/Modeler";
import ContextPadProvider from "dmn-js-drd/lib/features/context-pad/ContextPadProvider";
import LiteralExpressionEditor from "dmn-js-literal-expression/lib/Editor";
import { is, type Element } from "./library";
import { chinese, KINDS } from "./words";

class Pad extends ContextPadProvider {
  static override $inject = ContextPadProvider.$inject;

  override getContextPadEntries(element: unknown): Record<string, unknown> {
    const entries = Object.entries(super.getContextPadEntries(element));
    return Object.fromEntries(entries.filter(([key]) => ["connect", "replace", "delete"].includes(key)));
  }
}

const withLogic = (element: Element, logic: string): boolean => is(element, "Decision") && is(element.get<Element | undefined>("decisionLogic"), logic);

export class Dmn extends EditingManager {
  constructor(container: HTMLElement) {
    super({
      container,
      common: { dataTypes: KINDS, expressionLanguages: { options: [{ value: "feel", label: "FEEL" }], defaults: { editor: "feel" } } },
      drd: { additionalModules: [chinese, { contextPadProvider: ["type", Pad], paletteProvider: ["value", null] }] },
      decisionTable: { additionalModules: [chinese] },
      literalExpression: { additionalModules: [chinese] },
    });
  }

  _getViewProviders(): unknown[] {
    return [
      { id: "drd", constructor: DrdModeler, opens: "dmn:Definitions" },
      { id: "decisionTable", constructor: DecisionTableEditor, opens: (element: Element) => withLogic(element, "DecisionTable") },
      { id: "literalExpression", constructor: LiteralExpressionEditor, opens: (element: Element) => withLogic(element, "LiteralExpression") },
    ];
  }
}
