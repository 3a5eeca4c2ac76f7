// Starts the real program with a fresh demonstration county on a free port, and a browser to visit it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const peers = process.env.WUCHUANG_PEERS;
if (!peers) throw new Error("WUCHUANG_PEERS is not set: run `cargo xtask test`, which installs the browser's driver");
const require = createRequire(join(peers, "node", "package.json"));
export const { chromium } = require("playwright-core");
export const axeSource = require("axe-core").source;

const program = process.env.WUCHUANG_PROGRAM;
if (!program || !existsSync(program)) throw new Error("WUCHUANG_PROGRAM names no program: run `cargo xtask test`");

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function openHouse() {
  const folder = mkdtempSync(join(tmpdir(), "wuchuang-browser-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(program, ["demo", "--data", folder, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => { said += data; });
  child.stderr.on("data", (data) => { said += data; });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const deadline = Date.now() + 300_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the program ended by itself:\n${said.slice(-4000)}`);
    const ready = await fetch(`${origin}/health/ready`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (Date.now() > deadline) throw new Error(`the program is not ready after five minutes:\n${said.slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    origin,
    folder,
    said: () => said,
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How long a page may take on a machine that builds something else at the same time. */
const PATIENCE_MS = 60_000;

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.WUCHUANG_CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    // Without motion a page stands still when it is looked at: half-way between two colours no contrast is right.
    const context = await newContext({ reducedMotion: "reduce", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return browser;
}

/** Runs axe on a page and tells every violation with its place. */
export async function accessibilityProblems(page) {
  // The page's own policy forbids foreign scripts; the driver evaluates outside of it.
  await page.evaluate(axeSource);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return result.violations.map((violation) => `${violation.id}: ${violation.help} — ${violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
}
