// Takes the signed result apart, byte by byte, as a server would (WebAuthn Level 3, §5.8.1 and §6.1).

/** @import { StartResult } from '../../pkg/types/index.js' */

const FLAGS = 32;
const COUNTER = 33;

/** The flags that a reader of a result asks about, by their bits. */
export const FLAG_BITS = { userPresent: 0, userVerified: 2, backupEligible: 3, backedUp: 4 };

/** @typedef {Pick<StartResult, 'resultJSON' | 'resultJSONSignature'>} Signed */
/** @typedef {ReturnType<typeof takeApart>} Apart */

/**
 * `resultJSON` and `resultJSONSignature`, read.
 *
 * @param {Signed} signed
 */
export function takeApart({ resultJSON, resultJSONSignature }) {
  /** @type {{ raw: string, counter: number, uid: string, cpu_id: string, webauthn: Record<string, string> }} */
  const result = JSON.parse(resultJSON);
  const data = bytes(result.webauthn.authenticatorData);
  /** @type {{ type: string, origin: string, challenge: string }} */
  const clientData = JSON.parse(new TextDecoder().decode(bytes(result.webauthn.clientDataJSON)));
  return {
    result,
    relyingPartyHash: hex(data.subarray(0, FLAGS)),
    flags: data[FLAGS],
    counter: new DataView(data.buffer).getUint32(COUNTER),
    clientData,
    signature: bytes(resultJSONSignature),
  };
}

/**
 * Whether the challenge that the browser signed is the UTF-8 of `raw`.
 *
 * @param {Apart} apart
 */
export function isChallengeOf({ result, clientData }) {
  return new TextDecoder().decode(bytes(clientData.challenge)) === result.raw;
}

/**
 * Base64 or base64url, as bytes.
 *
 * @param {string} text
 */
function bytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}

/** @param {Uint8Array} data */
function hex(data) {
  return Array.from(data, byte => byte.toString(16).padStart(2, '0')).join('');
}
