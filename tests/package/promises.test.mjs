// Every call returns a promise, callbacks or not, so that who awaits it goes on after a success alone; and a callback that is
// none is a bad parameter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, usesWasm } from './site.mjs';

const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];

/** Chromium before 115 compiles only asynchronously; this one refuses everything synchronous. */
const starting = () => {
  const refuse = name => {
    WebAssembly[name] = new Proxy(WebAssembly[name], {
      construct: (target, [given, imports]) => {
        // The small one reads the text of the large one.
        if (name === 'Module' ? given.byteLength < 4096 : !imports) return new target(given, imports);
        throw new RangeError(`WebAssembly.${name} is disallowed on the main thread`);
      },
    });
  };
  refuse('Module');
  refuse('Instance');
};

/** Has the instance break at the first call, which is settled by then. */
const breakModule = page =>
  page.evaluate(async () => {
    await wx.checkIsSupportSoterAuthentication().catch(() => {});
    const { encode } = TextEncoder.prototype;
    TextEncoder.prototype.encode = () => {
      TextEncoder.prototype.encode = encode;
      throw new Error('encode is broken');
    };
    await wx.startSoterAuthentication({ challenge: 'c' }).catch(() => {});
  });

const NOBODY = { authenticator: null };

/** Each state that the module may be in at a call: how a page gets there. */
const STATES = {
  'before the module runs': (t, options) => open(t, addPage(), options),
  'while the module starts': (t, options) => open(t, addPage(), { ...options, prepare: starting }),
  'when the module runs': async (t, options) => {
    const opened = await open(t, addPage(), options);
    await opened.settle('checkIsSupportSoterAuthentication');
    return opened;
  },
  'after the module broke': async (t, options) => {
    const opened = await open(t, addPage(), options);
    await breakModule(opened.page);
    return opened;
  },
  'where a policy blocks the module': (t, options) =>
    open(t, addPage({ headers: { 'content-security-policy': "default-src 'none'; script-src 'self'" } }), options),
  'where there is no WebAssembly': (t, options) =>
    open(t, addPage(), { ...options, prepare: () => delete globalThis.WebAssembly }),
};

for (const [state, reach] of Object.entries(STATES)) {
  test(`code that awaits a call with callbacks stops where nobody was verified, ${state}`, async t => {
    const { page } = await reach(t, NOBODY);
    const states = await page.evaluate(async () => {
      const pay = async (host, callbacks) => {
        let state = 'waiting';
        try {
          await host.startSoterAuthentication({ challenge: 'c', ...callbacks });
          state = 'PAID';
        } catch (error) {
          if (error instanceof Error && error.errCode && error.message === error.errMsg) state = 'refused';
        }
        return state;
      };
      const host = WxSoter.install({});
      const nothing = () => {};
      return Promise.all(
        [wx, host, WxSoter.createWx({ lang: 'en' })].flatMap(each => [
          pay(each, { complete: nothing }),
          pay(each, { success: nothing }),
          pay(each, { fail: nothing }),
          pay(each, { complete: undefined }),
          pay(each, { success: null, fail: undefined, complete: null }),
          pay(each, {}),
        ]),
      );
    });
    assert.deepEqual(states, Array(18).fill('refused'));
  });

  test(`callbacks and promise get the same, once and in this order, ${state}`, async t => {
    const { record } = await reach(t, NOBODY);
    for (const api of CALLS) {
      const { events, same } = await record(api);
      assert.deepEqual([api, events, same], [api, ['returned a promise', 'fail', 'complete', 'rejected'], true]);
    }
  });
}

test('a success is awaited with callbacks, too', async t => {
  const { page, record } = await open(t, addPage());
  for (const api of CALLS) {
    const { events, same } = await record(api);
    assert.deepEqual([api, events, same], [api, ['returned a promise', 'success', 'complete', 'resolved'], true]);
  }
  const { errCode } = await page.evaluate(() => wx.startSoterAuthentication({ challenge: 'c', complete() {} }));
  assert.equal(errCode, 0);
});

test('a rejection that nobody looks at is no unhandled one where there is a callback, and one where there is none', async t => {
  const { page } = await open(t, addPage(), NOBODY);
  const unhandled = await page.evaluate(
    () =>
      new Promise(resolve => {
        const unhandled = [];
        addEventListener('unhandledrejection', event => {
          event.preventDefault();
          unhandled.push(event.reason.errMsg);
          // That of the last call, which takes longest.
          if (event.reason.errCode === 90001) resolve(unhandled);
        });
        const nothing = () => {};
        // Each fails for an authContent of another type, by which it is told from the others.
        wx.startSoterAuthentication({ authContent: 1, success: nothing });
        wx.startSoterAuthentication({ authContent: true, fail: nothing });
        wx.startSoterAuthentication({ authContent: [], complete: nothing });
        wx.startSoterAuthentication({ authContent: {}, success: 'callback_1', complete: nothing });
        wx.startSoterAuthentication({ authContent: null, success: undefined, complete: null });
        wx.startSoterAuthentication({ authContent: new Map() });
        wx.startSoterAuthentication({ success: 'callback_1' });
        wx.startSoterAuthentication();
      }),
  );
  const mistyped = what => `startSoterAuthentication:fail parameter error: parameter.${what};`;
  assert.deepEqual(unhandled, [
    mistyped('authContent should be String instead of Null'),
    mistyped('authContent should be String instead of Map'),
    mistyped('success should be Function instead of String'),
    'startSoterAuthentication:fail not support soter',
  ]);
});

test('a callback that throws changes nothing of the promise', async t => {
  const { page } = await open(t, addPage());
  const { result } = await page.evaluate(() => {
    globalThis.reportError = () => {};
    const thrower = () => {
      throw new Error('mine');
    };
    return settle(wx.startSoterAuthentication({ success: thrower, complete: thrower }));
  });
  assert.equal(result.errCode, 0);
});

for (const [state, prepare] of [
  ['when the module runs', undefined],
  ['while the module starts', starting],
]) {
  test(`a callback that is none is a bad parameter, before anything is asked, ${state}`, async t => {
    const { page, tell } = await open(t, addPage(), { prepare });
    const seen = await page.evaluate(async calls => {
      const asked = [];
      for (const method of ['create', 'get']) navigator.credentials[method] = () => asked.push(method);
      let prompts = 0;
      const ours = WxSoter.createWx({ prompt: () => void prompts++, onKeyCreated: () => asked.push('onKeyCreated') });
      const bad = [
        ['callback_1', 'String'],
        [7, 'Number'],
        [true, 'Boolean'],
        [{}, 'Object'],
        [[], 'Array'],
        [Symbol('s'), 'Symbol'],
        ['', 'String'],
        [0, 'Number'],
        [false, 'Boolean'],
      ];
      const rows = [];
      for (const api of calls) {
        for (const name of ['success', 'fail', 'complete']) {
          for (const [value, type] of bad) {
            const events = [];
            const note =
              name =>
              ({ errMsg }) =>
                void events.push(`${name} ${errMsg.split(' error: ')[1]}`);
            const options = { success: note('success'), fail: note('fail'), complete: note('complete'), [name]: value };
            const { succeeded, isError, result } = await settle(ours[api](options));
            const words = `parameter.${name} should be Function instead of ${type};`;
            const ran = ['fail', 'complete'].filter(other => other !== name).map(other => `${other} ${words}`);
            const wanted = [false, true, 90003, 'bad-parameter', `${api}:fail parameter error: ${words}`, ran];
            const got = [succeeded, isError, result.errCode, result.reason, result.errMsg, events];
            if (JSON.stringify(got) !== JSON.stringify(wanted)) rows.push({ wanted, got });
          }
        }
      }
      return { rows, asked, prompts, kept: Object.keys(localStorage) };
    }, CALLS);
    assert.deepEqual(seen, { rows: [], asked: [], prompts: 0, kept: [] });
    assert.equal((await tell('getCredentials')).credentials.length, 0);
  });
}

test('what is wrong with callbacks is said after what is wrong with options, and leaves an open call alone', async t => {
  const { page, tell } = await open(t, addPage(), { authenticator: { automaticPresenceSimulation: false } });
  const seen = await page.evaluate(async () => {
    const first = settle(wx.startSoterAuthentication({ challenge: 'c' }));
    const second = await settle(wx.startSoterAuthentication({ challenge: 1, success: 2, complete: 'x' }));
    return [second.result.errCode, second.result.errMsg, await Promise.race([first, 'still open'])];
  });
  assert.deepEqual(seen, [
    90004,
    'startSoterAuthentication:fail parameter error: parameter.challenge should be String instead of Number;' +
      'parameter.success should be Function instead of Number;parameter.complete should be Function instead of String;',
    'still open',
  ]);
  await tell('setAutomaticPresenceSimulation', { enabled: true });
});

test('callbacks are read once, and what throws when it is read is not there', async t => {
  for (const prepare of [undefined, starting]) {
    const { page } = await open(t, addPage(), { prepare });
    const seen = await page.evaluate(async () => {
      const reads = { success: 0, fail: 0, complete: 0 };
      const options = {};
      for (const name of Object.keys(reads)) {
        Object.defineProperty(options, name, {
          get() {
            reads[name] += 1;
            if (name === 'fail') throw new Error('getter');
            // A function at first, and an id when somebody looks again.
            return reads[name] === 1 ? () => {} : 'callback_1';
          },
        });
      }
      const { result } = await settle(wx.startSoterAuthentication(options));
      return { reads, errCode: result.errCode };
    });
    assert.deepEqual(seen, { reads: { success: 1, fail: 1, complete: 1 }, errCode: 0 });
  }
});

test('where the module cannot start, a callback that is none makes it no other failure', { skip: !usesWasm }, async t => {
  const { page } = await STATES['where a policy blocks the module'](t);
  const { events, result } = await page.evaluate(async () => {
    const events = [];
    const { result } = await settle(wx.startSoterAuthentication({ success: 'id', fail: ({ reason }) => events.push(reason) }));
    return { events, result };
  });
  assert.deepEqual([result.errCode, result.reason, events], [90007, 'webassembly-blocked', ['webassembly-blocked']]);
});
