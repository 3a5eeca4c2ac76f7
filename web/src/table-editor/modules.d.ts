// The parts of dmn-js that are bundled; they come without types.
declare module "dmn-js-shared/lib/base/EditingManager" {
  const EditingManager: new (options: Record<string, unknown>) => import("./library").Manager;
  export default EditingManager;
}
declare module "dmn-js-drd/lib/Modeler";
declare module "dmn-js-drd/lib/features/context-pad/ContextPadProvider" {
  export default class ContextPadProvider {
    static $inject: string[];
    constructor(...services: unknown[]);
    getContextPadEntries(element: unknown): Record<string, unknown>;
  }
}
declare module "dmn-js-decision-table/lib/Editor";
declare module "dmn-js-literal-expression/lib/Editor";
