/** @import { RegistrationOptions, ResultOptions, VerifiedRegistration, VerifiedResult } from '../../types/server.js' */
import { assertion, registration, result } from 'wx-soter:glue';
import { ensureInstance } from './instance.js';
import { assertionOptions, registrationOptions } from './options.js';
import { supervise } from './supervisor.js';
import { VerificationError } from './verification-error.js';

/** @typedef {{ resultJSON?: unknown, resultJSONSignature?: unknown }} SentResult a result, as it came over the network */

/** One more than the module reads of anything: what is longer is too large for it, however much there is. */
const ENOUGH = 256 * 1024 + 1;

/**
 * What came over the network may be anything; what is no text becomes one that the module refuses.
 *
 * @param {unknown} value
 */
const textOf = value => (typeof value === 'string' ? value.slice(0, ENOUGH) : '');

/**
 * What the page sent as text, which it has to be still: what was parsed and written again may differ from what was signed.
 *
 * @param {SentResult | null | undefined} sent
 * @param {keyof SentResult} name
 * @param {string} reason why it is refused where it is none
 */
const sentText = (sent, name, reason) => {
  const value = sent?.[name];
  if (typeof value === 'string') return textOf(value);
  throw new VerificationError({ reason, message: `${name} is no text: it should be the string that the page sent, as it came` });
};

/**
 * A response, which may be JSON text or the object that it was parsed to.
 *
 * @param {unknown} value
 */
const jsonOf = value => {
  if (typeof value === 'string') return textOf(value);
  try {
    return textOf(JSON.stringify(value));
  } catch {
    return '';
  }
};

/**
 * Calls the module. Resolves if and only if everything holds.
 *
 * @template T
 * @param {(number: number) => Promise<string>} call
 * @returns {Promise<T>}
 */
const verify = async call => {
  const outcome = await supervise((generation, number) => {
    ensureInstance(generation);
    return call(number);
  });
  const { verified, refused, failed } = JSON.parse(outcome);
  if (verified) return verified;
  throw refused ? new VerificationError(refused) : new Error(`wx-soter/server ${failed}`);
};

/**
 * @param {unknown} response
 * @param {RegistrationOptions} options
 * @returns {Promise<VerifiedRegistration>}
 */
export const verifyRegistration = async (response, options) => {
  const expected = registrationOptions('verifyRegistration', options);
  const json = jsonOf(response);
  return verify(number => registration(number, json, expected));
};

/**
 * @param {unknown} response
 * @param {ResultOptions} options
 * @returns {Promise<VerifiedResult>}
 */
export const verifyAssertion = async (response, options) => {
  const expected = assertionOptions('verifyAssertion', options);
  const json = jsonOf(response);
  return verify(number => assertion(number, json, expected));
};

/**
 * @param {SentResult} sent
 * @param {ResultOptions} options
 * @returns {Promise<VerifiedResult>}
 */
export const verifyResult = async (sent, options) => {
  const expected = assertionOptions('verifyResult', options);
  const json = sentText(sent, 'resultJSON', 'result-malformed');
  const signature = sentText(sent, 'resultJSONSignature', 'result-signature-malformed');
  return verify(number => result(number, json, signature, expected));
};
