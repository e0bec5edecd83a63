// The plain script without the module, which fetches it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { open as openFirefox } from '../server/firefox.mjs';
import { open as openChromium } from './chromium.mjs';
import { add, addPage, addScript, at } from './site.mjs';
import { THROWN, throwsAlways } from './throws-always.mjs';

const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];
const FILES = ['/pkg/dist/core.js', '/pkg/dist/core.wasm'];

const loader = (attributes = '', src = '/pkg/dist/wx-soter.loader.js') => `<script src="${src}" ${attributes}></script>`;
const addLoaderPage = ({ attributes, src, head = '', ...page } = {}) =>
  addPage({ head: loader(attributes, src) + head, ...page });

/** A page that is never idle, so that only a call fetches. */
const BUSY = '<script>window.requestIdleCallback = () => {}</script>';
const addBusyPage = (page = {}) => addPage({ head: BUSY + loader(page.attributes, page.src), ...page });

const fetched = () =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name).pathname)
    .filter(path => /core\.(js|wasm)$|no-wasm\.js$/.test(path))
    .sort();

const until = async (page, condition) => {
  for (let i = 0; i < 100; i += 1) {
    if (await page.evaluate(condition)) return;
    await new Promise(later => setTimeout(later, 50));
  }
  assert.fail(`never ${condition}`);
};

/** Both browsers as one: `evaluate` runs a function in the page, with `settle` there. */
const BROWSERS = {
  Chromium: async (t, url) => (await openChromium(t, url)).page,
  Firefox: async (t, url) => {
    const { evaluate } = await openFirefox(t, url);
    // Playwright's page has `settle` from the start.
    return {
      evaluate: (run, ...values) =>
        evaluate(`(...values) => { const settle = ${settle}; return (${run})(...values) }`, ...values),
    };
  },
};

const settle = promise =>
  promise.then(
    result => ({ succeeded: true, result: { ...result } }),
    error => ({ succeeded: false, result: { ...error } }),
  );

const HTML = '<!doctype html>not found';
/** The file that is wrong, what is there in its place, and what calls say. */
const WRONG = [
  ['a missing module', 'core.wasm', undefined, /HTTP status 404 for .*core\.wasm/],
  ['a page instead of the module', 'core.wasm', { content: HTML, type: 'text/html' }, /not a WebAssembly module/],
  ['the same with the type of a module', 'core.wasm', { content: HTML, type: 'application/wasm' }, /not a WebAssembly module/],
  ['a module of another build', 'core.wasm', 'another build', /another build/],
  ['a missing core.js', 'core.js', undefined, /core\.js\S* did not load .*is it there/],
  ['a page instead of core.js', 'core.js', { content: HTML, type: 'text/html' }, /core\.js\S* did not load .*is it there/],
];

const WASM = "'wasm-unsafe-eval'";
const POLICIES = [
  ["default-src 'self'"],
  ["script-src 'nonce-abc'"],
  [
    `script-src ${['wx-soter.loader.js', 'core.js'].map(file => at('localhost', `/pkg/dist/${file}`)).join(' ')}`,
    'webassembly-blocked',
    /WebAssembly is blocked .*'wasm-unsafe-eval' to script-src; or put .* did not load/,
  ],
  [`default-src 'self' ${WASM}; connect-src 'none'`, 'internal', /core\.wasm\S* did not load .*connect-src/],
  [`script-src ${WASM} ${at('localhost')}/pkg/dist/wx-soter.loader.js`, 'internal', /core\.js\S* did not load .*script-src/],
  [`default-src 'none'; script-src 'self' ${WASM}; connect-src 'self'`],
  [`script-src 'nonce-abc' ${WASM}`],
];

for (const [name, open] of Object.entries(BROWSERS)) {
  test(`${name}: the module comes when the page is idle, and calls then go their way at once`, async t => {
    const page = await open(t, addLoaderPage());
    await until(
      page,
      () => performance.getEntriesByType('resource').filter(({ name }) => /core\.(js|wasm)\?/.test(name)).length === 2,
    );
    await until(page, () => wx.canIUse('startSoterAuthentication.object.challenge'));
    const seen = await page.evaluate(async () => {
      const { create } = navigator.credentials;
      let asked = 0;
      navigator.credentials.create = options => (asked++, create.call(navigator.credentials, options));
      const call = settle(wx.startSoterAuthentication({ challenge: 'c' }));
      const within = asked;
      const { result } = await call;
      return { within, code: result.errCode };
    });
    assert.deepEqual(seen, { within: 1, code: 0 });
    assert.deepEqual(await page.evaluate(fetched), FILES);
  });

  test(`${name}: a call that comes first fetches it and waits`, async t => {
    const page = await open(t, addBusyPage());
    assert.deepEqual(await page.evaluate(fetched), []);
    const seen = await page.evaluate(async () => {
      const calls = [
        wx.startSoterAuthentication({ challenge: 'first' }),
        wx.checkIsSupportSoterAuthentication(),
        wx.checkIsSoterEnrolledInDevice(),
      ];
      const ended = await Promise.all(calls.map(call => settle(call)));
      return ended.map(({ result }) => result.errCode);
    });
    assert.deepEqual(seen, [0, 0, 0]);
    assert.deepEqual(await page.evaluate(fetched), FILES, 'once');
  });

  for (const [what, broken, answer, pattern] of WRONG) {
    test(`${name}: ${what} is told to each call, which tries again`, async t => {
      const folder = await copyOfDist(broken, answer);
      const page = await open(t, addBusyPage({ src: folder.at('wx-soter.loader.js') }));
      const call = api => page.evaluate(api => settle(wx[api]({ challenge: 'c' })), api);
      for (const api of CALLS) {
        const { succeeded, result } = await call(api);
        assert.deepEqual([succeeded, result.errCode, result.reason], [false, 90007, 'internal'], api);
        assert.match(result.detail, pattern);
      }
      folder.mend();
      for (const api of CALLS) assert.equal((await call(api)).result.errCode, 0, `mended, ${api}`);
    });
  }

  for (const [policy, reason, pattern] of POLICIES) {
    test(`${name}: ${reason ? 'the call names what is wrong' : 'all is well'} under ${policy}`, async t => {
      const page = await open(t, addLoaderPage({ attributes: 'nonce="abc"', headers: { 'content-security-policy': policy } }));
      const { result } = await page.evaluate(() => settle(wx.checkIsSupportSoterAuthentication()));
      assert.deepEqual([result.errCode, result.reason], reason ? [90007, reason] : [0, undefined]);
      if (pattern) assert.match(result.detail, pattern);
    });
  }
}

test('an init while the files are on their way leaves one copy', async t => {
  const { page, settle } = await openChromium(t, addLoaderPage());
  const codes = await page.evaluate(async () => {
    const call = settle(wx.startSoterAuthentication({ challenge: 'c' }));
    await WxSoter.init('/pkg/dist/core.wasm');
    return [(await call).result.errCode, (await settle(wx.checkIsSupportSoterAuthentication())).result.errCode];
  });
  assert.deepEqual(codes, [0, 0]);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'again' })).result.errCode, 0);
});

const REFUSED = { 'content-security-policy': "default-src 'self'" };
const withoutWebAssembly = () => delete globalThis.WebAssembly;
const NO_WASM = '/pkg/dist/wx-soter.no-wasm.js';

test('without WebAssembly the module comes from wx-soter.no-wasm.js, core.wasm is not fetched, and nothing else changes', async t => {
  for (const how of [{ headers: REFUSED }, { prepare: withoutWebAssembly }]) {
    const { page, settle, pageErrors } = await openChromium(t, addLoaderPage({ headers: how.headers }), { prepare: how.prepare });
    const before = await page.evaluate(() => [
      wx.canIUse('startSoterAuthentication'),
      Object.keys(WxSoter).length,
      wx.startSoterAuthentication === WxSoter.wx.startSoterAuthentication,
    ]);
    const calls = await page.evaluate(async () => {
      const calls = [wx.startSoterAuthentication({ challenge: 'c' }), wx.checkIsSupportSoterAuthentication()];
      return (await Promise.all(calls.map(call => settle(call)))).map(({ result }) => result.errCode);
    });
    assert.deepEqual(calls, [0, 0]);
    const after = await page.evaluate(() => [
      wx.canIUse('startSoterAuthentication'),
      Object.keys(WxSoter).length,
      wx.startSoterAuthentication === WxSoter.wx.startSoterAuthentication,
    ]);
    assert.deepEqual(before, after);
    assert.equal(await page.evaluate(() => wx.canIUse('startSoterAuthentication.object.challenge')), true);
    assert.equal((await settle('startSoterAuthentication', { challenge: 'again' })).result.errCode, 0);
    assert.deepEqual(await page.evaluate(fetched), [FILES[0], NO_WASM]);
    assert.deepEqual(
      await page.evaluate(() =>
        Object.getOwnPropertySymbols(globalThis)
          .map(String)
          .filter(name => /wx-soter/.test(name)),
      ),
      [],
    );
    assert.deepEqual(
      pageErrors.filter(text => !/Content Security Policy/.test(text)),
      [],
    );
  }
});

test('WebAssembly that throws something that is not an Error is none, and the other file is fetched', async t => {
  const alone = await copyOfDist('wx-soter.no-wasm.js', undefined, ['wx-soter.no-wasm.js']);
  for (const thrown of THROWN) {
    const prepare = throwsAlways(thrown);
    const { page, settle, pageErrors } = await openChromium(t, addLoaderPage(), { prepare });
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0, thrown);
    assert.deepEqual(await page.evaluate(fetched), [FILES[0], NO_WASM], thrown);
    assert.deepEqual(pageErrors, [], thrown);
    if (!['null', 'Object.create(null)'].includes(thrown)) continue;
    // Without that file.
    const other = await openChromium(t, addBusyPage({ src: alone.at('wx-soter.loader.js') }), { prepare });
    const { result } = await other.settle('startSoterAuthentication', { challenge: 'c' });
    assert.deepEqual([result.errCode, result.reason], [90007, 'webassembly-blocked'], thrown);
    assert.match(result.detail, /^WebAssembly is blocked \(.+\); .* did not load/, thrown);
  }
});

test('without WebAssembly an init while the file is on its way waits for the same file', async t => {
  const { page, settle } = await openChromium(t, addLoaderPage({ headers: REFUSED }));
  const codes = await page.evaluate(async () => {
    const call = settle(wx.startSoterAuthentication({ challenge: 'c' }));
    await WxSoter.init(Promise.reject(new Error('of no use here')));
    return [(await call).result.errCode, (await settle(wx.checkIsSupportSoterAuthentication())).result.errCode];
  });
  assert.deepEqual(codes, [0, 0]);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'again' })).result.errCode, 0);
});

test('without WebAssembly a trap settles the call, and the next call works', async t => {
  const { page, settle } = await openChromium(t, addLoaderPage({ headers: REFUSED }));
  await settle('checkIsSupportSoterAuthentication');
  const { result } = await page.evaluate(() => {
    const { decode } = TextDecoder.prototype;
    TextDecoder.prototype.decode = () => {
      TextDecoder.prototype.decode = decode;
      throw new Error('decode is broken');
    };
    return settle(wx.startSoterAuthentication({ challenge: 'c' }));
  });
  assert.deepEqual([result.errCode, result.reason], [90007, 'internal']);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('without WebAssembly and without that file each call says what to do, and tries again', async t => {
  const folder = await copyOfDist('wx-soter.no-wasm.js', undefined, ['wx-soter.no-wasm.js']);
  const { page, settle } = await openChromium(t, addBusyPage({ src: folder.at('wx-soter.loader.js') }), {
    prepare: withoutWebAssembly,
  });
  for (const api of CALLS) {
    const { succeeded, result } = await settle(api, { challenge: 'c' });
    assert.deepEqual([succeeded, result.errCode, result.reason], [false, 90007, 'webassembly-blocked'], api);
    assert.match(
      result.detail,
      /^WebAssembly is blocked .*'wasm-unsafe-eval' to script-src; or put wx-soter\.no-wasm\.js beside the loader/,
    );
  }
  const promised = await page.evaluate(async () => {
    const promised = wx.canIUse('startSoterAuthentication');
    // It tries, too; that is over when a call has waited for it.
    await settle(wx.checkIsSupportSoterAuthentication());
    return promised;
  });
  assert.equal(promised, false);
  folder.mend();
  for (const api of CALLS) assert.equal((await settle(api, { challenge: 'c' })).result.errCode, 0, `mended, ${api}`);
});

test('without WebAssembly a file of another build is refused', async t => {
  const folder = await copyOfDist('wx-soter.no-wasm.js', 'another build', ['wx-soter.no-wasm.js']);
  const { page, settle } = await openChromium(t, addBusyPage({ src: folder.at('wx-soter.loader.js') }), {
    prepare: withoutWebAssembly,
  });
  const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
  assert.deepEqual([result.errCode, result.reason], [90007, 'internal']);
  assert.match(result.detail, /wx-soter\.no-wasm\.js\S* is of another build/);
  const isOurs = () => wx.startSoterAuthentication === WxSoter.wx.startSoterAuthentication;
  assert.ok(await page.evaluate(isOurs), 'the calls are still those of the loader');
});

const dist = file => readFile(new URL(`../../pkg/dist/${file}`, import.meta.url));

/** The loader's files in a folder of their own, one of which is not what it should be until `mend`. */
const copyOfDist = async (broken, answer, more = []) => {
  const names = ['wx-soter.loader.js', 'core.js', 'core.wasm', ...more];
  const contents = await Promise.all(names.map(dist));
  const types = { js: 'text/javascript', wasm: 'application/wasm' };
  const folder = `/folder-${(copies += 1)}`;
  const files = Object.fromEntries(names.map((name, at) => [name, contents[at]]));
  const put = file => add(files[file], { 'content-type': types[file.split('.').pop()] }, `${folder}/${file}`);
  for (const file of Object.keys(files)) if (file !== broken) put(file);
  if (answer === 'another build') {
    // The name of a section, or of a global, says which build it is.
    const named = /(?<=wx-soter )[0-9a-f](?=[0-9a-f]{7})/;
    const text = files[broken].toString('latin1');
    const other = Buffer.from(
      text.replace(named, digit => (digit === '0' ? '1' : '0')),
      'latin1',
    );
    add(other, { 'content-type': types[broken.split('.').pop()] }, `${folder}/${broken}`);
  } else if (answer) add(answer.content, { 'content-type': answer.type }, `${folder}/${broken}`);
  return { at: file => `${folder}/${file}`, mend: () => put(broken) };
};
let copies = 0;

test('the next script finds the calls and all exports of the main entry', async t => {
  const look = addScript('globalThis.seen = { wx: Object.keys(wx), exports: Object.keys(WxSoter) }');
  const { page, pageErrors } = await openChromium(t, addLoaderPage({ head: `<script src="${look}"></script>` }));
  const seen = await page.evaluate(() => globalThis.seen);
  assert.deepEqual(seen.wx.sort(), [...CALLS, 'canIUse'].sort());
  const main = await import(new URL('../../pkg/dist/index.js', import.meta.url));
  assert.deepEqual(seen.exports.sort(), Object.keys(main).sort());
  assert.deepEqual(pageErrors, []);
});

test('attributes are settings, and the dialog is the same', async t => {
  const authenticator = { automaticPresenceSimulation: false };
  const { page } = await openChromium(t, addLoaderPage({ attributes: 'data-lang="zh-CN"' }), { authenticator });
  await page.evaluate(() => void wx.startSoterAuthentication({ challenge: 'c' }).catch(() => {}));
  await page.getByRole('dialog', { name: '请验证身份' }).waitFor();
});

test('before the module is there canIUse knows the calls and no more', async t => {
  const { page } = await openChromium(t, addBusyPage());
  const seen = await page.evaluate(() =>
    ['startSoterAuthentication', 'startSoterAuthentication.object.challenge', 'request'].map(wx.canIUse),
  );
  assert.deepEqual(seen, [true, false, false]);
});

test('init fetches ahead, and from elsewhere', async t => {
  const elsewhere = add(await dist('core.wasm'), { 'content-type': 'text/plain' });
  for (const [given, wanted] of [
    [undefined, FILES],
    [elsewhere, FILES.slice(0, 1)],
  ]) {
    const { page } = await openChromium(t, addBusyPage());
    await page.evaluate(given => WxSoter.init(given), given);
    assert.equal(await page.evaluate(() => wx.canIUse('startSoterAuthentication.object.challenge')), true);
    assert.deepEqual(await page.evaluate(fetched), wanted);
  }
});

test('a trap in the module settles the call, and the next call works', async t => {
  const { page, settle } = await openChromium(t, addLoaderPage());
  await settle('checkIsSupportSoterAuthentication');
  const { result } = await page.evaluate(() => {
    const { decode } = TextDecoder.prototype;
    TextDecoder.prototype.decode = () => {
      TextDecoder.prototype.decode = decode;
      throw new Error('decode is broken');
    };
    return settle(wx.startSoterAuthentication({ challenge: 'c' }));
  });
  assert.deepEqual([result.errCode, result.reason], [90007, 'internal']);
  assert.match(result.detail, /decode is broken/);
  assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0);
});

test('of two scripts the first is the one, and a loader that is the second fetches nothing', async t => {
  const { page } = await openChromium(t, addPage({ head: `<script src="/pkg/dist/wx-soter.global.js"></script>${loader()}` }));
  await page.evaluate(() => new Promise(idle => setTimeout(idle, 1000)));
  assert.deepEqual(await page.evaluate(fetched), []);
});
