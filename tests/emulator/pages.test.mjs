// The recipes for Taro and uni-app: pages that Vite makes of the real frameworks, in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { build } from 'vite';
import { addPage, addScript, at } from '../package/site.mjs';
import { open } from '../package/chromium.mjs';
import { verifyRegistration, verifyResult } from '../../pkg/dist/server.js';
import { HOSTS, folder, recipe, recipes, write } from './recipes.mjs';

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
import { soterFor } from './soter.js'
globalThis.soterFor = soterFor
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
import { install } from 'wx-soter'
import { soterFor } from './soter.js'
globalThis.soterFor = soterFor
globalThis.knows = (name) => typeof uni[name] === 'function'
// What the page of docs/ says of code that calls by the object.
globalThis.onObject = (accountId, onKeyCreated) => {
  install(uni, { override: true, user: { id: String(accountId) }, onKeyCreated })
  return uni
}
`;

/** Opens the page, authenticates there twice, and returns the page; the server checks both, by what `onKeyCreated` got. */
const authenticate = async (t, url) => {
  const { page } = await open(t, url);
  const { registrations, results } = await page.evaluate(async () => {
    const registrations = [];
    const results = [];
    for (const challenge of ['first', 'second']) {
      const soter = soterFor('ann', registration => void registrations.push(registration));
      results.push(await soter.startSoterAuthentication({ challenge, requestAuthModes: ['fingerPrint'] }));
    }
    return { registrations, results };
  });
  assert.equal(registrations.length, 1);
  const here = { origin: at('localhost'), rpId: 'localhost' };
  const { key } = await verifyRegistration(registrations[0], { ...here, challenge: 'first' });
  for (const [i, challenge] of ['first', 'second'].entries()) await verifyResult(results[i], { ...here, challenge, key });
  return page;
};

/** Accounts log in, one after the other, and again: each has a key of its own. A number is as good as its text. */
const logIn = (page, calls) =>
  page.evaluate(async calls => {
    const made = [];
    for (const id of ['ann', 7, 'ann', '7']) {
      const { startSoterAuthentication } = globalThis[calls](id, () => void made.push(id));
      await startSoterAuthentication({ challenge: 'c' });
    }
    return made;
  }, calls);

/** While nobody is logged in, no key is made. */
const startForNobody = page =>
  page.evaluate(() => {
    const start = async id => soterFor(id, () => {}).startSoterAuthentication({ challenge: 'c' });
    return Promise.all([undefined, null, ''].map(id => start(id).catch(error => error.message)));
  });

/** What uni-app's compiler leaves of a file on H5. */
const onH5 = code => code.replace(/\/\/ #ifndef H5[^]*?\/\/ #endif/g, '');

const [, , EMULATED] = recipes('Taro on H5');

test('Taro on H5', async t => {
  const page = await authenticate(t, await makePage('taro', { 'main.js': TARO_PAGE, 'soter.js': recipe('Taro on H5') }, taro));
  // Why the recipe has the calls in a file of their own: this is a success of Taro's, which has asked nobody.
  assert.match((await page.evaluate(() => theirs())).errMsg, /暂时不支持/);
  assert.equal(await page.evaluate(() => knows('request')), true);
  assert.deepEqual(await startForNobody(page), Array(3).fill('soterFor: nobody is logged in'));
  assert.deepEqual(await logIn(page, 'soterFor'), [7]);
});

test('uni-app on H5', async t => {
  const page = await authenticate(
    t,
    await makePage('uni', { 'main.js': UNI_PAGE, 'soter.js': onH5(recipe('uni-app on H5')) }, uniApp),
  );
  assert.equal(await page.evaluate(() => knows('getSystemInfoSync')), true);
  assert.deepEqual(await startForNobody(page), Array(3).fill('soterFor: nobody is logged in'));
  assert.deepEqual(await logIn(page, 'soterFor'), [7]);
  assert.deepEqual(await logIn(page, 'onObject'), []);
});

for (const [name, main, settings] of [
  ['Taro', TARO_PAGE, taro],
  ['uni-app', UNI_PAGE, uniApp],
]) {
  test(`${name} on H5, on the emulator`, async t => {
    const page = await authenticate(t, await makePage(`${name}-emulated`, { 'main.js': main, 'soter.js': EMULATED }, settings));
    assert.equal(await page.evaluate(() => soterFor('ann').forgetKey()), true);
  });
}
