// The recipes for Taro and uni-app: pages that Vite makes of the real frameworks, in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { build } from 'vite';
import { addPage, addScript, at } from '../package/site.mjs';
import { open } from '../package/chromium.mjs';
import { HOSTS, folder, recipe, write } from './recipes.mjs';

const require = createRequire(join(HOSTS, 'package.json'));
const inPackages = path => join(HOSTS, 'node_modules', path);

/** Makes a page of a folder's main.js and other files, puts it on the site, and returns its address. */
const makePage = async (name, files, { alias, define, plugins }) => {
  await mkdir(join(folder, name));
  for (const [file, code] of Object.entries(files)) await write(`${name}/${file}`, code);
  const { output } = await build({
    root: join(folder, name),
    configFile: false,
    logLevel: 'error',
    define,
    plugins,
    resolve: { alias },
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: join(folder, name, 'main.js'), output: { codeSplitting: false } },
    },
  });
  const script = addScript(output.find(({ type }) => type === 'chunk').code);
  return addPage({ head: '', body: `<div id="app"></div><script type="module" src="${script}"></script>` });
};

/** What Taro's own compiler does to the sources of a page. */
const taroCompiler = {
  name: 'taro',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(folder)) return;
    const plugin = require('babel-plugin-transform-taroapi');
    const definition = require('@tarojs/plugin-platform-h5/dist/definition.json');
    const plugins = [[plugin, { packageName: '@tarojs/taro', definition }]];
    return require('@babel/core').transformSync(code, { plugins, babelrc: false, configFile: false, filename: id }).code;
  },
};

const RUNTIME_FLAGS = [
  'ENABLE_INNER_HTML',
  'ENABLE_ADJACENT_HTML',
  'ENABLE_SIZE_APIS',
  'ENABLE_TEMPLATE_CONTENT',
  'ENABLE_CLONE_NODE',
  'ENABLE_CONTAINS',
  'ENABLE_MUTATION_OBSERVER',
  'DEPRECATED_ADAPTER_COMPONENT',
];
const taro = {
  // As the platform's plug-in sets it.
  alias: { '@tarojs/taro': inPackages('@tarojs/plugin-platform-h5/dist/runtime/apis/index.js') },
  define: {
    ...Object.fromEntries(RUNTIME_FLAGS.map(flag => [flag, 'false'])),
    'process.env.TARO_ENV': '"h5"',
    'process.env.TARO_PLATFORM': '"web"',
    'process.env.SUPPORT_TARO_POLYFILL': '"disabled"',
  },
  plugins: [taroCompiler],
};

const TARO_PAGE = `
import Taro from '@tarojs/taro'
import { setAccount, startSoterAuthentication } from './soter.js'
globalThis.start = startSoterAuthentication
globalThis.setAccount = setAccount
globalThis.theirs = () => Taro.startSoterAuthentication()
globalThis.knows = (schema) => Taro.canIUse(schema)
`;

/** What uni-app's compiler sets; a page of its own needs none of it. */
const UNI_FEATURES =
  `I18N_EN I18N_ES I18N_FR I18N_ZH_HANS I18N_ZH_HANT I18N_LOCALE PAGES PULL_DOWN_REFRESH TOPWINDOW TABBAR RIGHTWINDOW
LEFTWINDOW TABBAR_MIDBUTTON NAVIGATIONBAR NAVIGATIONBAR_BUTTONS RESPONSIVE NAVIGATIONBAR_TRANSPARENT NAVIGATIONBAR_SEARCHINPUT WX
WXS UNI_CLOUD LONGPRESS`.split(/\s/);
const uniApp = {
  alias: { vue: inPackages('@dcloudio/uni-h5-vue/dist/vue.runtime.esm.js') },
  define: Object.fromEntries(UNI_FEATURES.map(feature => [`__UNI_FEATURE_${feature}__`, 'false'])),
  // Its compiler brings the global in.
  plugins: [
    {
      name: 'uni',
      transform: (code, id) => (id.startsWith(folder) ? `import { uni } from '@dcloudio/uni-h5'\n${code}` : undefined),
    },
  ],
};

const UNI_PAGE = `
globalThis.start = (options) => uni.startSoterAuthentication(options)
globalThis.setAccount = setAccount
globalThis.knows = (name) => typeof uni[name] === 'function'
`;

/** The recipe with the emulator in the place of `install`, or of `wx`, as it says. */
const onEmulator = code => {
  const emulated = code
    .replace(/, (install|wx) \}/, ' }')
    .replace(/^(?=import \{ configure)/m, "import { createEmulator } from 'wx-soter/emulator'\n")
    .replace('install(', 'createEmulator().install(')
    .replace('isWeb ? wx', 'isWeb ? createEmulator().wx');
  assert.match(emulated, /createEmulator\(\)\.(install|wx)/);
  return emulated;
};

const asItStands = code => code;

/** Opens the page, authenticates there, and returns the page and the origin that the result names. */
const authenticate = async (t, url) => {
  const { page } = await open(t, url);
  const result = await page.evaluate(() => start({ challenge: 'c' }).catch(error => ({ ...error })));
  assert.equal(result.errMsg, 'startSoterAuthentication:ok');
  const { clientDataJSON } = JSON.parse(result.resultJSON).webauthn;
  return { page, origin: JSON.parse(Buffer.from(clientDataJSON, 'base64url')).origin };
};

/** Two accounts log in, one after the other, and the first again: each has a key of its own. */
const logIn = page =>
  page.evaluate(async () => {
    const made = [];
    for (const id of ['ann', 'bob', 'ann']) {
      setAccount(id, () => void made.push(id));
      await start({ challenge: 'c' });
    }
    return made;
  });

for (const [name, change, expected] of [
  ['a virtual authenticator', asItStands, at('localhost')],
  ['the emulator', onEmulator, 'https://emulator.example'],
]) {
  const suffix = change === onEmulator ? '-emulated' : '';

  test(`Taro on H5, on ${name}`, async t => {
    const files = { 'main.js': TARO_PAGE, 'soter.js': change(recipe('Taro on H5')) };
    const { page, origin } = await authenticate(t, await makePage(`taro${suffix}`, files, taro));
    assert.equal(origin, expected);
    // Why the recipe has the calls in a file of their own: this is a success of Taro's, which has asked nobody.
    assert.match((await page.evaluate(() => theirs())).errMsg, /暂时不支持/);
    assert.equal(await page.evaluate(() => knows('request')), true);
    if (change === asItStands) assert.deepEqual(await logIn(page), ['ann', 'bob']);
  });

  test(`uni-app on H5, on ${name}`, async t => {
    const files = { 'main.js': change(recipe('uni-app on H5')) + UNI_PAGE };
    const { page, origin } = await authenticate(t, await makePage(`uni${suffix}`, files, uniApp));
    assert.equal(origin, expected);
    assert.equal(await page.evaluate(() => knows('getSystemInfoSync')), true);
    if (change === asItStands) assert.deepEqual(await logIn(page), ['ann', 'bob']);
  });
}
