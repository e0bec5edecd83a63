// Results are real: a server that knows nothing of emulators verifies them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { toAuthenticationResponse } from '../../pkg/dist/index.js';
import { createEmulator } from './device.mjs';

const base64url = text => Buffer.from(text).toString('base64url');

for (const { settings, origin, rpId } of [
  { settings: {}, origin: 'https://emulator.example', rpId: 'emulator.example' },
  { settings: { rpId: 'shop.example' }, origin: 'https://shop.example', rpId: 'shop.example' },
  { settings: { origin: 'http://localhost:8080' }, origin: 'http://localhost:8080', rpId: 'localhost' },
  {
    settings: { origin: 'https://pay.shop.example', rpId: 'shop.example' },
    origin: 'https://pay.shop.example',
    rpId: 'shop.example',
  },
]) {
  test(`a registration and three results of ${origin}, ${rpId} hold for @simplewebauthn/server`, async () => {
    const registrations = [];
    const { wx } = createEmulator({ ...settings, onKeyCreated: registration => void registrations.push(registration) });
    const expected = { expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true };
    const challenges = ['one', '二 ✓ "two"', 'c'.repeat(512)];
    let credential;
    for (const [i, challenge] of challenges.entries()) {
      const result = await wx.startSoterAuthentication({ challenge });
      if (!credential) {
        const [response] = registrations;
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          ...expected,
          response,
          expectedChallenge: () => true,
        });
        assert.ok(verified);
        assert.equal(registrationInfo.fmt, 'none');
        assert.equal(Buffer.from(registrationInfo.aaguid.replace(/-/g, ''), 'hex').toString(), 'wx-soter:emulate');
        credential = registrationInfo.credential;
      }
      const response = toAuthenticationResponse(result);
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        ...expected,
        response,
        credential,
        expectedChallenge: base64url(challenge),
      });
      assert.ok(verified);
      assert.equal(authenticationInfo.newCounter, i + 1);
      assert.equal(JSON.parse(result.resultJSON).counter, i + 1);
      credential.counter = authenticationInfo.newCounter;
      const other = verifyAuthenticationResponse({ ...expected, response, credential, expectedChallenge: base64url('x') });
      await assert.rejects(other);
      response.response.signature = base64url('x'.repeat(70));
      const forged = verifyAuthenticationResponse({ ...expected, response, credential, expectedChallenge: base64url(challenge) });
      await assert.rejects(forged.then(({ verified }) => assert.ok(verified)));
    }
    assert.equal(registrations.length, 1);
  });
}

/** All that a device hands out in some calls. */
const history = async seed => {
  const seen = [];
  const { wx } = createEmulator({ seed, onKeyCreated: registration => void seen.push(registration) });
  for (const options of [{ challenge: 'a' }, {}, { challenge: 'b', requestAuthModes: ['facial'] }]) {
    seen.push(await wx.startSoterAuthentication(options));
  }
  return seen;
};

test('a seed repeats keys and results byte for byte', async () => {
  for (const seed of ['seed', 7, 0]) assert.deepEqual(await history(seed), await history(seed));
  assert.deepEqual(await history('7'), await history(7));
  const ids = new Set();
  for (const seed of ['seed', 'seed2', 7, undefined, undefined]) ids.add((await history(seed))[0].id);
  assert.equal(ids.size, 5);
});

test('a key is an emulator’s by its id, too', async () => {
  const [{ id }] = await history();
  assert.equal(Buffer.from(id, 'base64url').subarray(0, 8).toString(), 'emulator');
});
