// Beside another `wx`: real methods stay, ours fill the gaps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, addScript, tag } from './site.mjs';

const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];

// As WeChat's JSSDK does it: one object under two names.
const sdk = addScript(`window.wx = window.jWeixin = {
  config: () => 'config of the SDK',
  checkIsSupportSoterAuthentication: () => 'support of the SDK',
  canIUse: (schema) => schema === 'getLocation',
}`);
const sdkTag = `<script src="${sdk}"></script>`;

for (const [when, head] of [
  ['before', sdkTag + tag()],
  ['after', tag() + sdkTag],
  ['before and after', sdkTag + tag() + sdkTag],
]) {
  test(`an SDK that comes ${when} the script keeps its methods and gets ours`, async t => {
    const { page, settle, pageErrors } = await open(t, addPage({ head }));
    const seen = await page.evaluate(() => ({
      config: wx.config(),
      support: wx.checkIsSupportSoterAuthentication(),
      same: wx === jWeixin,
      canIUse: ['getLocation', 'getStorage', 'startSoterAuthentication.object.challenge'].map(schema => wx.canIUse(schema)),
    }));
    assert.deepEqual(
      { ...seen, canIUse: seen.canIUse.slice(0, 2) },
      { config: 'config of the SDK', support: 'support of the SDK', same: true, canIUse: [true, false] },
    );
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
    assert.equal((await settle('checkIsSoterEnrolledInDevice')).result.isEnrolled, true);
    assert.deepEqual(pageErrors, []);
  });
}

test('a real method that comes with a later wx wins over ours', async t => {
  const { page } = await open(t, addPage());
  const answers = await page.evaluate(() => {
    const ours = wx.startSoterAuthentication;
    wx = { startSoterAuthentication: () => 'real' };
    return [wx.startSoterAuthentication(), typeof wx.checkIsSoterEnrolledInDevice, ours === wx.startSoterAuthentication];
  });
  assert.deepEqual(answers, ['real', 'function', false]);
});

test('a frozen wx, a wx that is no object and a wx that cannot be set break nothing', async t => {
  const frozen = 'window.wx = Object.freeze({ config: () => 1 })';
  const fixed = `Object.defineProperty(window, 'wx', { value: Object.freeze({ config: () => 1 }) })`;
  const number = 'window.wx = 7';
  for (const code of [frozen, fixed, number]) {
    const head = `<script src="${addScript(code)}"></script>${tag()}`;
    const { page, pageErrors } = await open(t, addPage({ head }));
    const own = await page.evaluate(() => settle(WxSoter.wx.startSoterAuthentication({ challenge: 'c' })));
    assert.equal(own.result.errCode, 0, code);
    assert.deepEqual(pageErrors, [], code);
    assert.equal(await page.evaluate(() => typeof wx.startSoterAuthentication), 'undefined', code);
  }
});

test('of two copies the first is the one, and a call asks once', async t => {
  const remember = addScript('globalThis.first = { wx, WxSoter, start: wx.startSoterAuthentication }');
  const head = `${tag('data-modes="facial"')}<script src="${remember}"></script>${tag('data-modes="speech"')}`;
  const { page, record, settle } = await open(t, addPage({ head }));
  const same = await page.evaluate(() => [
    first.wx === wx,
    first.WxSoter === WxSoter,
    first.start === wx.startSoterAuthentication,
  ]);
  assert.deepEqual(same, [true, true, true]);
  assert.deepEqual((await settle('checkIsSupportSoterAuthentication')).result.supportMode, ['facial']);
  assert.deepEqual((await record('startSoterAuthentication', { challenge: 'c' })).events, [
    'returned a promise',
    'success',
    'complete',
    'resolved',
  ]);
});

test('install completes an object of a framework, and overrides only when told to', async t => {
  const { page } = await open(t, addPage());
  const ended = await page.evaluate(async () => {
    const make = () => ({
      getEnv: () => 'WEB',
      canIUse: schema => schema === 'getEnv',
      startSoterAuthentication: () => 'not supported',
    });
    const Taro = make();
    const returned = WxSoter.install(Taro);
    const uni = WxSoter.install(make(), { override: true, modes: ['facial'] });
    const bare = WxSoter.install({});
    const { startSoterAuthentication: withoutThis } = bare;
    return {
      same: returned === Taro,
      kept: [Taro.startSoterAuthentication(), Taro.getEnv()],
      canIUse: [Taro.canIUse('getEnv'), uni.canIUse('getEnv'), uni.canIUse('startSoterAuthentication'), uni.canIUse('nothing')],
      modes: (await uni.checkIsSupportSoterAuthentication()).supportMode,
      results: [await uni.startSoterAuthentication(), await withoutThis()].map(({ errCode }) => errCode),
      bare: Object.keys(bare).sort(),
      global: wx.startSoterAuthentication === uni.startSoterAuthentication,
    };
  });
  assert.deepEqual(ended, {
    same: true,
    kept: ['not supported', 'WEB'],
    canIUse: [true, true, true, false],
    modes: ['facial'],
    results: [0, 0],
    bare: [...CALLS, 'canIUse'].sort(),
    global: false,
  });
});

test('importing the package touches nothing global', async t => {
  const head = '<script type="module">import * as it from "/pkg/dist/index.js"; globalThis.imported = it</script>';
  const { page } = await open(t, addPage({ head }));
  const seen = await page.evaluate(async () => ({
    globals: ['wx', 'WxSoter'].filter(name => name in globalThis),
    errCode: (await imported.wx.startSoterAuthentication()).errCode,
  }));
  assert.deepEqual(seen, { globals: [], errCode: 0 });
});
