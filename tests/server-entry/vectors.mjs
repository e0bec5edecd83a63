// The test vectors of WebAuthn Level 3, §16, as pages would send them.
import { readFile } from 'node:fs/promises';

const read = async file => JSON.parse(await readFile(new URL(`../../crates/webauthn/vectors/${file}`, import.meta.url), 'utf8'));

export const vectors = [
  ...(await read('webauthn-level-3.json')).vectors,
  ...(await read('webauthn-level-3-server.json')).vectors,
];

export const found = name => vectors.find(vector => vector.name === name);

export const bytes = hex => Buffer.from(hex, 'hex');
export const base64url = hex => bytes(hex).toString('base64url');

const response = ({ credentialId }, members) => ({
  id: base64url(credentialId),
  rawId: base64url(credentialId),
  type: 'public-key',
  response: Object.fromEntries(Object.entries(members).map(([name, hex]) => [name, base64url(hex)])),
  clientExtensionResults: {},
});

export const registrationOf = vector => {
  const { clientDataJSON, attestationObject } = vector.registration;
  return response(vector, { clientDataJSON, attestationObject });
};

/** With some members changed, in hexadecimal digits. */
export const assertionOf = (vector, change = {}) => {
  const { clientDataJSON, authenticatorData, signature } = vector.assertion;
  return response(vector, { clientDataJSON, authenticatorData, signature, ...change });
};
