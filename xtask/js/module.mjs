// A module and the JavaScript that wasm-bindgen made for it, as xtask/src/build.rs leaves them, ready to be bundled.
import binaryen from 'binaryen';
import { transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What wasm-bindgen's JavaScript calls itself, as a module of imports. */
const ITSELF = './wx_soter_bg.js';

/**
 * Only what wasm-bindgen made up may be renamed wherever it stands; `memory` or `call` is also a member of other things.
 *
 * @param {string} name
 */
const isGenerated = name => name.includes('__');

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
  /** @param {string} file */
  const read = file => readFile(`${folder}/${file}`);
  const { build, wasm } = marked(await read('core.wasm'));
  /**
   * What wasm-opt calls everything now.
   *
   * @type {{ imports: [from: string, long: string, short: string][], exports: [long: string, short: string][] }}
   */
  const { imports, exports } = JSON.parse(String(await read('names.json')));
  /** @type {Record<string, string>} */
  const renamed = {};
  for (const [long, short] of [...imports.filter(([from]) => from === ITSELF).map(([, ...names]) => names), ...exports]) {
    if (renamed[long]) throw new Error(`${long} is imported and exported, and cannot have two names`);
    if (isGenerated(long)) renamed[long] = short;
  }
  const { code: glue } = await transform(await read('wx_soter.js'), {
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
    direct: (/** @type {string} */ file) =>
      imports.filter(([from]) => from === file).map(([, long, short]) => `${long} as ${short}`),
  };
};
