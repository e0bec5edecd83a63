// One program for every runtime. It says what became of a registration, a result, the vectors' algorithms, and forgeries.
import { HERE, createPage, flipped } from './page.mjs';
import { assertionOf, bytes, found, registrationOf } from './vectors.mjs';

const { registration, result } = await createPage().start('c');

const algorithms = ['packed-es256', 'packed-rs256', 'packed-eddsa'].map(name => {
  const vector = found(name);
  const challenges = [vector.registration, vector.assertion].map(({ challenge }) => [...bytes(challenge)]);
  return { name, challenges, registration: registrationOf(vector), assertion: assertionOf(vector) };
});

const sent = { here: HERE, registration, result, forged: flipped(result.resultJSONSignature, -1, 'base64'), algorithms };

/** What it answers everywhere. */
export const ANSWERS = {
  result: [1, 'increased'],
  forged: 'signature-invalid',
  garbage: 'response-malformed',
  forgotten: 'TypeError',
  'packed-es256': ['uncertain', 'not-kept', 'signature-invalid'],
  'packed-rs256': ['uncertain', 'not-kept', 'signature-invalid'],
  'packed-eddsa': ['uncertain', 'not-kept', 'signature-invalid'],
};

/** The program's function, `answers`, of what the entry exports. It is JavaScript as text, and knows nothing but globals. */
export const PROGRAM = `
const sent = ${JSON.stringify(sent)}
const answers = async ({ VerificationError, verifyAssertion, verifyRegistration, verifyResult }) => {
  const refused = (promise) =>
    promise.then(() => 'resolved', (error) => (error instanceof VerificationError ? error.reason : error.name))
  const expected = { ...sent.here, challenge: 'c' }
  const { key } = await verifyRegistration(sent.registration, expected)
  const { counter, counterState } = await verifyResult(sent.result, { ...expected, key })
  const all = {
    result: [counter, counterState],
    forged: await refused(verifyResult({ ...sent.result, resultJSONSignature: sent.forged }, { ...expected, key })),
    garbage: await refused(verifyRegistration('['.repeat(100000), expected)),
    forgotten: await refused(verifyResult(sent.result, { ...sent.here, key }))
  }
  for (const { name, challenges, registration, assertion } of sent.algorithms) {
    const here = { origin: 'https://example.org', rpId: 'example.org', userVerification: 'optional' }
    const [first, second] = challenges.map((challenge) => ({ ...here, challenge: Uint8Array.from(challenge) }))
    const { key, attestation } = await verifyRegistration(registration, first)
    const { counterState } = await verifyAssertion(assertion, { ...second, key })
    const { response } = assertion
    const signature = response.signature.slice(0, -8) + 'AAAAAAAA'
    const other = { ...assertion, response: { ...response, signature } }
    all[name] = [attestation.type, counterState, await refused(verifyAssertion(other, { ...second, key }))]
  }
  return all
}
`;
