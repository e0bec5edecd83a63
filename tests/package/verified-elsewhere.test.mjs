// What comes out is checked by somebody else's server code.
import assert from 'node:assert/strict';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { test } from 'node:test';
import { open } from './browser.mjs';
import { addPage, at } from './site.mjs';

const EXPECTED = { expectedOrigin: at('localhost'), expectedRPID: 'localhost', requireUserVerification: true };
const challengeOf = text => Buffer.from(text, 'utf8').toString('base64url');

const authenticate = (page, challenge) =>
  page.evaluate(async challenge => {
    const registrations = [];
    globalThis.ours ??= WxSoter.createWx({
      user: { id: 'account-7', name: 'ann@example.org', displayName: 'Ann' },
      onKeyCreated: registration => void globalThis.onKey(registration),
    });
    globalThis.onKey = registration => registrations.push(registration);
    const result = await ours.startSoterAuthentication({ challenge });
    // Through JSON, as to a server.
    return JSON.parse(JSON.stringify({ registrations, response: WxSoter.toAuthenticationResponse(result) }));
  }, challenge);

test('a registration and two results hold for @simplewebauthn/server', async t => {
  const { page } = await open(t, addPage());
  // Beyond ASCII, so that it shows which encoding is signed.
  const challenge = '收款 12,00 € 🫆 "quoted" \\ once';
  const { registrations, response } = await authenticate(page, challenge);
  assert.equal(registrations.length, 1);
  const registration = await verifyRegistrationResponse({
    ...EXPECTED,
    response: registrations[0],
    expectedChallenge: challengeOf(challenge),
  });
  assert.equal(registration.verified, true);
  const { credential, userVerified } = registration.registrationInfo;
  assert.equal(userVerified, true);
  assert.equal(Buffer.from(response.response.userHandle, 'base64url').length, 32, 'the key’s own handle, and no account’s id');

  const check = (response, text, counter) =>
    verifyAuthenticationResponse({
      ...EXPECTED,
      response,
      expectedChallenge: challengeOf(text),
      credential: { ...credential, counter },
    });
  const first = await check(response, challenge, credential.counter);
  assert.equal(first.verified, true);
  assert.equal(first.authenticationInfo.userVerified, true);

  const later = await authenticate(page, 'another');
  assert.deepEqual(later.registrations, []);
  assert.equal((await check(later.response, 'another', first.authenticationInfo.newCounter)).verified, true);
  // And the verifier can say no.
  await assert.rejects(check(later.response, challenge, 0), /challenge/i);
  const forged = { ...later.response, response: { ...later.response.response, signature: response.response.signature } };
  const verdict = await check(forged, 'another', 0).catch(() => ({ verified: false }));
  assert.equal(verdict.verified, false);
});

test('without a challenge there is nothing to check, and it says so', async t => {
  const { page, settle } = await open(t, addPage());
  for (let use = 0; use < 2; use += 1) {
    const { succeeded, result } = await settle('startSoterAuthentication');
    assert.ok(succeeded);
    assert.deepEqual([result.resultJSON, result.resultJSONSignature], ['', '']);
    const thrown = await page.evaluate(result => {
      try {
        return WxSoter.toAuthenticationResponse(result);
      } catch (error) {
        return String(error);
      }
    }, result);
    assert.match(thrown, /^TypeError: .*challenge/);
  }
});

test('a key that the page refuses is not kept, and the next start makes another', async t => {
  const { page } = await open(t, addPage());
  const ended = await page.evaluate(async () => {
    const answers = [() => Promise.reject(new Error('HTTP 500')), () => {}];
    const wx = WxSoter.createWx({ onKeyCreated: () => answers.shift()() });
    const first = await settle(wx.startSoterAuthentication({ challenge: 'c' }));
    const second = await settle(wx.startSoterAuthentication({ challenge: 'c' }));
    return { first, second, left: answers.length };
  });
  assert.deepEqual([ended.first.result.errCode, ended.first.result.reason], [90007, 'enrolment-refused']);
  assert.equal(ended.first.result.errMsg, 'startSoterAuthentication:fail auth key update error');
  assert.match(ended.first.result.detail, /HTTP 500/);
  assert.deepEqual([ended.second.succeeded, ended.left], [true, 0]);
});
