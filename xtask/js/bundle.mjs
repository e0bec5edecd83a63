// Bundles pkg/lib, the module and its generated JavaScript into pkg/dist, and tries what it made:
//   node xtask/js/bundle.mjs
import { build } from 'esbuild'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { minify } from 'terser'
import { moduleReader, moduleText, writings } from './module-text.mjs'
import { shortenNames } from './short-names.mjs'
import { trimGlue } from './trim-glue.mjs'

const inRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const lib = (file) => inRoot(`pkg/lib/${file}`)
const dist = (file) => inRoot(`pkg/dist/${file}`)

const { name, version, license } = JSON.parse(await readFile(inRoot('pkg/package.json'), 'utf8'))

// A module and its generated JavaScript, as xtask/src/build.rs leaves them.
const readWhole = async (folder) => {
  const [core, glue] = ['core.wasm', 'wx_soter.js'].map((file) => `${folder}/${file}`)
  return { folder, wasm: await readFile(core), glue: await readFile(glue, 'utf8') }
}
// The same for a page, where each byte counts.
const read = async (folder) => {
  const { wasm, glue } = await readWhole(folder)
  return { folder, ...shortenNames(wasm, trimGlue(glue)) }
}
const browser = await read(inRoot('target/wx-soter'))
const emulator = await read(inRoot('target/wx-soter/emulator'))
const server = await readWhole(inRoot('target/wx-soter/server'))
// Next's edge runtime hands out modules of another realm, which are no instances of this one's class.
const OTHER_REALM = /^ +if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n +\}\n/m
if (!OTHER_REALM.test(server.glue)) throw new Error("wasm-bindgen's JavaScript has changed: initSync looks elsewhere at its module")
server.glue = server.glue.replace(OTHER_REALM, '')

// What `wx-soter:...` means in pkg/lib: the parts that are made, and those that differ from file to file in pkg/dist.
const parts = ({ module, embed, main, compiled }) => ({
  name: 'parts',
  setup({ onResolve, onLoad }) {
    const made = {
      'wx-soter:text': () => ({ namespace: 'made', path: 'text' }),
      'wx-soter:reader': () => ({ namespace: 'made', path: 'reader' }),
      'wx-soter:nothing': () => ({ namespace: 'made', path: 'nothing' }),
      'wx-soter:answering': () => ({ path: inRoot('src/browser/answering.js') }),
      'wx-soter:glue': () => ({ namespace: 'glue', path: 'glue', sideEffects: false }),
      'wx-soter:embedded': () => (embed ? { path: lib('embedded.js') } : { namespace: 'made', path: 'nothing' }),
      'wx-soter:main': () => ({ path: main, external: true }),
      'wx-soter:host': () => ({ path: lib('server/host.js') }),
      'wx-soter:compiled': () => ({ path: lib(`server/${compiled}.js`) })
    }
    onResolve({ filter: /^wx-soter:/ }, ({ path }) => made[path]())
    // The host's tools find it, beside the file that names it.
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, external: true }))
    // Copies of files in src, which the loader uses too; each has to be there once.
    onResolve({ filter: /^\.\/snippets\// }, ({ path }) => {
      const [, crate, file] = /^\.\/snippets\/wx-soter(-emulator)?-[^/]+\/(.*)/.exec(path)
      return { path: inRoot(crate ? `emulator/${file}` : file) }
    })
    onLoad({ filter: /.*/, namespace: 'glue' }, () => ({ contents: module.glue, resolveDir: module.folder }))
    onLoad({ filter: /^text$/, namespace: 'made' }, () => ({ contents: `export default ${TEXT}` }))
    onLoad({ filter: /^reader$/, namespace: 'made' }, () => ({ contents: `export default ${READER}` }))
    onLoad({ filter: /^nothing$/, namespace: 'made' }, () => ({ contents: 'export default undefined' }))
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ entryPoints: [path], minify: true, write: false, loader: { '.css': 'css' } })
      return { loader: 'text', contents: outputFiles[0].text.trim() }
    })
  }
})

// Terser finds shorter words than esbuild, 1 % of the complete script. The text of the module and its reader come in
// afterwards: their letters would decide which names are short, and they need no look.
const TEXT = 'TEXT_OF_THE_MODULE'
const READER = 'READER_OF_THE_TEXT'
const reader = moduleReader()
const texts = writings(reader)
const TERSER = {
  ecma: 2020,
  toplevel: true,
  compress: { passes: 3 },
  format: { ascii_only: true, comments: /^!/ }
}

const bundle = async (entry, format, outfile, differences = {}) => {
  const { module = browser } = differences
  const { outputFiles } = await build({
    entryPoints: [lib(`entry/${entry}.js`)],
    write: false,
    format,
    bundle: true,
    minifySyntax: true,
    target: 'es2020',
    legalComments: 'none',
    banner: { js: `/*! ${name} ${version} | ${license} | The ${name} contributors */` },
    // Free names in the generated code.
    // The first in place of the global one, which would let a trap end a server's process.
    inject: [...(differences.compiled ? ['server/queue-microtask.js'] : []), 'instance.js', 'text-codec.js'].map(lib),
    // wasm-bindgen names a file anew for each of its functions that need no JavaScript between.
    logOverride: { 'duplicate-object-key': 'silent' },
    define: { 'Symbol.dispose': 'undefined' },
    plugins: [parts({ ...differences, module })]
  })
  const { code } = await minify(outputFiles[0].text, TERSER)
  const whole = code.replace(READER, `"${reader.toString('base64url')}"`)
  await writeFile(dist(outfile), whole.replace(TEXT, () => `"${moduleText(module.wasm, texts)}"`))
}

await rm(dist(''), { recursive: true, force: true })
await mkdir(dist(''))
await writeFile(dist('core.wasm'), browser.wasm)
await writeFile(dist('server.wasm'), server.wasm)
await Promise.all([
  bundle('index', 'esm', 'index.js', { embed: true }),
  bundle('index', 'cjs', 'index.cjs', { embed: true }),
  bundle('slim', 'esm', 'slim.js'),
  bundle('slim', 'cjs', 'slim.cjs'),
  bundle('auto', 'esm', 'auto.js', { main: './index.js' }),
  bundle('auto', 'cjs', 'auto.cjs', { main: './index.cjs' }),
  bundle('global', 'iife', 'wx-soter.global.js', { embed: true }),
  bundle('emulator', 'esm', 'emulator.js', { embed: true, module: emulator }),
  bundle('emulator', 'cjs', 'emulator.cjs', { embed: true, module: emulator }),
  bundle('server', 'esm', 'server.js', { module: server, compiled: 'inlined' }),
  bundle('server', 'cjs', 'server.cjs', { module: server, compiled: 'inlined' }),
  bundle('server', 'esm', 'server.edge.js', { module: server, compiled: 'imported' })
])

// The same types for `import` and for `require`, each beside the file that it describes.
for (const file of await readdir(inRoot('pkg/types'))) {
  const types = await readFile(inRoot(`pkg/types/${file}`), 'utf8')
  await writeFile(dist(file), types)
  await writeFile(dist(file.replace(/\.d\.ts$/, '.d.cts')), types.replace(/(from '\.\/\w+)\.js'/g, "$1.cjs'"))
}

// Tools that shrink modules have shipped broken ones before, so each file has to run once.
const require = createRequire(import.meta.url)
const load = (file) => (file.endsWith('.cjs') ? require(dist(file)) : import(pathToFileURL(dist(file))))
const tried = {
  'index.js': async () => (await load('index.js')).wx,
  'index.cjs': async () => (await load('index.cjs')).wx,
  'slim.js': async () => started(await load('slim.js')),
  'slim.cjs': async () => started(await load('slim.cjs')),
  'auto.js': async () => installed('auto.js'),
  'auto.cjs': async () => installed('auto.cjs'),
  'wx-soter.global.js': async () => (await installed('wx-soter.global.js'), globalThis.WxSoter.wx),
  'emulator.js': async () => emulated(await load('emulator.js')),
  'emulator.cjs': async () => emulated(await load('emulator.cjs'))
}
const started = async ({ init, wx }) => (await init(browser.wasm), wx)
const emulated = ({ createEmulator }) => {
  const { warn } = console
  // It says that it is one, which is known here.
  console.warn = () => {}
  try {
    return createEmulator().wx
  } finally {
    console.warn = warn
  }
}
const installed = async (file) => {
  delete globalThis.wx
  await load(file)
  return globalThis.wx
}
// The edge's file runs only there; its module is the same.
for (const file of ['server.js', 'server.cjs']) {
  const { verifyRegistration } = await load(file)
  const options = { challenge: 'c', origin: 'https://example.org', rpId: 'example.org' }
  const { reason } = await verifyRegistration({}, options).catch((error) => error)
  if (reason !== 'response-malformed') throw new Error(`${file}: the module inside does not run`)
}
for (const [file, wx] of Object.entries(tried)) {
  const { canIUse, checkIsSupportSoterAuthentication } = await wx()
  if (!canIUse('startSoterAuthentication.object.challenge') || canIUse('startSoterAuthentication.object.nothing')) {
    throw new Error(`${file}: the module inside does not run`)
  }
  // A device in software supports it; Node has no such thing. Either way a whole call has been through the module.
  const { errCode } = await checkIsSupportSoterAuthentication().catch((failure) => failure)
  if (errCode !== (file.startsWith('emulator') ? 0 : 90001)) throw new Error(`${file}: a call in it ends with ${errCode}`)
}
