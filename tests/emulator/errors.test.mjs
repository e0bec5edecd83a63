// Every row of the error table can be driven.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator, failure, row } from './device.mjs';

const start = { challenge: 'c' };
const NOT_SUPPORTED = 'fail not support soter';

/** The name of the row, the settings, the options, and what comes. */
const ROWS = [
  ['an insecure page', { origin: 'http://shop.example' }, start, [90001, 'insecure-context', NOT_SUPPORTED]],
  ['an insecure page, by name', { user: 'insecure-context' }, start, [90001, 'insecure-context', NOT_SUPPORTED]],
  ['no WebAuthn', { user: 'no-webauthn' }, start, [90001, 'no-webauthn', NOT_SUPPORTED]],
  ['an IP address', { origin: 'https://127.0.0.1' }, start, [90001, 'invalid-host', NOT_SUPPORTED]],
  ['an invalid host, by name', { user: 'invalid-host' }, start, [90001, 'invalid-host', NOT_SUPPORTED]],
  ['a policy', { user: 'blocked-by-policy' }, start, [90001, 'blocked-by-policy', NOT_SUPPORTED]],
  ['an unsupported device', { supportMode: [] }, start, [90001, 'no-platform-authenticator', NOT_SUPPORTED]],
  [
    'a mode that is not supported',
    {},
    { requestAuthModes: ['speech'] },
    [90003, 'mode-not-supported', 'fail no corresponding mode'],
  ],
  ['an empty challenge', {}, { challenge: '' }, [90004, 'bad-challenge', 'fail invalid challenge']],
  ['a long challenge', {}, { challenge: 'c'.repeat(513) }, [90004, 'bad-challenge', 'fail invalid challenge']],
  ['a long authContent', {}, { authContent: 'c'.repeat(43) }, [90005, 'bad-auth-content', 'fail invalid authContent']],
  [
    'modes of the wrong type',
    {},
    { requestAuthModes: 'facial' },
    [90003, 'bad-parameter', 'fail parameter error: parameter.requestAuthModes should be Array instead of String;'],
  ],
  [
    'a challenge of the wrong type',
    {},
    { challenge: 7 },
    [90004, 'bad-parameter', 'fail parameter error: parameter.challenge should be String instead of Number;'],
  ],
  [
    'an authContent of the wrong type',
    {},
    { authContent: null },
    [90005, 'bad-parameter', 'fail parameter error: parameter.authContent should be String instead of Null;'],
  ],
  [
    'a refused key',
    { onKeyCreated: () => Promise.reject(new Error('no')) },
    start,
    [90007, 'enrolment-refused', 'fail auth key update error'],
  ],
  ['a person who does nothing', { user: 'ignore', timeout: 5 }, start, [90007, 'timeout', 'fail timeout']],
  ['a timeout, by name', { user: 'timeout' }, start, [90007, 'timeout', 'fail timeout']],
  ['no focus', { user: 'not-focused' }, start, [90007, 'not-focused', 'fail internal error']],
  [
    'a person who breaks',
    {
      user: () => {
        throw new Error('broken');
      },
    },
    start,
    [90007, 'internal', 'fail internal error'],
  ],
  ['a person who cancels', { user: 'cancel' }, start, [90008, 'cancelled', 'fail cancel']],
  ['a browser that does not say why', { user: 'not-allowed' }, start, [90008, 'not-allowed', 'fail cancel']],
  ['an authenticator that has verified nobody', { user: 'not-verified' }, start, [90009, 'not-verified', 'fail']],
  ['five mismatches', { user: 'mismatch' }, start, [90010, 'locked-out', 'fail authenticate freeze. please try again later']],
  ['a lock, by name', { user: 'locked-out' }, start, [90010, 'locked-out', 'fail authenticate freeze. please try again later']],
  ['no finger enrolled', { enrolled: ['facial'] }, start, [90011, 'not-enrolled', 'fail no fingerprint enrolled']],
  [
    'no face enrolled',
    { enrolled: ['fingerPrint'] },
    { requestAuthModes: ['facial'] },
    [90011, 'not-enrolled', 'fail no facial enrolled'],
  ],
];

for (const [name, settings, options, expected] of ROWS) {
  test(`${name}: ${expected[0]} ${expected[1]}`, async () => {
    const { wx } = createEmulator(settings);
    const failed = await failure(wx.startSoterAuthentication(options));
    assert.deepEqual(row(failed), expected);
    assert.deepEqual([failed.authMode, failed.resultJSON, failed.resultJSONSignature], ['', '', '']);
    assert.ok(failed.errMsg.startsWith('startSoterAuthentication:'));
  });
}

test('a second start while one is open: 90007 busy, and the first goes on', async () => {
  let answer;
  const device = createEmulator({ user: () => new Promise(resolve => (answer = resolve)) });
  const first = device.wx.startSoterAuthentication(start);
  const second = await failure(device.wx.startSoterAuthentication(start));
  assert.deepEqual(row(second), [90007, 'busy', 'fail authenticate error: another authentication is in progress']);
  answer('accept');
  assert.equal((await first).errCode, 0);
});

test('without WebAssembly: 90007 webassembly-blocked', async () => {
  const { WebAssembly } = globalThis;
  delete globalThis.WebAssembly;
  // A copy of the module that has not started yet.
  const { createEmulator } = await import('../../pkg/dist/emulator.js?blocked');
  const { warn } = console;
  console.warn = () => {};
  const failed = await failure(createEmulator().wx.startSoterAuthentication(start));
  console.warn = warn;
  globalThis.WebAssembly = WebAssembly;
  assert.deepEqual(row(failed), [90007, 'webassembly-blocked', 'fail internal error']);
});

test('the checks of an unsupported device say not support', async () => {
  const { wx } = createEmulator({ supportMode: [] });
  const supported = await failure(wx.checkIsSupportSoterAuthentication());
  assert.deepEqual(row(supported), [90001, 'no-platform-authenticator', 'fail not support']);
  assert.deepEqual(supported.supportMode, []);
  const enrolled = await failure(wx.checkIsSoterEnrolledInDevice({ checkAuthMode: 'fingerPrint' }));
  assert.deepEqual(row(enrolled), [90001, 'no-platform-authenticator', 'fail not support']);
  assert.equal(enrolled.isEnrolled, false);
});

test('what a function throws or answers wrongly is told', async () => {
  const details = [
    [
      () => {
        throw new Error('broken');
      },
      /broken/,
    ],
    [() => Promise.reject(new TypeError('later')), /TypeError: later/],
    [
      () => {
        throw 'a text';
      },
      /a text/,
    ],
    [
      () => {
        throw undefined;
      },
      /undefined/,
    ],
    [() => 'acept', /'acept'/],
    [() => {}, /undefined/],
    [() => ({}), /object/],
    [() => Symbol('s'), /symbol/],
  ];
  for (const [user, detail] of details) {
    const failed = await failure(createEmulator({ user }).wx.startSoterAuthentication(start));
    assert.equal(failed.reason, 'internal');
    assert.match(failed.detail, detail);
  }
});
