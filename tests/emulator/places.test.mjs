// The places that people put it: CommonJS, jsdom, a page in Chromium, and types beside each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { JSDOM, VirtualConsole } from 'jsdom';
import { addPage } from '../package/site.mjs';
import { open } from '../package/chromium.mjs';

const dist = file => new URL(`../../pkg/dist/${file}`, import.meta.url);
const commonJs = await readFile(dist('emulator.cjs'), 'utf8');

/** Makes a device, authenticates twice, and tells what is worth telling; runs anywhere. */
const tryIt = async createEmulator => {
  const device = createEmulator({ seed: 'place' });
  const options = { challenge: '挑战 ✓', requestAuthModes: ['facial'], authContent: '付款' };
  const { resultJSON } = await device.wx.startSoterAuthentication(options);
  device.user = 'cancel';
  const error = await device.wx.startSoterAuthentication(options).catch(error => error);
  return { resultJSON, errMsg: error.errMsg };
};

const { warn } = console;
console.warn = () => {};
const expected = await tryIt((await import(dist('emulator.js'))).createEmulator);
console.warn = warn;

test('in Node it works', () => {
  assert.equal(expected.errMsg, 'startSoterAuthentication:fail cancel');
  assert.equal(JSON.parse(expected.resultJSON).raw, '挑战 ✓');
});

test('by require it does the same', async t => {
  t.mock.method(console, 'warn', () => {});
  const { createEmulator } = createRequire(import.meta.url)(dist('emulator.cjs').pathname);
  assert.deepEqual(await tryIt(createEmulator), expected);
});

for (const [how, prepare] of [
  ['as it is', () => {}],
  [
    // As Jest's environment has it.
    'without TextDecoder, TextEncoder and crypto',
    window => {
      for (const name of ['TextDecoder', 'TextEncoder', 'crypto']) delete window[name];
    },
  ],
]) {
  test(`in jsdom ${how} it does the same`, async t => {
    const virtualConsole = new VirtualConsole();
    const pageErrors = [];
    for (const kind of ['jsdomError', 'error']) virtualConsole.on(kind, what => pageErrors.push(what));
    const { window } = new JSDOM('<!doctype html><title>Page</title>', {
      runScripts: 'dangerously',
      beforeParse: prepare,
      virtualConsole,
    });
    t.after(() => window.close());
    const module = { exports: {} };
    window.eval(`(function (module, exports) {${commonJs}\n})`)(module, module.exports);
    assert.deepEqual(await tryIt(module.exports.createEmulator), expected);
    assert.equal((await module.exports.createEmulator().wx.startSoterAuthentication()).errCode, 0);
    assert.deepEqual(pageErrors, []);
  });
}

test('where there is no DOM, there is no dialog and all else works', async t => {
  t.mock.method(console, 'warn', () => {});
  const { createEmulator } = await import(dist('emulator.js'));
  const { errCode } = await createEmulator({ prompt: 'dialog' }).wx.startSoterAuthentication({ authContent: 'Pay' });
  assert.equal(errCode, 0);
});

const PAGE = { head: '<script type="module">import * as it from \'/pkg/dist/emulator.js\'; globalThis.it = it</script>' };

test('in Chromium it does the same, and asks the browser nothing', async t => {
  const prepare = () => {
    globalThis.asked = 0;
    for (const method of ['create', 'get']) navigator.credentials[method] = () => asked++;
  };
  const { page, pageErrors } = await open(t, addPage(PAGE), { authenticator: null, prepare });
  const seen = await page.evaluate(`(${tryIt})(it.createEmulator)`);
  assert.deepEqual(seen, expected);
  assert.deepEqual(await page.evaluate(() => [asked, localStorage.length, typeof globalThis.wx]), [0, 0, 'undefined']);
  assert.equal(pageErrors.length, 1);
  assert.match(pageErrors[0], /EMULATOR/);
});

test('in Chromium its prompt can be the dialog, whose cancel counts', async t => {
  const { page } = await open(t, addPage(PAGE), { authenticator: null });
  await page.evaluate(() => {
    const device = it.createEmulator({ prompt: 'dialog', user: 'ignore' });
    globalThis.outcome = device.wx.startSoterAuthentication({ authContent: 'Pay' }).catch(({ reason }) => reason);
  });
  const dialog = page.locator('wx-soter-prompt');
  assert.match(await dialog.locator('#c').textContent(), /Pay/);
  await dialog.locator('#n').click();
  assert.equal(await page.evaluate(() => outcome), 'cancelled');
  assert.equal(await dialog.count(), 0);
});

test('no other file of the package has it', async () => {
  for (const file of ['index.js', 'index.cjs', 'slim.js', 'slim.cjs', 'auto.js', 'auto.cjs', 'wx-soter.global.js', 'core.wasm']) {
    assert.doesNotMatch(await readFile(dist(file), 'latin1'), /emulat/i, file);
  }
});

test('five thousand calls on many devices leave its memory as it was', async t => {
  t.mock.method(console, 'warn', () => {});
  const memories = new Set();
  const { Instance } = WebAssembly;
  t.mock.method(WebAssembly, 'Instance', function (...given) {
    const instance = new Instance(...given);
    memories.add(Object.values(instance.exports).find(value => value instanceof WebAssembly.Memory));
    return instance;
  });
  const { createEmulator } = await import(`${dist('emulator.js')}?fresh`);
  const run = async devices => {
    for (let i = 0; i < devices; i++) {
      const device = createEmulator({ timeout: 1 });
      await device.wx.startSoterAuthentication();
      for (const user of ['cancel', 'mismatch', 'not-verified']) {
        device.user = user;
        await device.wx.startSoterAuthentication().catch(() => {});
        device.unlock();
      }
      await device.wx.checkIsSupportSoterAuthentication();
    }
  };
  await run(100);
  const [memory] = memories;
  const before = memory.buffer.byteLength;
  await run(1000);
  assert.equal(memory.buffer.byteLength, before);
});
