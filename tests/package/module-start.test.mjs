// How the module starts: embedded or given, synchronously or not, or not at all.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { add, addPage, addScript, tag, usesWasm } from './site.mjs';
import { THROWN, throwsAlways } from './throws-always.mjs';

/** Chromium before 115 refuses synchronous work on modules over 4 KB in the main thread. */
const old = () => {
  const small = new WeakSet();
  const refuse = (name, target) =>
    new Proxy(target, {
      construct: (target, [given, imports]) => {
        const isSmall = name === 'Instance' ? small.has(given) : given.byteLength <= 4096;
        if (!isSmall) throw new RangeError(`WebAssembly.${name} is disallowed on the main thread`);
        const made = new target(given, imports);
        small.add(made);
        return made;
      },
    });
  WebAssembly.Module = refuse('Module', WebAssembly.Module);
  WebAssembly.Instance = refuse('Instance', WebAssembly.Instance);
};

const slim = body =>
  addPage({
    head: `<script type="module">import * as slim from '/pkg/dist/slim.js'; globalThis.slim = slim; globalThis.wx = slim.wx;</script>`,
    body,
  });

test('where WebAssembly compiles only asynchronously, calls before, while and after it starts all settle', async t => {
  const { page } = await open(t, addPage(), { prepare: old });
  const ended = await page.evaluate(async () => {
    const canIUse = wx.canIUse('startSoterAuthentication');
    const calls = [record(wx, 'startSoterAuthentication', { challenge: 'before' })];
    calls.push(settle(wx.checkIsSupportSoterAuthentication()));
    await Promise.resolve();
    calls.push(record(wx, 'checkIsSoterEnrolledInDevice'));
    calls.push(settle(wx.checkIsSoterEnrolledInDevice()));
    const first = await Promise.all(calls);
    return { canIUse, all: [...first, await settle(wx.startSoterAuthentication({ challenge: 'after' }))] };
  });
  assert.equal(ended.canIUse, true);
  assert.deepEqual(
    ended.all.map(({ result }) => result.errCode),
    [0, 0, 0, 0, 0],
  );
  assert.deepEqual(ended.all[0].events, ['returned a promise', 'success', 'complete', 'resolved']);
  assert.deepEqual(
    [0, 4].map(at => JSON.parse(ended.all[at].result.resultJSON).raw),
    ['before', 'after'],
  );
});

test('a page’s WebAssembly that throws something that is not an Error settles each call', { skip: !usesWasm }, async t => {
  for (const thrown of THROWN) {
    const { page, pageErrors } = await open(t, addPage(), { prepare: throwsAlways(thrown) });
    const ended = await page.evaluate(async () => [
      await record(wx, 'startSoterAuthentication'),
      await record(wx, 'checkIsSupportSoterAuthentication'),
    ]);
    for (const { events, result } of ended) {
      assert.deepEqual(events, ['returned a promise', 'fail', 'complete', 'rejected'], thrown);
      assert.deepEqual([result.errCode, result.reason], [90007, 'webassembly-blocked'], thrown);
      assert.match(result.detail, /WebAssembly is blocked \(.+\); if a Content-Security-Policy/, thrown);
    }
    assert.equal(await page.evaluate(() => wx.canIUse('startSoterAuthentication')), false, thrown);
    assert.deepEqual(pageErrors, [], thrown);
  }
});

test('a page’s promise of the module that rejects with something that is not an Error settles each call', async t => {
  const { page, pageErrors } = await open(t, slim());
  for (const thrown of THROWN) {
    const told = await page.evaluate(async thrown => {
      // Each is made anew: one that is thrown twice might be remembered.
      const rejected = Promise.reject(new Function(`return ${thrown}`)());
      const init = await slim.init(rejected).then(
        () => 'fine',
        error => (error instanceof Error ? 'an Error' : 'none'),
      );
      const call = await record(wx, 'startSoterAuthentication');
      return { init, events: call.events, reason: call.result.reason, detail: typeof call.result.detail };
    }, thrown);
    const events = ['returned a promise', 'fail', 'complete', 'rejected'];
    assert.deepEqual(told, { init: 'an Error', events, reason: 'internal', detail: 'string' }, thrown);
  }
  assert.deepEqual(pageErrors, []);
});

/** Errors of another realm are no instances of this one's classes. */
const elsewhere = `
  const frame = document.createElement('iframe');
  document.documentElement.append(frame);
  const { RangeError, TypeError } = frame.contentWindow;`;
const ELSEWHERE = [
  [
    'a RangeError has the module compiled asynchronously',
    `WebAssembly.Module = new Proxy(WebAssembly.Module, { construct() { throw new RangeError('not in the main thread'); } });`,
    [0, undefined],
  ],
  [
    'one over an instance has it made asynchronously',
    `WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct() { throw new RangeError('not in the main thread'); } });`,
    [0, undefined],
  ],
  [
    'a TypeError is told as it is',
    `WebAssembly.Module = new Proxy(WebAssembly.Module, { construct() { throw new TypeError('what came is none'); } });
    WebAssembly.compile = async () => { throw new TypeError('what came is none'); };`,
    [90007, 'internal', /what came is none/],
  ],
];
for (const [what, code, [errCode, reason, detail]] of ELSEWHERE) {
  test(`where WebAssembly throws errors of another realm, ${what}`, { skip: !usesWasm }, async t => {
    const { settle } = await open(t, addPage({ head: `<script src="${addScript(elsewhere + code)}"></script>${tag()}` }));
    const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
    assert.deepEqual([result.errCode, result.reason], [errCode, reason]);
    if (detail) assert.match(result.detail, detail);
  });
}

test('options are read once, at the call, even while the module starts', async t => {
  for (const prepare of [old, undefined]) {
    const { page } = await open(t, addPage(), { prepare });
    const seen = await page.evaluate(async () => {
      const ran = [];
      let reads = 0;
      const modes = ['facial'];
      const options = {
        get challenge() {
          reads += 1;
          return `challenge ${reads}`;
        },
        requestAuthModes: modes,
        success: () => ran.push('success at the call'),
        fail: () => ran.push('fail'),
      };
      const result = await new Promise(resolve => {
        options.complete = resolve;
        wx.startSoterAuthentication(options);
        options.success = () => ran.push('changed later');
        options.complete = () => ran.push('changed later');
        modes[0] = 'speech';
      });
      return { ran, reads, raw: JSON.parse(result.resultJSON).raw, mode: result.authMode };
    });
    assert.deepEqual(seen, { ran: ['success at the call'], reads: 1, raw: 'challenge 1', mode: 'facial' });
  }
});

test('a getter that throws takes no call down', async t => {
  for (const prepare of [old, undefined]) {
    const { page } = await open(t, addPage(), { prepare });
    const seen = await page.evaluate(async () => {
      const thrower = key =>
        Object.defineProperty({}, key, {
          enumerable: true,
          get: () => {
            throw new Error('getter');
          },
        });
      const challenge = await settle(wx.startSoterAuthentication(thrower('challenge')));
      let completed;
      const done = new Promise(resolve => (completed = resolve));
      wx.startSoterAuthentication(
        Object.defineProperty({ complete: completed }, 'success', {
          get: () => {
            throw new Error('getter');
          },
        }),
      );
      await Promise.race([done, new Promise(resolve => setTimeout(resolve, 1000, 'never'))]).then(how => (completed = how));
      const after = await settle(wx.startSoterAuthentication());
      return { challenge: typeof challenge.result.errCode, completed: typeof completed, after: after.result.errCode };
    });
    assert.deepEqual(seen, { challenge: 'number', completed: 'object', after: 0 }, prepare ? 'while it starts' : 'when it runs');
  }
});

test('options that cannot be looked at settle the call while the module starts', async t => {
  for (const prepare of [old, undefined]) {
    const { page } = await open(t, addPage(), { prepare });
    const seen = await page.evaluate(async () => {
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      const unreadable = [wx.startSoterAuthentication(proxy), wx.startSoterAuthentication({ challenge: proxy })];
      const ended = await Promise.all(unreadable.map(call => settle(call)));
      ended.push(await settle(wx.startSoterAuthentication({ challenge: 'c' })));
      return ended.map(({ result }) => result.errCode);
    });
    // Nothing is asked for less than the page asked for.
    assert.deepEqual(seen, [90003, 90004, 0]);
  }
});

test('a call that had to wait for the module has no more time for that', async t => {
  const { page, tell } = await open(t, slim(), { authenticator: { automaticPresenceSimulation: false } });
  const seen = await page.evaluate(async () => {
    const bytes = await (await fetch('/pkg/dist/core.wasm')).arrayBuffer();
    const { setTimeout } = globalThis;
    const timers = [];
    globalThis.setTimeout = (...given) => (timers.push(given[1]), setTimeout(...given));
    let asked = 0;
    const { create } = navigator.credentials;
    navigator.credentials.create = options => (asked++, create.call(navigator.credentials, options));
    slim.init(new Promise(resolve => setTimeout(resolve, 300, bytes)));
    const { result } = await settle(slim.createWx({ timeout: 2500 }).startSoterAuthentication({ challenge: 'c' }));
    globalThis.setTimeout = setTimeout;
    return { reason: result.reason, asked, timers: timers.filter(ms => ms === 2500).length };
  });
  assert.deepEqual(seen, { reason: 'timeout', asked: 1, timers: 1 });
  await tell('setAutomaticPresenceSimulation', { enabled: true });
  const { result } = await page.evaluate(() => settle(slim.wx.startSoterAuthentication({ challenge: 'c' })));
  assert.equal(result.errCode, 0, 'the next call works');
});

test('without WebAssembly every call fails with 90007, and nothing throws', { skip: !usesWasm }, async t => {
  const prepare = () => delete globalThis.WebAssembly;
  const { page, settle, record, pageErrors } = await open(t, addPage(), { prepare });
  for (const api of ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice']) {
    const { succeeded, result } = await settle(api);
    assert.deepEqual([succeeded, result.errCode, result.reason], [false, 90007, 'webassembly-blocked']);
    assert.match(
      result.detail,
      /(WebAssembly is not defined|Can't find variable: WebAssembly).*if a Content-Security-Policy.*wx-soter\.no-wasm\.js/,
    );
    assert.deepEqual((await record(api)).events, ['returned a promise', 'fail', 'complete', 'rejected']);
  }
  assert.equal(await page.evaluate(() => wx.canIUse('startSoterAuthentication')), false);
  assert.deepEqual(pageErrors, []);
});

const SOURCES = {
  'an address': () => slim.init('/pkg/dist/core.wasm'),
  'a URL': () => slim.init(new URL('/pkg/dist/core.wasm', location.href)),
  'a Response': async () => slim.init(await fetch('/pkg/dist/core.wasm')),
  'a promise of a Response': () => slim.init(fetch('/pkg/dist/core.wasm')),
  'an ArrayBuffer': async () => slim.init(await (await fetch('/pkg/dist/core.wasm')).arrayBuffer()),
  bytes: async () => slim.init(new Uint8Array(await (await fetch('/pkg/dist/core.wasm')).arrayBuffer())),
  'a module': async () => slim.init(await WebAssembly.compileStreaming(fetch('/pkg/dist/core.wasm'))),
};
test('slim takes the module from whatever has it', async t => {
  const { page, settle } = await open(t, slim());
  for (const [name, init] of Object.entries(SOURCES)) {
    await page.reload();
    await page.evaluate(init);
    assert.equal((await settle('startSoterAuthentication', { challenge: 'c' })).result.errCode, 0, name);
  }
});

test('slim: a call before init says so, a call during init waits', async t => {
  const { page, settle } = await open(t, slim());
  const early = await settle('startSoterAuthentication');
  assert.deepEqual([early.result.errCode, early.result.reason], [90007, 'internal']);
  assert.match(early.result.detail, /init\(source\)/);
  const during = await page.evaluate(() => {
    slim.init('/pkg/dist/core.wasm');
    return settle(wx.startSoterAuthentication({ challenge: 'c' }));
  });
  assert.equal(during.result.errCode, 0);
});

test('slim: a wrong source is told to who gave it and to each call, and a right one mends it', async t => {
  const { page, settle, pageErrors } = await open(t, slim());
  const page404 = '/nothing.wasm';
  const html = add('<!doctype html>not a module', { 'content-type': 'text/html' });
  for (const [source, pattern] of [
    [page404, /404/],
    [html, /not a WebAssembly module/],
  ]) {
    const told = await page.evaluate(source => slim.init(source).then(() => 'fine', String), source);
    assert.match(told, pattern);
    const { result } = await settle('checkIsSupportSoterAuthentication');
    assert.deepEqual([result.errCode, result.reason], [90007, 'internal']);
    assert.match(result.detail, pattern);
  }
  await page.evaluate(() => slim.init('/pkg/dist/core.wasm'));
  assert.equal((await settle('startSoterAuthentication')).result.errCode, 0);
  assert.deepEqual(
    pageErrors.filter(text => !/404/.test(text)),
    [],
  );
});

test('a module of another build is refused with plain words, whatever it imports', async t => {
  const { page, settle } = await open(t, slim());
  const told = await page.evaluate(async () => {
    const bytes = new Uint8Array(await (await fetch('/pkg/dist/core.wasm')).arrayBuffer());
    // The name of a section says which build it is.
    const at = new TextDecoder('latin1').decode(bytes).lastIndexOf('wx-soter ');
    bytes[at + 'wx-soter '.length] ^= 1;
    return slim.init(bytes).then(() => 'fine', String);
  });
  assert.match(told, /another build/);
  const { result } = await settle('startSoterAuthentication', { challenge: 'c' });
  assert.deepEqual([result.errCode, result.reason], [90007, 'internal']);
  assert.match(result.detail, /another build/);
});

const dist = file => readFile(new URL(`../../pkg/dist/${file}`, import.meta.url));

test('the module that is served is the one that is embedded', async () => {
  const text = (await dist('core.wasm')).toString('hex');
  // The bundler breaks long lines, also within texts.
  const read = async file => (await dist(file)).toString().replaceAll('\\\n', '');
  assert.ok((await read('wx-soter.global.js')).includes(text));
  assert.ok((await read('index.js')).includes(text));
  assert.ok(!(await dist('slim.js')).includes(text.slice(0, 1000)));
});

/** Keeps what a module is made of. */
const keepGiven = () => {
  const { Module } = WebAssembly;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [given]) {
      globalThis.given = given;
      return new target(given);
    },
  });
};

const keepGivenWithoutFromHex = () => {
  delete Uint8Array.fromHex;
  const { Module } = WebAssembly;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [given]) {
      globalThis.given = given;
      return new target(given);
    },
  });
};

test('every byte of it is read, with and without fromHex', { skip: !usesWasm }, async t => {
  for (const prepare of [keepGiven, keepGivenWithoutFromHex]) {
    const { page, settle } = await open(t, addPage(), { prepare });
    await settle('checkIsSupportSoterAuthentication');
    const given = await page.evaluate(() => Array.from(new Uint8Array(globalThis.given)));
    assert.ok((await dist('core.wasm')).equals(Buffer.from(given)), prepare.name);
  }
});
