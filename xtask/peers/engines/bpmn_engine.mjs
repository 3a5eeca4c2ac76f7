// How many instances a second npm bpmn-engine manages for a file: in memory, with the state saved at each wait, and saved and
// recovered before each step. `node bpmn_engine.mjs FILE SECONDS` prints one JSON object a way of keeping the state.
// The file is read once for all instances, as a server would.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

// The package is installed beside the build products, not beside this script.
const require = createRequire(join(process.env.WUCHUANG_ENGINES, "package.json"));
const { Engine } = require("bpmn-engine");
const elements = await import(pathToFileURL(require.resolve("bpmn-elements")).href);
const { default: BpmnModdle } = await import(pathToFileURL(require.resolve("bpmn-moddle")).href).then((module) => ({ default: module.BpmnModdle ?? module.default }));
const { default: serialize, TypeResolver } = await import(pathToFileURL(require.resolve("moddle-context-serializer")).href);

const [file, seconds] = process.argv.slice(2);
const moddle = await new BpmnModdle().fromXML(readFileSync(file, "utf8").trim());
const sourceContext = serialize(moddle, TypeResolver(elements));

// The conditions of the file compare a variable with a text.
const plain = new Engine({ name: "plain" }).environment.expressions;
const expressions = {
  ...plain,
  resolveExpression(text, context, functions) {
    const compared = /^\$\{(\w+) == "(\w+)"\}$/.exec(text);
    if (!compared) return plain.resolveExpression(text, context, functions);
    return context.environment.variables[compared[1]] === compared[2];
  },
};

/** A high risk takes five tasks, a low one four; an instance that took another way is not counted. */
function requireTasks(risk, tasks) {
  if (tasks !== (risk === "high" ? 5 : 4)) throw new Error(`${tasks} tasks at ${risk} risk`);
}

const made = () => new Engine({ name: "case", sourceContext, expressions });

async function inOneEngine(risk, keep) {
  let ended;
  const end = new Promise((resolve) => { ended = resolve; });
  const engine = made();
  engine.once("end", ended);
  const execution = await engine.execute({ variables: { risk } });
  let tasks = 0;
  for (;;) {
    const [waiting] = execution.getPostponed().filter((activity) => activity.type === "bpmn:UserTask");
    if (!waiting) break;
    if (keep) keep(execution.getState());
    waiting.signal({ opinion: "agreed" });
    tasks += 1;
  }
  await end;
  requireTasks(risk, tasks);
}

async function recoveredEachStep(risk, keep) {
  let engine = made();
  let execution = await engine.execute({ variables: { risk } });
  let tasks = 0;
  for (;;) {
    const waiting = execution.getPostponed().find((activity) => activity.type === "bpmn:UserTask");
    if (!waiting) return requireTasks(risk, tasks);
    const saved = keep(execution.getState());
    engine.stop();
    engine = new Engine({ name: "case", sourceContext, expressions }).recover(JSON.parse(saved));
    execution = await engine.resume();
    execution.getPostponed().find((activity) => activity.id === waiting.id).signal({ opinion: "agreed" });
    tasks += 1;
  }
}

for (const [keeping, one] of [
  ["memory", (risk) => inOneEngine(risk, null)],
  ["saved", (risk, keep) => inOneEngine(risk, keep)],
  ["saved_and_read", (risk, keep) => recoveredEachStep(risk, keep)],
]) {
  let instances = 0;
  let largest = 0;
  const keep = (state) => {
    const text = JSON.stringify(state);
    largest = Math.max(largest, Buffer.byteLength(text));
    return text;
  };
  // Not counted: the first instances are slow, because nothing is compiled yet.
  for (let turn = 0; turn < 20; turn += 1) await one(turn % 2 ? "low" : "high", keep);
  const begun = performance.now();
  while (performance.now() - begun < seconds * 1000) {
    await one(instances % 2 ? "low" : "high", keep);
    instances += 1;
  }
  const taken = (performance.now() - begun) / 1000;
  console.log(JSON.stringify({ engine: "bpmn-engine", keeping, instances_a_second: instances / taken, state_bytes: largest }));
}
