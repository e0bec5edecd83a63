// Bundles pkg/lib, the module and its generated JavaScript into pkg/dist, and tries what it made:
//   node xtask/js/bundle.mjs
import { build } from 'esbuild';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readModule } from './module.mjs';

/** @import { Wx } from '../../pkg/types/index.js' */
/** @import { Format, Plugin } from 'esbuild' */
/**
 * @typedef {object} Differences what differs from file to file in pkg/dist
 * @property {Awaited<ReturnType<typeof readModule>>} [module] the browser's unless given
 * @property {string} [embed] the file of pkg/lib that has the module
 * @property {string} [main] what is imported as the main entry
 * @property {'inlined' | 'imported'} [compiled] how a server gets its module
 * @property {string} [call] what stands in for pkg/lib/call.js
 * @property {string} [source] what stands in for pkg/lib/source.js
 * @property {string} [late] the JavaScript that stands in for core.js
 */

/** @param {string} path */
const inRoot = path => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** @param {string} file */
const lib = file => inRoot(`pkg/lib/${file}`);
/** @param {string} file */
const dist = file => inRoot(`pkg/dist/${file}`);
/** @param {string} folder */
const steps = folder => inRoot(`target/wx-soter/${folder}`);

const { name, version, license } = JSON.parse(await readFile(inRoot('pkg/package.json'), 'utf8'));

const [browser, emulator, server] = await Promise.all(['', 'emulator', 'server'].map(folder => readModule(steps(folder))));
/** What wasm2js makes of the module is one function, `instantiate`. */
const translated = `${await readFile(`${steps('')}/translated.js`, 'utf8')}\nexport default instantiate;`;
const ON_PAGES = "export * from './instance.js'; export * from './guarded-microtask.js'";
const ON_SERVERS = "export * from './instance.js'; export * from './server/queue-microtask.js'";
/** What the module for servers imports, under the names that wasm-opt has for it too. */
const HOST = './server/host.js';

/**
 * What `wx-soter:...` means in pkg/lib: the parts that are made, and those that differ from file to file in pkg/dist.
 *
 * @param {Differences} differences
 * @returns {Plugin}
 */
const parts = ({ module = browser, embed, main, compiled, call, source = 'source.js', late }) => ({
  name: 'parts',
  setup({ onResolve, onLoad }) {
    /** @type {Record<string, () => string | undefined>} */
    const made = {
      hex: () => `export default '${module.wasm.toString('hex')}'`,
      names: () => module.names,
      glue: () => module.glue,
      host: () => `export * from '${HOST}'; export { ${module.direct('wx-soter:host')} } from '${HOST}'`,
      core: () => late,
      instantiate: () => translated,
      platform: () => (module === server ? ON_SERVERS : ON_PAGES),
      nothing: () => 'export default undefined',
    };
    /** @type {Record<string, string | undefined>} */
    const files = {
      embedded: embed && lib(embed),
      compiled: lib(`server/${compiled}.js`),
      source: lib(source),
    };
    onResolve({ filter: /^wx-soter:main$/ }, () => ({ path: main, external: true }));
    onResolve({ filter: /^wx-soter:/ }, ({ path }) => {
      const part = path.slice('wx-soter:'.length);
      if (files[part]) return { path: files[part] };
      // The two names of one thing are one module.
      return { namespace: 'made', path: late && part === 'glue' ? 'core' : part in made ? part : 'nothing', sideEffects: false };
    });
    if (late) onResolve({ filter: /\/show-dialog\.js$/ }, () => ({ namespace: 'made', path: 'core', sideEffects: false }));
    onLoad({ filter: /.*/, namespace: 'made' }, ({ path }) => ({ contents: made[path](), resolveDir: lib('') }));
    // The host's tools find it, beside the file that names it.
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, external: true }));
    if (call) onResolve({ filter: /\/call\.js$/ }, () => ({ path: lib(call) }));
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ entryPoints: [path], minify: true, write: false, loader: { '.css': 'css' } });
      return { loader: 'text', contents: outputFiles[0].text.trim() };
    });
  },
});

/**
 * @param {string} entry
 * @param {Format} format
 * @param {string} outfile
 * @param {Differences} differences
 */
const bundle = (entry, format, outfile, differences) =>
  build({
    entryPoints: [lib(`entry/${entry}.js`)],
    outfile: dist(outfile),
    format,
    bundle: true,
    minify: true,
    // Node prints the whole line of an error that nobody caught.
    lineLimit: 8000,
    target: 'es2019',
    legalComments: 'none',
    banner: { js: `/*! ${name} ${version} | ${license} | The ${name} contributors */` },
    // Free names in the generated code.
    inject: [lib('text-codec.js')],
    // wasm-bindgen names a file anew for each of its functions that need no JavaScript between.
    logOverride: { 'duplicate-object-key': 'silent' },
    metafile: true,
    plugins: [parts(differences)],
  });

// The loader's core, and what stands in the loader for each of its functions until it is there.
const bundleLoader = async () => {
  const { metafile } = await bundle('core', 'esm', 'core.js', { call: 'loader/call.js' });
  const [{ exports }] = Object.values(metafile.outputs);
  const later = exports.map(name => `export const ${name} = (...given) => core.${name}(...given)`);
  const late = `let core; export const attach = (given) => { core = given }; ${later.join('; ')}`;
  await bundle('loader', 'iife', 'wx-soter.loader.js', { embed: 'loader/source.js', source: 'loader/source.js', late });
};

await rm(dist(''), { recursive: true, force: true });
await mkdir(dist(''));
await writeFile(dist('core.wasm'), browser.wasm);
await writeFile(dist('server.wasm'), server.wasm);
await Promise.all([
  bundle('index', 'esm', 'index.js', { embed: 'embedded.js' }),
  bundle('index', 'cjs', 'index.cjs', { embed: 'embedded.js' }),
  bundle('slim', 'esm', 'slim.js', { embed: 'no-module.js' }),
  bundle('slim', 'cjs', 'slim.cjs', { embed: 'no-module.js' }),
  bundle('auto', 'esm', 'auto.js', { main: './index.js' }),
  bundle('auto', 'cjs', 'auto.cjs', { main: './index.cjs' }),
  bundle('global', 'iife', 'wx-soter.global.js', { embed: 'embedded.js' }),
  bundleLoader(),
  bundle('index', 'esm', 'no-wasm.js', { embed: 'no-wasm/embedded.js' }),
  bundle('index', 'cjs', 'no-wasm.cjs', { embed: 'no-wasm/embedded.js' }),
  bundle('no-wasm', 'iife', 'wx-soter.no-wasm.js', { embed: 'no-wasm/embedded.js' }),
  bundle('emulator', 'esm', 'emulator.js', { embed: 'embedded.js', module: emulator }),
  bundle('emulator', 'cjs', 'emulator.cjs', { embed: 'embedded.js', module: emulator }),
  bundle('server', 'esm', 'server.js', { module: server, compiled: 'inlined' }),
  bundle('server', 'cjs', 'server.cjs', { module: server, compiled: 'inlined' }),
  bundle('server', 'esm', 'server.edge.js', { module: server, compiled: 'imported' }),
]);

// The same types for `import` and for `require`, each beside the file that it describes.
for (const file of await readdir(inRoot('pkg/types'))) {
  const types = await readFile(inRoot(`pkg/types/${file}`), 'utf8');
  await writeFile(dist(file), types);
  await writeFile(dist(file.replace(/\.d\.ts$/, '.d.cts')), types.replace(/(from '\.\/\w+)\.js'/g, "$1.cjs'"));
}

// Tools that shrink modules have shipped broken ones before, so each file has to run once.
const require = createRequire(import.meta.url);
/** @param {string} file */
const load = file => (file.endsWith('.cjs') ? require(dist(file)) : import(String(pathToFileURL(dist(file)))));
/** @type {Record<string, () => Promise<Wx>>} */
const tried = {
  'index.js': async () => (await load('index.js')).wx,
  'index.cjs': async () => (await load('index.cjs')).wx,
  'slim.js': async () => started(await load('slim.js')),
  'slim.cjs': async () => started(await load('slim.cjs')),
  'auto.js': async () => installed('auto.js'),
  'auto.cjs': async () => installed('auto.cjs'),
  'wx-soter.global.js': async () => (await installed('wx-soter.global.js'), globalThis.WxSoter.wx),
  'no-wasm.js': async () => (await load('no-wasm.js')).wx,
  'no-wasm.cjs': async () => (await load('no-wasm.cjs')).wx,
  'wx-soter.no-wasm.js': async () => {
    delete (/** @type {{ WxSoter?: unknown }} */ (globalThis).WxSoter);
    await installed('wx-soter.no-wasm.js');
    return globalThis.WxSoter.wx;
  },
  'emulator.js': async () => emulated(await load('emulator.js')),
  'emulator.cjs': async () => emulated(await load('emulator.cjs')),
};
/** @param {typeof import('../../pkg/types/slim.js')} slim */
const started = async ({ init, wx }) => (await init(browser.wasm), wx);
/** @param {typeof import('../../pkg/types/emulator.js')} emulator */
const emulated = ({ createEmulator }) => {
  const { warn } = console;
  // It says that it is one, which is known here.
  console.warn = () => {};
  try {
    return createEmulator().wx;
  } finally {
    console.warn = warn;
  }
};
/** @param {string} file */
const installed = async file => {
  delete globalThis.wx;
  await load(file);
  return /** @type {Wx} */ (globalThis.wx);
};
// The edge's file runs only there; its module is the same.
for (const file of ['server.js', 'server.cjs']) {
  /** @type {typeof import('../../pkg/types/server.js')} */
  const { verifyRegistration } = await load(file);
  const options = { challenge: 'c', origin: 'https://example.org', rpId: 'example.org' };
  const { reason } = await verifyRegistration({}, options).catch(error => error);
  if (reason !== 'response-malformed') throw new Error(`${file}: the module inside does not run`);
}
for (const [file, wx] of Object.entries(tried)) {
  const { canIUse, checkIsSupportSoterAuthentication } = await wx();
  if (!canIUse('startSoterAuthentication.object.challenge') || canIUse('startSoterAuthentication.object.nothing')) {
    throw new Error(`${file}: the module inside does not run`);
  }
  // A device in software supports it; Node has no such thing. Either way a whole call has been through the module.
  const { errCode } = await checkIsSupportSoterAuthentication().catch(failure => failure);
  if (errCode !== (file.startsWith('emulator') ? 0 : 90001)) throw new Error(`${file}: a call in it ends with ${errCode}`);
}
