// Copies of a result with one thing changed, and what soter-server says of each.
import { createHash } from 'node:crypto';

const altered = (text, at = 0) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

const bytes = (text, change) => {
  const data = Buffer.from(text, 'base64url');
  change(data);
  return data.toString('base64url');
};

const inJson = change => answer => {
  const result = JSON.parse(answer.resultJSON);
  change(result);
  return { ...answer, resultJSON: JSON.stringify(result) };
};

const inClientData = change =>
  inJson(({ webauthn }) => {
    const data = JSON.parse(Buffer.from(webauthn.clientDataJSON, 'base64url'));
    change(data);
    webauthn.clientDataJSON = Buffer.from(JSON.stringify(data)).toString('base64url');
  });

const inAuthenticatorData = change =>
  inJson(({ webauthn }) => {
    webauthn.authenticatorData = bytes(webauthn.authenticatorData, change);
  });

/** What the WebAuthn response has not: only wx-soter's form has it twice. */
export const inWeChatsForm = {
  'result-counter-mismatch': inJson(result => (result.counter += 1)),
  // In the middle: with another last digit its random part may be no base64url, and then it is an unknown challenge.
  'challenge-mismatch': inJson(result => (result.raw = altered(result.raw, result.raw.length >> 1))),
  'result-key-mismatch': inJson(result => (result.cpu_id = altered(result.cpu_id))),
  'user-handle-mismatch': inJson(result => (result.uid = altered(result.uid))),
  'result-malformed': inJson(result => (result.more = true)),
};

/** What every WebAuthn server sees: pairs of a reason and an edit. */
export const inWebauthn = [
  ['credential-unknown', inJson(result => (result.cpu_id = result.webauthn.id = altered(result.cpu_id)))],
  ['type-mismatch', inClientData(data => (data.type = 'webauthn.create'))],
  ['challenge-mismatch', inClientData(data => (data.challenge = altered(data.challenge)))],
  ['origin-not-allowed', inClientData(data => (data.origin = 'https://elsewhere.example'))],
  ['signature-invalid', inClientData(data => (data.more = true))],
  ['rp-id-mismatch', inAuthenticatorData(data => (data[0] ^= 1))],
  ['user-not-present', inAuthenticatorData(data => (data[32] &= ~0x01))],
  ['user-not-verified', inAuthenticatorData(data => (data[32] &= ~0x04))],
  ['signature-invalid', inAuthenticatorData(data => (data[36] += 1))],
  ['signature-invalid', answer => ({ ...answer, resultJSONSignature: altered(answer.resultJSONSignature, 24) })],
  ['result-signature-malformed', answer => ({ ...answer, resultJSONSignature: '*' })],
];

/** A registration that says that nobody was verified; without attestation nothing is signed in it. */
export const unverified = registration => {
  const attestationObject = bytes(registration.response.attestationObject, data => {
    const rpIdHash = createHash('sha256').update('localhost').digest();
    data[data.indexOf(rpIdHash) + rpIdHash.length] &= ~0x04;
  });
  return { ...registration, response: { ...registration.response, attestationObject } };
};
