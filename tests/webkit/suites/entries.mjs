// Every way in: script tags, ES modules, slim with its module, the emulator and the server's part, in a page.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { open } from '../../package/browser.mjs';
import { addPage } from '../../package/site.mjs';

const module = code => `<script type="module">${code}; globalThis.loaded = true</script>`;

/** Each way in: what stands in the head of a page. The page's `wx` has the calls in the end. */
const WAYS = {
  'wx-soter.global.js': '<script src="/pkg/dist/wx-soter.global.js"></script>',
  'wx-soter.loader.js': '<script src="/pkg/dist/wx-soter.loader.js"></script>',
  'index.js': module('import { wx } from "/pkg/dist/index.js"; globalThis.wx = wx'),
  'auto.js': module('import "/pkg/dist/auto.js"'),
  'slim.js': module('import { wx, init } from "/pkg/dist/slim.js"; globalThis.wx = wx; init("/pkg/dist/core.wasm")'),
  'emulator.js': module('import { createEmulator } from "/pkg/dist/emulator.js"; globalThis.wx = createEmulator().wx'),
};

for (const [file, head] of Object.entries(WAYS)) {
  const isBuilt = existsSync(new URL(`../../../pkg/dist/${file}`, import.meta.url));
  const skip = file === 'wx-soter.loader.js' && !isBuilt && 'there is no loader in pkg/dist';
  test(`all calls by ${file}, at once and again after a reload`, { skip }, async t => {
    const { page, settle, pageErrors } = await open(t, addPage({ head }));
    for (const load of ['first', 'second']) {
      await page.waitForFunction(() => globalThis.wx?.startSoterAuthentication);
      const { result } = await settle('startSoterAuthentication', { challenge: '😀', authContent: 'Pay' });
      assert.deepEqual([result.errMsg, result.reason], ['startSoterAuthentication:ok', undefined], load);
      assert.equal(JSON.parse(result.resultJSON).raw, '😀');
      const support = await settle('checkIsSupportSoterAuthentication');
      assert.deepEqual([support.result.errCode, support.result.supportMode.length > 0], [0, true]);
      assert.equal((await settle('checkIsSoterEnrolledInDevice')).result.isEnrolled, true);
      await page.reload();
    }
    const isNews = text => !/emulator/i.test(text);
    assert.deepEqual(pageErrors.filter(isNews), []);
  });
}

test('without `wasm-unsafe-eval` each way in says what to change', async t => {
  const headers = { 'content-security-policy': "default-src 'self'; script-src 'self' 'unsafe-inline'" };
  for (const [file, head] of Object.entries(WAYS)) {
    if (!existsSync(new URL(`../../../pkg/dist/${file}`, import.meta.url))) continue;
    const { page, settle } = await open(t, addPage({ head, headers }));
    await page.waitForFunction(() => globalThis.wx?.startSoterAuthentication);
    const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
    assert.equal(result.errCode, 90007, file);
    // Of a module that is fetched an engine may tell no more than that.
    if (file !== 'slim.js' && file !== 'wx-soter.loader.js') assert.equal(result.reason, 'webassembly-blocked', file);
    assert.match(result.detail, /wasm-unsafe-eval|WebAssembly/, file);
  }
});

test('the same seed gives the emulator the same keys', async t => {
  const head = module('import * as emulator from "/pkg/dist/emulator.js"; globalThis.emulator = emulator');
  const { page } = await open(t, addPage({ head }));
  await page.waitForFunction(() => globalThis.loaded);
  const seen = await page.evaluate(async () => {
    const sign = async seed => {
      const { wx } = emulator.createEmulator({ seed, origin: 'https://shop.example' });
      const { resultJSON, resultJSONSignature } = await wx.startSoterAuthentication({ challenge: 'c' });
      return resultJSON + resultJSONSignature;
    };
    return [await sign('one'), await sign('one'), await sign('two')];
  });
  assert.equal(seen[0], seen[1]);
  assert.notEqual(seen[0], seen[2]);
});

test('the server entry checks in a page what page and emulator made', async t => {
  const head =
    '<script src="/pkg/dist/wx-soter.global.js"></script>' +
    module(`
      import * as server from "/pkg/dist/server.js"
      import { createEmulator } from "/pkg/dist/emulator.js"
      Object.assign(globalThis, { server, createEmulator })`);
  const { page } = await open(t, addPage({ head }));
  await page.waitForFunction(() => globalThis.loaded);
  const seen = await page.evaluate(async () => {
    const seen = [];
    for (const create of [WxSoter.createWx, settings => createEmulator({ ...settings, origin: location.origin }).wx]) {
      let registration;
      const wx = create({ onKeyCreated: made => void (registration = made) });
      const expected = { origin: location.origin, rpId: 'localhost', challenge: '收款 😀' };
      const result = await wx.startSoterAuthentication({ challenge: expected.challenge });
      const { key } = await server.verifyRegistration(registration, expected);
      let counter = 0;
      for (let time = 0; time < 60; time += 1) ({ counter } = await server.verifyResult(result, { ...expected, key }));
      const edited = { ...result, resultJSON: result.resultJSON.replace('收款', '付款') };
      const reason = await server.verifyResult(edited, { ...expected, key }).then(
        () => 'taken',
        error => error.reason,
      );
      const unfit = await server.verifyResult(result, { ...expected, key, challenge: '\\ud83d' }).then(
        () => 'taken',
        error => error.name,
      );
      seen.push([typeof key.publicKey, counter > 0, reason !== 'taken', unfit !== 'taken']);
    }
    return seen;
  });
  assert.deepEqual(seen, Array(2).fill(['string', true, true, true]));
});
