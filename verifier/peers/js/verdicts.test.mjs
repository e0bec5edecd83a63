// What `@simplewebauthn/server` says of the cases that `cargo run --bin verdicts` wrote.
import { SettingsService, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const LIBRARY = '@simplewebauthn/server';
const { cases, differences, root } = JSON.parse(readFileSync(process.env.WX_SOTER_CASES, 'utf8'));
const differing = new Set(differences.filter(({ library }) => library === LIBRARY).map(difference => difference.case));

// It brings Apple's root; the specification's vector leads to another.
const certificates = [new Uint8Array(Buffer.from(root, 'base64url'))];
SettingsService.setRootCertificates({ identifier: 'apple', certificates });

const verify = ({ response, challenge, requiresUserVerification, algorithms, topOrigin, record }) => {
  const expected = {
    response,
    expectedChallenge: challenge,
    expectedOrigin: 'https://example.org',
    expectedRPID: 'example.org',
    requireUserVerification: requiresUserVerification,
  };
  if (!record) return verifyRegistrationResponse({ ...expected, supportedAlgorithmIDs: algorithms });
  const credential = {
    id: record.id,
    publicKey: new Uint8Array(Buffer.from(record.publicKey, 'base64url')),
    counter: record.signCount,
  };
  return verifyAuthenticationResponse({ ...expected, expectedTopOrigin: topOrigin ?? undefined, credential });
};

const verdict = async each => {
  try {
    const { verified } = await verify(each);
    return [verified, verified ? '' : 'not verified'];
  } catch (error) {
    return [false, error.message];
  }
};

test('there are cases', () => assert.ok(cases.length > 100));

for (const each of cases) {
  test(each.name, async () => {
    const [verified, message] = await verdict(each);
    const isDiffering = verified !== each.verdict;
    assert.equal(isDiffering, differing.has(each.name), `the verifier: ${each.reason ?? 'yes'}, ${LIBRARY}: ${message || 'yes'}`);
  });
}
