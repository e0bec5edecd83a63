// Every row of the table of errors that a page can bring about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../package/browser.mjs';
import { addPage, at } from '../../package/site.mjs';

const START = 'startSoterAuthentication';
const OPTIONS = { challenge: 'c' };
const NOT_SUPPORTED = 'fail not support soter';
const INTERNAL = 'fail internal error';

const assertFailure = ({ succeeded, isError, message, result }, [errCode, reason, words]) => {
  assert.deepEqual([succeeded, isError], [false, true]);
  assert.deepEqual([result.errCode, result.reason, result.errMsg], [errCode, reason, `${START}:${words}`]);
  assert.equal(message, result.errMsg);
  assert.deepEqual([result.authMode, result.resultJSON, result.resultJSONSignature], ['', '', '']);
};

/** Settles a start on a page that something was done to first. */
const fail = async (t, { url = addPage(), options = OPTIONS, before, ...more } = {}, ...values) => {
  const { page, settle } = await open(t, url, more);
  if (before) await page.evaluate(before, ...values);
  return settle(START, options);
};

const row = (name, given, expected) => {
  test(`${name}: ${expected[0]} ${expected[1]}`, async t => assertFailure(await fail(t, given), expected));
};

row('an insecure page', { before: () => void Object.defineProperty(globalThis, 'isSecureContext', { value: false }) }, [
  90001,
  'insecure-context',
  NOT_SUPPORTED,
]);
row('no WebAuthn', { before: () => delete globalThis.PublicKeyCredential }, [90001, 'no-webauthn', NOT_SUPPORTED]);
row('no platform authenticator', { authenticator: null }, [90001, 'no-platform-authenticator', NOT_SUPPORTED]);
row('a mode that is not supported', { options: { requestAuthModes: ['speech'] } }, [
  90003,
  'mode-not-supported',
  'fail no corresponding mode',
]);
row('an empty challenge', { options: { challenge: '' } }, [90004, 'bad-challenge', 'fail invalid challenge']);
row('a long challenge', { options: { challenge: 'c'.repeat(513) } }, [90004, 'bad-challenge', 'fail invalid challenge']);
row('a long authContent', { options: { authContent: 'c'.repeat(43) } }, [90005, 'bad-auth-content', 'fail invalid authContent']);
row('modes of the wrong type', { options: { requestAuthModes: 'facial' } }, [
  90003,
  'bad-parameter',
  'fail parameter error: parameter.requestAuthModes should be Array instead of String;',
]);
row('a challenge of the wrong type', { options: { challenge: 7 } }, [
  90004,
  'bad-parameter',
  'fail parameter error: parameter.challenge should be String instead of Number;',
]);
row('an authContent of the wrong type', { options: { authContent: null } }, [
  90005,
  'bad-parameter',
  'fail parameter error: parameter.authContent should be String instead of Null;',
]);

test('an IP address: 90001 invalid-host', async t => {
  const { pathname } = new URL(addPage());
  assertFailure(await fail(t, { url: at('127.0.0.1', pathname) }), [90001, 'invalid-host', NOT_SUPPORTED]);
});

/** What a browser rejects with, and what that comes to. WebKit's own words, but for the last rows. */
const REFUSALS = [
  [
    'NotAllowedError',
    'The origin of the document is not the same as its ancestors.',
    [90001, 'blocked-by-policy', NOT_SUPPORTED],
  ],
  ['NotAllowedError', 'Operation timed out.', [90007, 'timeout', 'fail timeout']],
  ['NotAllowedError', 'The document is not focused.', [90007, 'not-focused', INTERNAL]],
  [
    'NotAllowedError',
    'This request has been cancelled by a new request.',
    [90007, 'busy', 'fail authenticate error: another authentication is in progress'],
  ],
  ['NotAllowedError', 'This request has been cancelled by the user.', [90008, 'not-allowed', 'fail cancel']],
  ['SecurityError', 'The operation is insecure.', [90001, 'invalid-host', NOT_SUPPORTED]],
  ['NotSupportedError', '', [90001, 'no-platform-authenticator', NOT_SUPPORTED]],
  ['ConstraintError', '', [90011, 'not-enrolled', 'fail no fingerprint enrolled']],
  ['UnknownError', '', [90007, 'internal', INTERNAL]],
];

for (const [name, message, expected] of REFUSALS) {
  test(`${name} "${message}" of the browser: ${expected[0]} ${expected[1]}`, async t => {
    const before = (name, message) => {
      navigator.credentials.create = async () => {
        // A refusal that comes at once is Safari's way to demand a click.
        await new Promise(later => setTimeout(later, 150));
        throw new DOMException(message, name);
      };
    };
    const ended = await fail(t, { before }, name, message);
    assertFailure(ended, expected);
    assert.ok(ended.result.detail.startsWith(name), ended.result.detail);
  });
}

test('a refused key, a deadline, a cancelled prompt and a second start', async t => {
  const { page } = await open(t, addPage(), { authenticator: { automaticPresenceSimulation: false } });
  const run = make => page.evaluate(make);
  assertFailure(await run(() => settle(WxSoter.createWx({ timeout: 200 }).startSoterAuthentication({ challenge: 'c' }))), [
    90007,
    'timeout',
    'fail timeout',
  ]);
  assertFailure(
    await run(() =>
      settle(
        WxSoter.createWx({ prompt: ({ cancel }) => void setTimeout(cancel, 20) }).startSoterAuthentication({ challenge: 'c' }),
      ),
    ),
    [90008, 'cancelled', 'fail cancel'],
  );
  assertFailure(
    await run(async () => {
      globalThis.first = settle(wx.startSoterAuthentication({ challenge: 'first' }));
      return settle(wx.startSoterAuthentication({ challenge: 'second' }));
    }),
    [90007, 'busy', 'fail authenticate error: another authentication is in progress'],
  );
  await page.evaluate(() => standIn.setAutomaticPresenceSimulation({ enabled: true }));
  assert.equal((await run(() => first)).result.errCode, 0);
  assertFailure(
    await run(() => {
      const onKeyCreated = () => Promise.reject(new Error('HTTP 503'));
      return settle(WxSoter.createWx({ user: { id: 'ann' }, onKeyCreated }).startSoterAuthentication({ challenge: 'c' }));
    }),
    [90007, 'enrolment-refused', 'fail auth key update error'],
  );
});

test('an answer that does not hold: 90009 not-verified', async t => {
  const { page, settle } = await open(t, addPage());
  assert.equal((await settle(START, OPTIONS)).result.errCode, 0);
  for (const [member, at] of [
    ['authenticatorData', 32],
    ['authenticatorData', 0],
    ['clientDataJSON', 40],
    ['signature', 20],
  ]) {
    await page.evaluate(
      (member, at) => {
        const { credentials } = navigator;
        const { get } = CredentialsContainer.prototype;
        credentials.get = async options => {
          const credential = await get.call(credentials, options);
          // Byte 32 holds the flags, of which the one for user verification goes.
          new Uint8Array(credential.response[member])[at] ^= 4;
          delete credentials.get;
          return credential;
        };
      },
      member,
      at,
    );
    assertFailure(await settle(START, OPTIONS), [90009, 'not-verified', 'fail']);
  }
  assert.equal((await settle(START, OPTIONS)).result.errCode, 0);
});

test('an authenticator that answers null, hangs or throws leaves no call open', async t => {
  const { page, settle } = await open(t, addPage());
  for (const create of ['async () => null', '() => null', '() => { throw "text" }', 'async () => ({})']) {
    await page.evaluate(
      create => ((navigator.credentials.create = { run: new Function(`return ${create}`)() }.run), undefined),
      create,
    );
    const { succeeded, result } = await settle(START, OPTIONS);
    assert.deepEqual([succeeded, typeof result.errCode], [false, 'number'], create);
  }
  await page.evaluate(() => void delete navigator.credentials.create);
  assert.equal((await settle(START, OPTIONS)).result.errCode, 0);
});

test('emoji stand in a challenge and lone surrogates do not', async t => {
  const { page } = await open(t, addPage());
  const challenges = [
    '😀',
    '收款 12,00 € 🫆 "quoted" \\ once',
    '👩‍👩‍👧',
    '\ud83d',
    'a\ude00',
    '\ude00\ud83d',
    '😀'.repeat(256),
    '😀'.repeat(257),
    '\u0000\u0001\uffff',
  ];
  const came = await page.evaluate(async challenges => {
    const came = [];
    for (const challenge of challenges) {
      const { result } = await settle(wx.startSoterAuthentication({ challenge, authContent: '付款 😀' }));
      came.push(result.errCode === 0 ? JSON.parse(result.resultJSON).raw === challenge : result.reason);
    }
    return came;
  }, challenges);
  assert.deepEqual(came, [true, true, true, 'bad-challenge', 'bad-challenge', 'bad-challenge', true, 'bad-challenge', true]);
});

test('the emulator drives its own rows too', async t => {
  const head = '<script type="module">import * as emulator from "/pkg/dist/emulator.js"; globalThis.emulator = emulator</script>';
  const { page } = await open(t, addPage({ head }));
  await page.waitForFunction(() => globalThis.emulator);
  const rows = await page.evaluate(async () => {
    const rows = [];
    for (const user of [
      'insecure-context',
      'no-webauthn',
      'invalid-host',
      'blocked-by-policy',
      'timeout',
      'not-focused',
      'cancel',
      'not-allowed',
      'not-verified',
      'mismatch',
      'locked-out',
    ]) {
      const { wx } = emulator.createEmulator({ user });
      const { errCode, reason } = await wx.startSoterAuthentication({ challenge: '😀' }).catch(error => error);
      rows.push(`${user}: ${errCode} ${reason}`);
    }
    for (const mode of ['facial', 'fingerPrint']) {
      const { wx } = emulator.createEmulator({ enrolled: [] });
      const { errCode, reason } = await wx.startSoterAuthentication({ requestAuthModes: [mode] }).catch(error => error);
      rows.push(`${mode}: ${errCode} ${reason}`);
    }
    return rows;
  });
  assert.deepEqual(rows, [
    'insecure-context: 90001 insecure-context',
    'no-webauthn: 90001 no-webauthn',
    'invalid-host: 90001 invalid-host',
    'blocked-by-policy: 90001 blocked-by-policy',
    'timeout: 90007 timeout',
    'not-focused: 90007 not-focused',
    'cancel: 90008 cancelled',
    'not-allowed: 90008 not-allowed',
    'not-verified: 90009 not-verified',
    'mismatch: 90010 locked-out',
    'locked-out: 90010 locked-out',
    'facial: 90011 not-enrolled',
    'fingerPrint: 90011 not-enrolled',
  ]);
});
