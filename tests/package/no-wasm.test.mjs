// Pages where there is no WebAssembly: policies that forbid it, iOS in Lockdown Mode, WebKit without its compilers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyRegistration, verifyResult } from '../../pkg/dist/server.js';
import { open } from './browser.mjs';
import { addPage, addScript, at } from './site.mjs';

const tag = '<script src="/pkg/dist/wx-soter.no-wasm.js"></script>';
const STRICT = { 'content-security-policy': "default-src 'none'; script-src 'self'" };
const withoutWebAssembly = () => delete globalThis.WebAssembly;

/** Makes a key and signs, and has a server check both. */
const assertVerified = async page => {
  const server = { origin: at('localhost'), rpId: 'localhost' };
  const challenge = '收款 12,00 € 🫆';
  const { registration, results } = await page.evaluate(async challenge => {
    let registration;
    const ours = WxSoter.createWx({ onKeyCreated: created => void (registration = created) });
    const results = [];
    for (let use = 0; use < 2; use += 1) results.push(await ours.startSoterAuthentication({ challenge }));
    return { registration, results };
  }, challenge);
  const { key } = await verifyRegistration(registration, { ...server, challenge });
  let counter = 0;
  for (const result of results) ({ counter } = await verifyResult(result, { ...server, challenge, key, counter }));
  assert.ok(counter > 1);
};

test('under a policy that forbids it, a key is made and signs, the server agrees, and nothing is violated', async t => {
  const { page, pageErrors, violations } = await open(t, addPage({ head: tag, headers: STRICT }));
  await assertVerified(page);
  assert.deepEqual(await violations(), []);
  assert.deepEqual(pageErrors, []);
});

test('where it is missing, a key is made and signs, and the server agrees', async t => {
  const { page, pageErrors } = await open(t, addPage({ head: tag }), { prepare: withoutWebAssembly });
  await assertVerified(page);
  assert.deepEqual(pageErrors, []);
});

test('the first call asks within the click, since nothing has to be waited for', async t => {
  const { page } = await open(t, addPage({ head: tag, headers: STRICT }));
  const within = await page.evaluate(() => {
    let asked = 0;
    const { create } = navigator.credentials;
    navigator.credentials.create = options => (asked++, create.call(navigator.credentials, options));
    wx.startSoterAuthentication({ challenge: 'c' });
    return asked;
  });
  assert.equal(within, 1);
});

test('the memory may grow in the middle of a ceremony', async t => {
  const prepare = () => {
    const { decode } = TextDecoder.prototype;
    globalThis.sizes = new Set();
    TextDecoder.prototype.decode = function (view, ...more) {
      if (view) sizes.add(view.buffer.byteLength);
      return decode.call(this, view, ...more);
    };
  };
  const { page } = await open(t, addPage({ head: tag, headers: STRICT }), { prepare });
  const seen = await page.evaluate(async () => {
    const kept = new Map();
    const storage = {
      getItem: key => kept.get(key) ?? 'no key of ours '.repeat(200_000),
      setItem: (key, text) => void kept.set(key, text),
    };
    const ours = WxSoter.createWx({ storage });
    const raws = [];
    for (const challenge of ['first 🫆', 'second 🫆']) {
      raws.push(JSON.parse((await ours.startSoterAuthentication({ challenge })).resultJSON).raw);
    }
    return { raws, grown: sizes.size > 1 };
  });
  assert.deepEqual(seen, { raws: ['first 🫆', 'second 🫆'], grown: true });
});

test('the module for bundlers works too', async t => {
  const load = addScript('import * as WxSoter from "/pkg/dist/no-wasm.js"; globalThis.WxSoter = WxSoter');
  const { page, violations } = await open(t, addPage({ head: `<script type="module" src="${load}"></script>`, headers: STRICT }));
  await page.waitForFunction(() => globalThis.WxSoter);
  await assertVerified(page);
  assert.deepEqual(await violations(), []);
});
