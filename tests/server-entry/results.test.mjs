// What holds, and every edit that does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAuthenticationResponse } from '../../pkg/dist/index.js';
import { VerificationError, verifyAssertion, verifyRegistration, verifyResult } from '../../pkg/dist/server.js';
import { HERE, base64url, createPage, edited, flipped } from './page.mjs';

const CHALLENGE = '收款 12,00 € 🫆 "quoted" \\ once';
const page = createPage();
const { registration, result } = await page.start(CHALLENGE);
const expected = { ...HERE, challenge: CHALLENGE };
const { key } = await verifyRegistration(registration, expected);
const uid = Buffer.from(JSON.parse(result.resultJSON).uid, 'base64url');

/** The reason of a promise that has to reject with a `VerificationError`. */
const reason = async promise => {
  const error = await promise.then(
    value => assert.fail(`resolved with ${JSON.stringify(value)}`),
    error => error,
  );
  assert.ok(error instanceof VerificationError, String(error.stack));
  assert.equal(error.name, 'VerificationError');
  return error.reason;
};
const ofResult = (result, options) => reason(verifyResult(result, { ...expected, key, ...options }));
const ofRegistration = (registration, options) => reason(verifyRegistration(registration, { ...expected, ...options }));

test('what was sent as text has to be text still', async () => {
  const message = sent => verifyResult(sent, { ...expected, key }).catch(error => [error.name, error.reason, error.message]);
  for (const no of [undefined, null, 7, Buffer.from(result.resultJSON), JSON.parse(result.resultJSON)]) {
    const [name, reason, words] = await message({ ...result, resultJSON: no });
    assert.deepEqual([name, reason], ['VerificationError', 'result-malformed']);
    assert.match(words, /^resultJSON is no text/);
    const [, other, signature] = await message({ ...result, resultJSONSignature: no });
    assert.equal(other, 'result-signature-malformed');
    assert.match(signature, /^resultJSONSignature is no text/);
  }
  for (const no of [undefined, null, {}]) assert.equal((await message(no))[1], 'result-malformed');
});

test('a registration holds, as an object and as text, and says what it proves', async () => {
  for (const sent of [registration, JSON.stringify(registration)]) {
    assert.deepEqual(await verifyRegistration(sent, expected), {
      key,
      counter: 0,
      userVerified: true,
      backedUp: false,
      attestation: { type: 'none', certificates: [] },
      aaguid: '77782d73-6f74-6572-3a65-6d756c617465',
    });
  }
  assert.deepEqual(Object.keys(key).sort(), [
    'backedUp',
    'backupEligible',
    'counter',
    'id',
    'publicKey',
    'transports',
    'uvInitialized',
  ]);
  assert.equal(key.id, registration.id);
  assert.deepEqual(JSON.parse(JSON.stringify(key)), key);
});

test('a result holds, and the next one with the key that came back', async () => {
  const first = await verifyResult(result, { ...expected, key });
  assert.deepEqual(first, {
    key: { ...key, counter: 1 },
    counter: 1,
    counterState: 'increased',
    userVerified: true,
    backedUp: false,
  });
  const { result: later } = await page.start('another');
  const second = await verifyResult(later, { ...expected, challenge: 'another', key: first.key, uid });
  assert.equal(second.key.counter, 2);
});

test('the same in WebAuthn’s own form', async () => {
  const response = toAuthenticationResponse(result);
  const verified = await verifyResult(result, { ...expected, key });
  for (const sent of [response, JSON.stringify(response)]) {
    assert.deepEqual(await verifyAssertion(sent, { ...expected, key }), verified);
  }
  const forged = { ...response, response: { ...response.response, signature: flipped(response.response.signature, -1) } };
  assert.equal(await reason(verifyAssertion(forged, { ...expected, key })), 'signature-invalid');
});

test('the reason comes with its step', async () => {
  await assert.rejects(verifyResult(result, { ...expected, key, challenge: 'another' }), {
    name: 'VerificationError',
    reason: 'challenge-mismatch',
    step: 'WebAuthn Level 3, §7.2 step 11',
    message: 'the challenge is not the one that was sent (WebAuthn Level 3, §7.2 step 11)',
  });
  await assert.rejects(verifyResult({}, { ...expected, key }), { reason: 'result-malformed', step: undefined });
  await assert.rejects(verifyRegistration(registration, { ...expected, origin: 'https://other.example' }), {
    reason: 'origin-not-allowed',
    step: 'WebAuthn Level 3, §7.1 step 9',
  });
});

test('what is expected decides', async () => {
  assert.equal(await ofResult(result, { origin: 'https://shop.example:8443' }), 'origin-not-allowed');
  assert.equal(await ofResult(result, { rpId: 'example' }), 'rp-id-mismatch');
  assert.equal(await ofResult(result, { uid: 'somebody else' }), 'user-handle-mismatch');
  assert.equal(await ofResult(result, { key: { ...key, counter: 1 } }), 'sign-count-not-increased');
  assert.equal(await ofResult(result, { counter: 1 }), 'sign-count-not-increased');
  assert.equal(await ofResult(result, { key: { ...key, counter: 7 }, counter: 0 }), 'sign-count-not-increased');
  assert.equal(await ofResult(result, { key: { ...key, backupEligible: true } }), 'backup-eligibility-changed');
  assert.equal(await ofResult(result, { key: { ...key, publicKey: base64url('no COSE') } }), 'public-key-malformed');
  const { key: another } = await verifyRegistration((await createPage().start('c')).registration, { ...HERE, challenge: 'c' });
  assert.equal(await ofResult(result, { key: another }), 'credential-unknown');
  assert.equal(await ofResult(result, { key: [] }), 'credential-unknown');
  assert.equal(await ofResult(result, { key: { ...another, id: key.id } }), 'signature-invalid');
  // One of several, and one of several origins.
  const options = { ...expected, key: [another, key], origin: ['https://www.shop.example', HERE.origin] };
  assert.equal((await verifyResult(result, options)).key.id, key.id);
  const reported = await verifyResult(result, { ...expected, key: { ...key, counter: 5 }, onCounter: 'report' });
  assert.deepEqual([reported.counter, reported.counterState, reported.key.counter], [1, 'not-increased', 5]);
  assert.equal(await ofRegistration(registration, { challenge: 'another' }), 'challenge-mismatch');
  assert.equal(await ofRegistration(registration, { attestation: { none: false } }), 'attestation-missing');
});

test('an unverified person is refused, unless that is wanted', async () => {
  const unverified = json => {
    const bytes = Buffer.from(json.webauthn.authenticatorData, 'base64url');
    bytes[32] &= ~0x04;
    json.webauthn.authenticatorData = bytes.toString('base64url');
  };
  assert.equal(await ofResult(edited(result, unverified)), 'user-not-verified');
  // Then the signature tells.
  assert.equal(await ofResult(edited(result, unverified), { userVerification: 'optional' }), 'signature-invalid');
});

test('every edited member of a result is refused', async () => {
  const edits = {
    'result-challenge-mismatch': json => void (json.raw = 'another'),
    'result-counter-mismatch': json => void (json.counter += 1),
    'result-key-mismatch': json => void (json.cpu_id = base64url('another')),
    'result-malformed': json => void (json.more = 1),
    'credential-unknown': json => void (json.cpu_id = json.webauthn.id = base64url('another')),
    'client-data-malformed': json => void (json.webauthn.clientDataJSON = base64url('{}')),
    'type-mismatch': json => void (json.webauthn.clientDataJSON = registration.response.clientDataJSON),
    'signature-invalid': json => void (json.webauthn.authenticatorData = flipped(json.webauthn.authenticatorData, -1)),
    'rp-id-mismatch': json => void (json.webauthn.authenticatorData = flipped(json.webauthn.authenticatorData)),
    'user-not-present': json => void (json.webauthn.authenticatorData = flipped(json.webauthn.authenticatorData, 32)),
    'authenticator-data-malformed': json => void (json.webauthn.authenticatorData = base64url('short')),
  };
  for (const [expected, edit] of Object.entries(edits)) assert.equal(await ofResult(edited(result, edit)), expected);
  assert.equal(
    await ofResult(
      edited(result, json => void (json.uid = base64url('another'))),
      { uid },
    ),
    'user-handle-mismatch',
  );
  for (const member of ['raw', 'counter', 'uid', 'cpu_id', 'webauthn']) {
    const without = edited(result, json => void delete json[member]);
    assert.equal(await ofResult(without), 'result-malformed', member);
  }
});

test('an edited counter is called so even if the signed one has not grown', async () => {
  const grown = edited(result, json => void (json.counter = 8));
  for (const onCounter of ['refuse', 'report']) {
    assert.equal(await ofResult(grown, { counter: 7, onCounter }), 'result-counter-mismatch');
  }
});

test('every changed byte of what is signed, and of the signature, is refused', async () => {
  for (const member of ['clientDataJSON', 'authenticatorData']) {
    const { length } = Buffer.from(JSON.parse(result.resultJSON).webauthn[member], 'base64url');
    for (let place = 0; place < length; place += 1) {
      await ofResult(edited(result, ({ webauthn }) => void (webauthn[member] = flipped(webauthn[member], place))));
    }
  }
  const { length } = Buffer.from(result.resultJSONSignature, 'base64');
  for (let place = 0; place < length; place += 1) {
    const resultJSONSignature = flipped(result.resultJSONSignature, place, 'base64');
    assert.equal(await ofResult({ ...result, resultJSONSignature }), 'signature-invalid');
  }
});

test('every edited member of a registration is refused', async () => {
  const with_ = response => ({ ...registration, response: { ...registration.response, ...response } });
  assert.equal(await ofRegistration({ ...registration, type: 'password' }), 'credential-type-unknown');
  assert.equal(await ofRegistration({ ...registration, id: base64url('another') }), 'credential-id-inconsistent');
  const id = base64url('another');
  assert.equal(await ofRegistration({ ...registration, id, rawId: id }), 'credential-id-mismatch');
  assert.equal(await ofRegistration(with_({ clientDataJSON: base64url('{}') })), 'client-data-malformed');
  const { clientDataJSON } = JSON.parse(result.resultJSON).webauthn;
  assert.equal(await ofRegistration(with_({ clientDataJSON })), 'type-mismatch');
  assert.equal(await ofRegistration(with_({ attestationObject: base64url('x') })), 'attestation-object-malformed');
  const other = Buffer.from(registration.response.attestationObject, 'base64url').toString('latin1').replace('dnone', 'dNONE');
  const unknown = with_({ attestationObject: Buffer.from(other, 'latin1').toString('base64url') });
  assert.equal(await ofRegistration(unknown), 'attestation-format-unsupported');
  const { attestation } = await verifyRegistration(unknown, { ...expected, attestation: { unknownFormats: true } });
  assert.equal(attestation.type, 'none');
  // What a browser repeats beside the attestation object is not believed.
  const repeated = with_({ publicKey: base64url('x'), publicKeyAlgorithm: -257, authenticatorData: base64url('x') });
  assert.deepEqual((await verifyRegistration(repeated, expected)).key, key);
});
