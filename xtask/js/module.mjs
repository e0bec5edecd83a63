// A module and the JavaScript that wasm-bindgen made for it, as xtask/src/build.rs leaves them, ready to be bundled.
import binaryen from 'binaryen';
import { transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What wasm-bindgen's JavaScript calls itself, as a module of imports. */
const ITSELF = './wx_soter_bg.js';

/** Only what wasm-bindgen made up may be renamed wherever it stands; `memory` or `call` is also a member of other things. */
const isGenerated = name => name.includes('__');

/**
 * Whether its view of the memory is still that of the memory there is, wasm-bindgen's JavaScript sees by the view's length, since
 * WebAssembly detaches memory that it leaves. What stands in for a module leaves the old memory as it was.
 *
 * @param {string} glue
 */
const withStandIn = glue => {
  const compared = glue
    .replace(/(\w+)\.byteLength === 0/g, '$1.buffer !== wasm.memory.buffer')
    .replace(
      /(\w+)\.buffer\.detached === true \|\| \(\1\.buffer\.detached === undefined && (\1\.buffer !== wasm\.memory\.buffer)\)/g,
      '$2',
    );
  const views = glue.match(/new \w+\(wasm\.memory\.buffer\)/g) ?? [];
  const comparisons = compared.match(/\.buffer !== wasm\.memory\.buffer/g) ?? [];
  if (views.length !== comparisons.length || /detached/.test(compared)) {
    throw new Error('wasm-bindgen keeps views of the memory in a way that is not known here');
  }
  return compared;
};

/**
 * A module says by the name of a section which build it is of.
 *
 * @param {Buffer} wasm
 */
const marked = wasm => {
  const build = `wx-soter ${createHash('sha256').update(wasm).digest('hex').slice(0, 8)}`;
  const module = binaryen.readBinary(wasm);
  module.addCustomSection(build, new Uint8Array());
  return { build, wasm: Buffer.from(module.emitBinary()) };
};

/** @param {string} folder */
export const readModule = async folder => {
  const read = file => readFile(`${folder}/${file}`);
  const { build, wasm } = marked(await read('core.wasm'));
  /** What wasm-opt calls everything now. */
  const { imports, exports } = JSON.parse(String(await read('names.json')));
  const renamed = {};
  for (const [long, short] of [...imports.filter(([from]) => from === ITSELF).map(([, ...names]) => names), ...exports]) {
    if (renamed[long]) throw new Error(`${long} is imported and exported, and cannot have two names`);
    if (isGenerated(long)) renamed[long] = short;
  }
  const { code: glue } = await transform(withStandIn(String(await read('wx_soter.js'))), {
    mangleProps: new RegExp(`^(?:${Object.keys(renamed).join('|')})$`),
    mangleCache: renamed,
    define: { 'Symbol.dispose': 'undefined', 'WebAssembly.Instance': 'Instance', 'WebAssembly.Module': 'Module' },
    // What stands in for the platform there, and nowhere else.
    banner:
      "import { Instance, Module, queueMicrotask } from 'wx-soter:platform'; export { prepareInstance } from 'wx-soter:platform';",
  });
  const ours = exports.filter(([long]) => !isGenerated(long)).map(([long, short]) => `${long}: exports.${short}`);
  // wasm-bindgen's reset function calls it even where there is none.
  if (!renamed.__wbindgen_start) ours.push('__wbindgen_start() {}');
  return {
    wasm,
    glue,
    /** `pkg/lib/instance.js` has to know them. */
    names: `export const BUILD = '${build}'; export const exported = (exports) => ({ ...exports, ${ours} })`,
    /** What a file of ours is called where the module imports from it with nothing between. */
    direct: file => imports.filter(([from]) => from === file).map(([, long, short]) => `${long} as ${short}`),
  };
};
