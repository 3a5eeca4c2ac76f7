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
    entryPoints: ["src/public.ts", "src/staff.ts", "src/designer.ts", "src/table-editor.ts", "src/public.css", "src/staff.css", "src/designer.css", "src/table-editor.css"],
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
    plugins: [sheetsWithoutTags, font],
    metafile: true,
  });
  for (const file of result.outputFiles) {
    outputs.set(basename(file.path), Buffer.from(file.contents));
  }
  return result.metafile;
}

/** The editor of expressions writes its styles into a <style> element, which our policy forbids; a sheet made by script is allowed. */
const sheetsWithoutTags = {
  name: "sheets-without-tags",
  setup(build) {
    build.onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const test = "!root.head && root.adoptedStyleSheets";
      if (!source.includes(test)) throw new Error("style-mod chooses its sheets in another way than the build knows");
      return { contents: source.replace(test, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

/** Symbols of the table editor: the font is an asset of its own, because our policy allows none inside a style sheet. */
const font = {
  name: "font",
  setup(build) {
    build.onResolve({ filter: /\.woff2$/ }, async ({ path, resolveDir }) => {
      const bytes = await readFile(join(resolveDir, path)).catch(() => readFile(join(root, "node_modules", path)));
      outputs.set(basename(path), bytes);
      return { path: `./${hashedName(basename(path), bytes)}`, external: true };
    });
  },
};

async function images() {
  const folder = join(root, "src/images");
  for (const name of (await readdir(folder)).sort()) {
    outputs.set(name, await readFile(join(folder, name)));
  }
}

/** The drawing tools' licences ask to come along with every copy of them; the pages of the designers link to this text. */
async function licences(metafile) {
  const bundled = Object.keys(metafile.inputs).map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]);
  const texts = [];
  for (const name of [...new Set(bundled)].filter((name) => name !== undefined).sort()) {
    const folder = join(root, "node_modules", name);
    const files = (await readdir(folder)).filter((file) => /^licen[cs]e/i.test(file));
    for (const file of files) texts.push(`== ${name}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
  }
  outputs.set("designer-licences.txt", Buffer.from(`${texts.join("\n")}`));
}

/** A name with the hash of what it names. */
function hashedName(name, bytes) {
  const extension = extname(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return `${name.slice(0, -extension.length)}-${hash}${extension}`;
}

async function write() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const manifest = {};
  for (const [name, bytes] of [...outputs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const extension = extname(name);
    const hashed = hashedName(name, bytes);
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
const metafile = await bundle();
await images();
await licences(metafile);
await write();
