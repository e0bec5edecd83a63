// The test vectors of WebAuthn Level 3, §16, with the verdicts of verifier/tests/vectors.rs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyAssertion, verifyRegistration } from '../../pkg/dist/server.js';
import { assertionOf, base64url, bytes, found, registrationOf, vectors } from './vectors.mjs';

// Not all are user-verified, and one is in an iframe.
const EXPECTED = {
  origin: 'https://example.org',
  rpId: 'example.org',
  topOrigin: 'https://example.com',
  userVerification: 'optional',
};

/** No chain is followed here, so that certificates are uncertain. */
const SUPPORTED = {
  'none-es256': 'none',
  'packed-self-es256': 'self',
  'none-es256-crossOrigin': 'none',
  'none-es256-topOrigin': 'none',
  'none-es256-long-credential-id': 'none',
  'packed-es256': 'uncertain',
  'packed-rs256': 'uncertain',
  'packed-eddsa': 'uncertain',
  'android-key-es256': 'uncertain',
  'apple-es256': 'uncertain',
  'fido-u2f-es256': 'uncertain',
  'tpm-es256': 'uncertain',
  'packed-es384': 'uncertain',
  'packed-es512': 'uncertain',
};
/** What a server has to have asked for. */
const ASKED_FOR = ['packed-es384', 'packed-es512'];
const OTHER_ALGORITHMS = ['packed-ed448'];

const register = (vector, attestation, algorithms = [-7, -257, -8, -35, -36]) => {
  const challenge = bytes(vector.registration.challenge);
  return verifyRegistration(registrationOf(vector), { ...EXPECTED, challenge, attestation, algorithms });
};

const authenticate = (vector, key, change) => {
  const challenge = bytes(vector.assertion.challenge);
  return verifyAssertion(assertionOf(vector, change), { ...EXPECTED, challenge, key });
};

test('all vectors are tried', () => {
  const tried = [...Object.keys(SUPPORTED), ...OTHER_ALGORITHMS];
  assert.deepEqual(vectors.map(({ name }) => name).sort(), tried.sort());
});

for (const [name, type] of Object.entries(SUPPORTED)) {
  test(`${name} holds`, async () => {
    const vector = found(name);
    const { key, attestation } = await register(vector);
    assert.equal(attestation.type, type);
    assert.equal(attestation.certificates.length > 0, type === 'uncertain');
    assert.equal(key.id, base64url(vector.credentialId));
    assert.equal((await authenticate(vector, key)).counterState, 'not-kept');
    const bad = bytes(vector.assertion.signature);
    bad[bad.length - 1] ^= 1;
    await assert.rejects(authenticate(vector, key, { signature: bad.toString('hex') }), { reason: 'signature-invalid' });
  });
}

for (const name of ASKED_FOR) {
  test(`${name} is refused unless it was asked for`, async () => {
    const vector = found(name);
    const challenge = bytes(vector.registration.challenge);
    const unasked = verifyRegistration(registrationOf(vector), { ...EXPECTED, challenge });
    await assert.rejects(unasked, { reason: 'algorithm-not-allowed' });
  });
}

for (const name of OTHER_ALGORITHMS) {
  test(`${name} is refused`, () => assert.rejects(register(found(name)), { reason: 'algorithm-unsupported' }));
}

test('certificates can be refused, and need what they prove no more than', async () => {
  const vector = found('packed-es256');
  await assert.rejects(register(vector, { certificates: false }), { reason: 'certified-attestation-not-allowed' });
  await assert.rejects(register(vector, { none: false }), { reason: 'attestation-untrusted' });
  await assert.rejects(register(vector, { self: false }), { reason: 'self-attestation-not-allowed' });
});
