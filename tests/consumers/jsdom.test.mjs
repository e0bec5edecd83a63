// The package in jsdom, as tests of people's pages load it. There is no authenticator, so every call has to fail, and
// to say why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { JSDOM, VirtualConsole } from 'jsdom';
import { installed } from './installed.mjs';

const script = await readFile(installed('dist/wx-soter.global.js'), 'utf8');
const commonJs = await readFile(installed('dist/index.cjs'), 'utf8');

const open = (t, prepare = () => {}) => {
  const virtualConsole = new VirtualConsole();
  const pageErrors = [];
  virtualConsole.on('jsdomError', error => pageErrors.push(error.message));
  virtualConsole.on('error', (...words) => pageErrors.push(words.join(' ')));
  const { window } = new JSDOM('<!doctype html><html lang="en"><title>Page</title><body><button>Pay</button>', {
    url: 'https://shop.example/',
    runScripts: 'dangerously',
    beforeParse: prepare,
    virtualConsole,
  });
  t.after(() => window.close());
  return { window, pageErrors };
};

/** Loads the script by a tag. */
const byTag = window => {
  const element = window.document.createElement('script');
  element.dataset.lang = 'zh-CN';
  element.textContent = script;
  window.document.head.append(element);
  return window.wx;
};

/** Loads the CommonJS entry within the window, as Jest's environment does. */
const byRequire = window => {
  const module = { exports: {} };
  window.eval(`(function (module, exports) {${commonJs}\n})`)(module, module.exports);
  return module.exports.wx;
};

const REASONS = ['insecure-context', 'no-webauthn'];

const settle = async (window, wx) => {
  const calls = [
    ['startSoterAuthentication', { challenge: 'c', authContent: '付款 ✓ \ud800' }],
    ['checkIsSupportSoterAuthentication', {}],
    ['checkIsSoterEnrolledInDevice', {}],
  ];
  for (const [name, options] of calls) {
    const byPromise = await wx[name](options).then(
      () => assert.fail('succeeded'),
      error => error,
    );
    assert.ok(byPromise instanceof window.Error, name);
    assert.equal(byPromise.errCode, 90001);
    assert.ok(REASONS.includes(byPromise.reason), byPromise.reason);
    const events = [];
    const results = [];
    const note = event => result => {
      events.push(event);
      results.push({ ...result });
    };
    const returned = wx[name]({ ...options, success: note('success'), fail: note('fail'), complete: note('complete') });
    assert.deepEqual(events, []);
    const promised = await returned.then(
      () => assert.fail('succeeded'),
      error => error,
    );
    assert.ok(promised instanceof window.Error, name);
    assert.deepEqual(events, ['fail', 'complete']);
    assert.deepEqual([...results, { ...promised }], Array(3).fill({ ...byPromise }));
  }
};

const withoutCodec = window => {
  delete window.TextDecoder;
  delete window.TextEncoder;
};

for (const [how, load] of Object.entries({ 'a script tag': byTag, CommonJS: byRequire })) {
  test(`by ${how} every call settles`, async t => {
    const { window, pageErrors } = open(t);
    await settle(window, load(window));
    assert.deepEqual(pageErrors, []);
  });

  test(`by ${how} every call settles without TextDecoder and TextEncoder`, async t => {
    const { window, pageErrors } = open(t, withoutCodec);
    assert.equal(window.TextDecoder, undefined);
    await settle(window, load(window));
    assert.equal(window.TextDecoder, undefined);
    assert.deepEqual(pageErrors, []);
  });

  test(`by ${how} every call settles without WebAssembly`, async t => {
    const { window } = open(t);
    window.eval('delete globalThis.WebAssembly');
    const error = await load(window)
      .startSoterAuthentication({})
      .catch(error => error);
    assert.equal(error.reason, 'webassembly-blocked');
  });
}

test('settings and a wrong option are read without TextDecoder and TextEncoder, too', async t => {
  const { window } = open(t, withoutCodec);
  byTag(window);
  const { createWx } = window.WxSoter;
  assert.throws(() => createWx({ dialect: '微信' }), { name: 'TypeError', message: /dialect/ });
  assert.throws(() => createWx({ user: { id: '' } }), { name: 'TypeError', message: /user\.id/ });
  const error = await createWx({ user: { id: '号'.repeat(21) } })
    .startSoterAuthentication({ authContent: 7, success: '回调' })
    .catch(error => error);
  assert.equal(error.errCode, 90005);
  assert.match(error.errMsg, /authContent.*success should be Function instead of String/);
});
