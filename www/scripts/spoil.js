/** @import { Signed } from './assertion.js' */
/** @typedef {keyof typeof cheats} Cheat */

/** Copies of a result such as a cheat would send. */
export const cheats = {
  replay: (/** @type {Signed} */ answer) => answer,
  counter: (/** @type {Signed} */ answer) => edit(answer, result => (result.counter += 1)),
  // In the middle, so that it still looks like one of the server's: the last digit of base64url cannot be just any.
  challenge: (/** @type {Signed} */ answer) => edit(answer, result => (result.raw = altered(result.raw, result.raw.length >> 1))),
  // Past the head of its encoding, so that it still looks like a signature.
  signature: (/** @type {Signed} */ answer) => ({ ...answer, resultJSONSignature: altered(answer.resultJSONSignature, 24) }),
  // The same result, sent by somebody else.
  account: (/** @type {Signed} */ answer) => answer,
};

/**
 * @param {Signed} answer
 * @param {(result: { raw: string, counter: number }) => void} change
 */
function edit(answer, change) {
  const result = JSON.parse(answer.resultJSON);
  change(result);
  return { ...answer, resultJSON: JSON.stringify(result) };
}

/**
 * The same text with another character at one place.
 *
 * @param {string} text
 * @param {number} at
 */
const altered = (text, at) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
