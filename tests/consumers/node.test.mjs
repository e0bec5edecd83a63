// The package in Node.js, where no call can succeed and nothing may break.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { node, write } from './installed.mjs';

// Makes a program fail that touches a global which the package must leave alone, and tells what it added.
await write(
  'traps.cjs',
  `const trap = (name) =>
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => { throw new Error('touched ' + name) },
  })
for (const name of ['WebAssembly', 'window', 'document', 'navigator', 'localStorage', 'crypto', 'fetch']) trap(name)
globalThis.known = Reflect.ownKeys(globalThis)
globalThis.added = () => Reflect.ownKeys(globalThis).filter((key) => !known.includes(key) && !['known', 'added'].includes(key))`,
);

const EXPORTS = ['canIUse', 'configure', 'createWx', 'forgetKey', 'init', 'install', 'toAuthenticationResponse', 'wx'];

const ENTRIES = {
  'wx-soter': EXPORTS,
  'wx-soter/slim': EXPORTS,
  'wx-soter/no-wasm': EXPORTS,
  'wx-soter/emulator': ['createEmulator'],
  'wx-soter/server': ['VerificationError', 'verifyAssertion', 'verifyRegistration', 'verifyResult'],
};

const LOADERS = {
  import: { extension: 'mjs', traps: "import './traps.cjs'", load: entry => `await import('${entry}')` },
  require: { extension: 'cjs', traps: "require('./traps.cjs')", load: entry => `require('${entry}')` },
};

/** Runs a program, and resolves with what it printed, as JSON. */
const run = async (name, program) => {
  const { stdout, stderr } = await node(await write(name, program));
  assert.equal(stderr, '');
  return JSON.parse(stdout);
};

for (const [how, { extension, traps, load }] of Object.entries(LOADERS)) {
  for (const [entry, exports] of Object.entries(ENTRIES)) {
    test(`${how} of ${entry} touches nothing global, and no WebAssembly`, async () => {
      const program = `${traps}
      const all = ${load(entry)}
      console.log(JSON.stringify({ exports: Object.keys(all).sort(), added: added() }))`;
      const name = `touch-${entry.replace('/', '-')}.${extension}`;
      assert.deepEqual(await run(name, program), { exports, added: [] });
    });
  }

  test(`${how} of wx-soter/auto adds wx, and touches nothing else`, async () => {
    const program = `${traps}
    ${load('wx-soter/auto')}
    console.log(JSON.stringify({ added: added(), methods: Object.keys(wx).sort() }))`;
    assert.deepEqual(await run(`touch-auto.${extension}`, program), {
      added: ['wx'],
      methods: ['canIUse', 'checkIsSoterEnrolledInDevice', 'checkIsSupportSoterAuthentication', 'startSoterAuthentication'],
    });
  });

  test(`${how}: every call fails with no-webauthn, by promise and by callbacks`, async () => {
    const program = `const { wx } = ${load('wx-soter')}
    const calls = Object.keys(wx).filter((name) => name !== 'canIUse')
    const byPromise = (name) => wx[name]().then(() => 'succeeded', (error) => [error instanceof Error, error.message, { ...error }])
    const byCallbacks = async (name) => {
      const events = []
      const results = []
      const note = (event) => (result) => {
        events.push(event)
        results.push(result)
      }
      const returned = wx[name]({ success: note('success'), fail: note('fail'), complete: note('complete') })
      events.push('returned ' + returned)
      const error = await Promise.resolve(returned).catch((error) => error)
      events.push(error instanceof Error ? 'rejected' : 'resolved')
      return { events, same: results[0] === results[1], result: { ...error } }
    }
    const answers = async () => {
      const all = {}
      for (const name of calls) all[name] = [await byPromise(name), await byCallbacks(name)]
      console.log(JSON.stringify(all))
    }
    answers()`;
    const detail = 'there is no WebAuthn here (no browser, a worker, an in-app browser): offer another way to log in';
    const fail = (errMsg, fields) => {
      const result = { errMsg, errCode: 90001, reason: 'no-webauthn', detail, ...fields };
      return [
        [true, errMsg, result],
        { events: ['returned [object Promise]', 'fail', 'complete', 'rejected'], same: true, result },
      ];
    };
    const empty = { authMode: '', resultJSON: '', resultJSONSignature: '' };
    assert.deepEqual(await run(`calls.${extension}`, program), {
      startSoterAuthentication: fail('startSoterAuthentication:fail not support soter', empty),
      checkIsSupportSoterAuthentication: fail('checkIsSupportSoterAuthentication:fail not support', { supportMode: [] }),
      checkIsSoterEnrolledInDevice: fail('checkIsSoterEnrolledInDevice:fail not support', { isEnrolled: false }),
    });
  });

  test(`${how}: a rejection that nobody looks at ends the program only where there is no callback`, async () => {
    const name = `unhandled.${extension}`;
    const program = complete => `const { wx } = ${load('wx-soter')}
    const tell = () => setTimeout(() => console.log('"still there"'))
    wx.startSoterAuthentication({ complete: ${complete} })`;
    assert.equal(await run(name, program('tell')), 'still there');
    await assert.rejects(run(name, program('undefined')), /fail not support soter/);
  });

  test(`${how}: wrong settings are refused where they are given`, async () => {
    const program = `const { createWx, install } = ${load('wx-soter')}
    const told = (action) => { try { action() } catch (error) { return [error.name, error.message] } }
    console.log(JSON.stringify([told(() => createWx({ timout: 1 })), told(() => install({}, { timeout: 'soon' }))]))`;
    assert.deepEqual(await run(`settings.${extension}`, program), [
      ['TypeError', 'createWx: there is no setting timout; did you mean timeout?'],
      ['TypeError', 'install: timeout should be a number of milliseconds, at least 1'],
    ]);
  });

  test(`${how}: what nobody catches ends a pipe with its own words`, async () => {
    const last = async (entry, words, program) => {
      const { stderr } = await run(`uncaught.${extension}`, `const it = ${load(entry)}; ${program}`).then(
        () => assert.fail('it ended well'),
        error => error,
      );
      // Services that keep logs cut them; Node prints the whole line that throws before the words.
      assert.ok(stderr.length < 32 * 1024, `${entry}: ${stderr.length} characters`);
      assert.match(stderr.slice(-2000), words, entry);
    };
    await last(
      'wx-soter',
      /TypeError: configure: there is no setting timout; did you mean timeout\?/,
      'it.configure({ timout: 1 })',
    );
    await last('wx-soter', /Error: startSoterAuthentication:fail not support soter/, 'it.wx.startSoterAuthentication()');
    await last('wx-soter/emulator', /TypeError: createEmulator: user should be/, "it.createEmulator({ user: 'acept' })");
    const expected = "{ challenge: 'c', origin: 'https://shop.example', rpId: 'shop.example', key: [] }";
    await last('wx-soter/server', /VerificationError\]?: resultJSON is no text/, `it.verifyResult({}, ${expected})`);
  });

  test(`${how}: a module that does not come fails each call, whatever its promise rejects with`, async () => {
    const program = `const run = async ({ init, wx }) => {
      const ended = []
      for (const why of [undefined, null, 'no', { reason: 1 }, new Error('404')]) {
        const first = wx.startSoterAuthentication()
        first.catch(() => {})
        init(Promise.reject(why)).catch(() => {})
        const { errCode, reason, detail } = await wx.startSoterAuthentication().catch(error => error)
        ended.push([errCode, reason, typeof detail])
      }
      console.log(JSON.stringify(ended))
    }
    run(${load('wx-soter/slim')})`;
    assert.deepEqual(await run(`rejected.${extension}`, program), Array(5).fill([90007, 'internal', 'string']));
  });

  test(`${how}: the slim entry takes the module's bytes`, async () => {
    const program = `${extension === 'mjs' ? "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" : ''}
    const { readFileSync } = require('node:fs')
    const run = async ({ init, wx }) => {
      const before = await wx.startSoterAuthentication().catch(({ reason, detail }) => ({ reason, detail }))
      await init(readFileSync(require.resolve('wx-soter/core.wasm')))
      const after = await wx.startSoterAuthentication().catch(({ reason }) => reason)
      console.log(JSON.stringify({ before, after }))
    }
    run(${load('wx-soter/slim')})`;
    const { before, after } = await run(`slim.${extension}`, program);
    assert.equal(before.reason, 'internal');
    assert.match(before.detail, /init\(source\) first, with core\.wasm: in Vite/);
    assert.equal(after, 'no-webauthn');
  });
}

test('files that are no entries cannot be imported', async () => {
  for (const entry of ['wx-soter/dist/index.js', 'wx-soter/dist/wx-soter.global.js', 'wx-soter/lib/module.js']) {
    await assert.rejects(node('--eval', `require('${entry}')`), /ERR_PACKAGE_PATH_NOT_EXPORTED/, entry);
  }
});
