/** @import { Reason } from '../types/index.js' */
import { attempt, textOf } from './attempt.js';

/** @typedef {Error & { reason: Reason }} BlockedError */

/** @type {Reason} */
const REASON = 'webassembly-blocked';

/**
 * @param {Error & { reason?: Reason }} error
 * @returns {error is BlockedError}
 */
export const isBlocked = error => attempt(() => error.reason) === REASON;

/**
 * What calls are told where the engine runs no WebAssembly.
 *
 * @param {unknown} refusal the engine's own words
 * @param {string} [wayOut] what to do other than to allow it
 * @returns {BlockedError}
 */
export const blockedError = (refusal, wayOut = 'use wx-soter/no-wasm (wx-soter.no-wasm.js), which needs no WebAssembly') =>
  Object.assign(
    new Error(
      `WebAssembly is blocked (${textOf(refusal)}); if a Content-Security-Policy does it, add 'wasm-unsafe-eval' to script-src; or ${wayOut}`,
    ),
    { reason: REASON },
  );
