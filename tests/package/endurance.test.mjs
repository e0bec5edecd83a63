// What many calls leave behind in the module: nothing.
//   WX_SOTER_TEST_CALLS=100000 node --test tests/package/endurance.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, tag } from './site.mjs';

/** How many calls; a test of each day has no time for more. */
const CALLS = Number(process.env.WX_SOTER_TEST_CALLS || 2000);
/** How many in one go: what a driver waits for has a limit. */
const PORTION = 1000;

/**
 * Before the script runs: sees the instance that it makes, and when the list of objects that the instance has hold of becomes longer.
 * That is an array of wasm-bindgen's with room for 1,024 of them.
 */
const prepare = () => {
  const { Instance, Memory } = WebAssembly;
  const { push } = Array.prototype;
  const instances = [];
  let longest = 0;
  Array.prototype.push = function (...values) {
    const length = push.apply(this, values);
    longest = Math.max(longest, length);
    return length;
  };
  WebAssembly.Instance = function (...values) {
    const instance = new Instance(...values);
    instances.push(instance);
    return instance;
  };
  globalThis.moduleSize = () => {
    const exports = instances.flatMap(instance => Object.values(instance.exports));
    return {
      instances: instances.length,
      bytes: exports.filter(each => each instanceof Memory).map(({ buffer }) => buffer.byteLength),
      longest,
    };
  };
};

/** In a hundred calls: ten authentications, five that fail at once, and checks, by promise and by callback. */
const callMany = async count => {
  const tooLong = 'x'.repeat(513);
  const codeOf = promise => promise.catch(error => error).then(({ errCode }) => errCode);
  const byCallback = name => new Promise(complete => wx[name]({ complete })).then(({ errCode }) => errCode);
  const call = i => {
    if (i % 10 === 0) return codeOf(wx.startSoterAuthentication({ challenge: `challenge ${i}` }));
    if (i % 20 === 1) return codeOf(wx.startSoterAuthentication({ challenge: tooLong }));
    if (i % 20 === 2) return codeOf(wx.checkIsSoterEnrolledInDevice());
    return i % 2 ? byCallback('checkIsSupportSoterAuthentication') : codeOf(wx.checkIsSupportSoterAuthentication());
  };
  const seen = {};
  for (let first = 0; first < count; first += 10) {
    const codes = await Promise.all(Array.from({ length: 10 }, (_, i) => call(first + i)));
    for (const code of codes) seen[code] = (seen[code] || 0) + 1;
  }
  return seen;
};

test(`${CALLS} calls leave the module’s memory and its list of objects as they were`, {
  skip: /no-wasm/.test(process.env.WX_SOTER_TEST_SCRIPT) && 'there is no WebAssembly in this script',
}, async t => {
  const { page } = await open(t, addPage({ head: tag('data-prompt="none"') }), { prepare });
  const makeCalls = async count => {
    for (let done = 0; done < count; done += PORTION) {
      assert.deepEqual(await page.evaluate(callMany, PORTION), { 0: 0.95 * PORTION, 90004: 0.05 * PORTION });
    }
  };
  const look = () => page.evaluate(() => moduleSize());
  await makeCalls(Math.max(PORTION, CALLS / 10));
  const before = await look();
  assert.deepEqual([before.instances, before.bytes.length, before.longest > 1024], [1, 1, true]);
  await makeCalls(CALLS);
  assert.deepEqual(await look(), before);
});
