// Builds web/dist: styles, scripts, icons and images with a content hash in every name, a gzip copy beside each text
// file, and manifest.json (plain name → hashed name), which the server reads. Needs only what package.json names.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync, constants } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");
const compressible = new Set([".css", ".js", ".svg"]);

/** Every output of this build: plain name → bytes. */
const outputs = new Map();

/** One SVG with a <symbol> for each icon that icons.json names; pages refer to it by `sprite.svg#name`. */
async function sprite() {
  const names = JSON.parse(await readFile(join(root, "icons.json"), "utf8"));
  const symbols = [];
  for (const name of [...names].sort()) {
    const file = join(root, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
    const source = await readFile(file, "utf8").catch(() => {
      throw new Error(`icons.json names "${name}", which the icon set does not have`);
    });
    const paths = source
      .slice(source.indexOf(">") + 1, source.lastIndexOf("</svg>"))
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
      .replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`);
  }
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/public.ts", "src/staff.ts", "src/designer.ts", "src/public.css", "src/staff.css", "src/designer.css"],
    outdir: "dist",
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome90", "safari15", "firefox90"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    loader: { ".svg": "dataurl" },
  });
  for (const file of result.outputFiles) {
    outputs.set(basename(file.path), Buffer.from(file.contents));
  }
}

async function images() {
  const folder = join(root, "src/images");
  for (const name of (await readdir(folder)).sort()) {
    outputs.set(name, await readFile(join(folder, name)));
  }
}

/** The drawing tool's licences ask to come along with every copy of it; the page of the designer links to this text. */
async function licences() {
  const packages = ["bpmn-js", "bpmn-moddle", "diagram-js", "diagram-js-direct-editing", "didi", "min-dash", "min-dom", "moddle", "moddle-xml", "object-refs", "path-intersection", "saxen", "tiny-svg", "preact", "htm", "clsx", "domify", "ids", "inherits-browser"];
  const texts = [];
  for (const name of packages) {
    const folder = join(root, "node_modules", name);
    const files = (await readdir(folder)).filter((file) => /^licen[cs]e/i.test(file));
    for (const file of files) texts.push(`== ${name}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
  }
  outputs.set("designer-licences.txt", Buffer.from(`${texts.join("\n")}`));
}

async function write() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const manifest = {};
  for (const [name, bytes] of [...outputs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const extension = extname(name);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    const hashed = `${name.slice(0, -extension.length)}-${hash}${extension}`;
    manifest[name] = hashed;
    await writeFile(join(dist, hashed), bytes);
    let note = "";
    if (compressible.has(extension)) {
      const packed = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
      await writeFile(join(dist, `${hashed}.gz`), packed);
      note = `, ${kilobytes(packed)} packed`;
    }
    console.log(`${hashed}  ${kilobytes(bytes)}${note}`);
  }
  // The manifest comes last: a half-finished build is then never taken for a whole one.
  await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function kilobytes(bytes) {
  return `${(bytes.length / 1024).toFixed(1)} kB`;
}

outputs.set("sprite.svg", await sprite());
await bundle();
await images();
await licences();
await write();
