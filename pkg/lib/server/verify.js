import { assertion, registration, result } from 'wx-soter:glue';
import { within } from './module.js';
import { assertionOptions, registrationOptions } from './options.js';
import { holds } from './signature.js';
import { VerificationError } from './verification-error.js';

/** One more than the module reads of anything: what is longer is too large for it, however much there is. */
const ENOUGH = 256 * 1024 + 1;

/** What came over the network may be anything; what is no text becomes one that the module refuses. */
const textOf = value => (typeof value === 'string' ? value.slice(0, ENOUGH) : '');

/** A response, which may be JSON text or the object that it was parsed to. */
const jsonOf = value => {
  if (typeof value === 'string') return textOf(value);
  try {
    return textOf(JSON.stringify(value));
  } catch {
    return '';
  }
};

/**
 * Calls the module, and again with each answer to what it asks about signatures. Resolves if and only if everything holds.
 *
 * @param {string} name
 * @param {(answers: number[]) => string} call
 */
const verify = async (name, call) => {
  const answers = [];
  for (;;) {
    const { verified, refused, asked } = JSON.parse(within(() => call(answers))) ?? {};
    if (verified) return verified;
    if (refused) throw new VerificationError(refused);
    // All other options were looked at before.
    if (!asked) throw new TypeError(`${name}: key should be as verifyRegistration gave it`);
    answers.push((await holds(asked)) ? 1 : 0);
  }
};

/**
 * @param {unknown} response
 * @param {any} options
 */
export const verifyRegistration = async (response, options) => {
  const name = 'verifyRegistration';
  const expected = registrationOptions(name, options);
  const json = jsonOf(response);
  return verify(name, answers => registration(json, expected, answers));
};

/**
 * @param {unknown} response
 * @param {any} options
 */
export const verifyAssertion = async (response, options) => {
  const name = 'verifyAssertion';
  const expected = assertionOptions(name, options);
  const json = jsonOf(response);
  return verify(name, answers => assertion(json, expected, answers));
};

/**
 * @param {any} sent
 * @param {any} options
 */
export const verifyResult = async (sent, options) => {
  const name = 'verifyResult';
  const expected = assertionOptions(name, options);
  const json = textOf(sent?.resultJSON);
  const signature = textOf(sent?.resultJSONSignature);
  return verify(name, answers => result(json, signature, expected, answers));
};
