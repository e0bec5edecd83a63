// Somebody else's server code says the same yes or no, of the emulator's answers and of Chromium's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { toAuthenticationResponse } from '../../pkg/dist/index.js';
import { verifyAssertion, verifyRegistration, verifyResult } from '../../pkg/dist/server.js';
import { open } from '../package/chromium.mjs';
import { addPage, at } from '../package/site.mjs';
import { HERE, base64url, createPage, edited, flipped } from './page.mjs';

const yesOrNo = promise =>
  promise.then(
    ({ verified = true }) => verified,
    () => false,
  );

/** Theirs, with our options. */
const theirs = {
  registration: (response, { challenge, origin, rpId, userVerification }) =>
    yesOrNo(
      verifyRegistrationResponse({
        response,
        expectedChallenge: base64url(challenge),
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: userVerification !== 'optional',
      }),
    ),
  result: (response, { challenge, origin, rpId, userVerification, key }) => {
    const credential = { ...key, publicKey: Buffer.from(key.publicKey, 'base64url') };
    return yesOrNo(
      verifyAuthenticationResponse({
        response,
        credential,
        expectedChallenge: base64url(challenge),
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: userVerification !== 'optional',
      }),
    );
  },
};

const inAuthenticatorData = edit => json => {
  const bytes = Buffer.from(json.webauthn.authenticatorData, 'base64url');
  json.webauthn.authenticatorData = Buffer.from(edit(bytes) ?? bytes).toString('base64url');
};
const inClientData = edit => json => {
  const data = JSON.parse(Buffer.from(json.webauthn.clientDataJSON, 'base64url'));
  edit(data);
  json.webauthn.clientDataJSON = base64url(JSON.stringify(data));
};

const RESULTS = {
  'as it is': () => {},
  'another challenge was signed': inClientData(data => void (data.challenge = base64url('another'))),
  'another type': inClientData(data => void (data.type = 'webauthn.create')),
  'another origin': inClientData(data => void (data.origin = 'https://evil.example')),
  'one member more was signed': inClientData(data => void (data.more = true)),
  'another RP id': inAuthenticatorData(bytes => void (bytes[0] ^= 1)),
  'nobody was present': inAuthenticatorData(bytes => void (bytes[32] &= ~1)),
  'nobody was verified': inAuthenticatorData(bytes => void (bytes[32] &= ~4)),
  'backed up without being eligible': inAuthenticatorData(bytes => void (bytes[32] |= 0x10)),
  'another counter was signed': inAuthenticatorData(bytes => void (bytes[36] += 1)),
  'a byte too many': inAuthenticatorData(bytes => Buffer.concat([bytes, Buffer.from([0])])),
  'a byte too few': inAuthenticatorData(bytes => bytes.subarray(0, 36)),
  'no client data': json => void (json.webauthn.clientDataJSON = ''),
  'no authenticator data': json => void (json.webauthn.authenticatorData = ''),
  'no client data in sight': json => void (json.webauthn.clientDataJSON = base64url('null')),
};

const SIGNATURES = {
  'its first byte': signature => flipped(signature, 0, 'base64'),
  'its last byte': signature => flipped(signature, -1, 'base64'),
  'an empty one': () => Buffer.from([0x30, 0]).toString('base64'),
  'all zeros': () => Buffer.from('3006020100020100', 'hex').toString('base64'),
  'a byte behind it': signature => Buffer.concat([Buffer.from(signature, 'base64'), Buffer.from([0])]).toString('base64'),
};

const OPTIONS = {
  'another challenge': { challenge: 'another' },
  'another origin': { origin: 'https://other.example' },
  'one of two origins': options => ({ origin: ['https://other.example', options.origin] }),
  'another RP id': { rpId: 'other.example' },
  'verification optional': { userVerification: 'optional' },
};

const resolved = (options, change) => ({ ...options, ...(typeof change === 'function' ? change(options) : change) });

/** Theirs reads the two numbers of a signature and not what follows them, which harms nobody; ours wants nothing to follow. */
const STRICTER = ['a byte behind it'];

/** Tries every case on what one page sent; answers how many were yes. */
const agree = async ({ registration, result, options }) => {
  let yes = 0;
  const same = async (ours, others, name) => {
    const [our, their] = [await yesOrNo(ours), await others];
    if (STRICTER.some(stricter => name.startsWith(stricter))) assert.deepEqual([our, their], [false, true], name);
    else assert.equal(our, their, name);
    if (our) yes += 1;
  };
  const { key } = await verifyRegistration(registration, options);
  const both = async (name, result, changed = {}) => {
    const all = { ...options, key, ...changed };
    const response = toAuthenticationResponse(result);
    const others = theirs.result(response, all);
    await same(verifyResult(result, all), others, name);
    await same(verifyAssertion(response, all), others, `${name}, as an assertion`);
  };
  for (const [name, edit] of Object.entries(RESULTS)) {
    const changed = edited(result, edit);
    if (name === 'another counter was signed') continue;
    await both(name, changed);
    await both(`${name}, verification optional`, changed, { userVerification: 'optional' });
  }
  // With `counter` edited to match, only the signature tells.
  const counted = edited(result, json => {
    RESULTS['another counter was signed'](json);
    json.counter += 1;
  });
  await both('another counter was signed', counted);
  for (const [name, edit] of Object.entries(SIGNATURES)) {
    await both(name, { ...result, resultJSONSignature: edit(result.resultJSONSignature) });
  }
  for (const [name, change] of Object.entries(OPTIONS)) {
    await both(name, result, resolved(options, change));
    const changed = resolved(options, change);
    await same(verifyRegistration(registration, changed), theirs.registration(registration, changed), name);
  }
  const { counter } = JSON.parse(result.resultJSON);
  for (const recorded of [counter - 1, counter, counter + 1]) {
    await both(`counter ${recorded} before ${counter}`, result, { key: { ...key, counter: recorded } });
  }
  const members = registration.response;
  const broken = {
    'the type': { ...registration, type: 'password' },
    'the id': { ...registration, id: base64url('another') },
    'no response': { ...registration, response: {} },
    'client data of the result': {
      ...registration,
      response: { ...members, clientDataJSON: JSON.parse(result.resultJSON).webauthn.clientDataJSON },
    },
    'an attestation object cut short': {
      ...registration,
      response: { ...members, attestationObject: members.attestationObject.slice(0, -40) },
    },
  };
  for (const [name, sent] of Object.entries(broken)) {
    await same(verifyRegistration(sent, options), theirs.registration(sent, options), name);
  }
  return yes;
};

test('on the emulator’s answers', async () => {
  const sent = await createPage().start('c');
  assert.ok((await agree({ ...sent, options: { ...HERE, challenge: 'c' } })) > 4);
});

for (const [name, authenticator] of Object.entries({
  'Chromium’s answers': {},
  'Chromium’s answers, of a passkey that is backed up': {
    hasResidentKey: true,
    defaultBackupEligibility: true,
    defaultBackupState: true,
  },
})) {
  test(`on ${name}`, async t => {
    const { page } = await open(t, addPage(), { authenticator });
    const challenge = '收款 12,00 € 🫆';
    const sent = await page.evaluate(async challenge => {
      let sent;
      const onKeyCreated = (registration, { uid }) => void (sent = { registration, uid });
      const ours = WxSoter.createWx({ user: { id: 'account-7' }, onKeyCreated });
      const result = await ours.startSoterAuthentication({ challenge });
      return JSON.parse(JSON.stringify({ ...sent, result }));
    }, challenge);
    const options = { origin: at('localhost'), rpId: 'localhost', challenge };
    assert.ok((await agree({ ...sent, options })) > 4);

    const { key, backedUp } = await verifyRegistration(sent.registration, options);
    assert.equal(backedUp, Boolean(authenticator.defaultBackupState));
    const verified = await verifyResult(sent.result, { ...options, key, uid: Buffer.from(sent.uid, 'base64url') });
    assert.equal(verified.backedUp, backedUp);
    assert.equal(verified.userVerified, true);
    await assert.rejects(verifyResult(sent.result, { ...options, key, uid: 'account-7' }), { reason: 'user-handle-mismatch' });
    const backup = verifyResult(sent.result, { ...options, key, backup: 'refuse-eligible' });
    await (backedUp ? assert.rejects(backup, { reason: 'backup-eligible-not-allowed' }) : backup);
  });
}
