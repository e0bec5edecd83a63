import { enter, supervised as callback } from './supervisor.js';

export { enter };

/** The host's WebCrypto. */
export const subtle = () => globalThis.crypto?.subtle;

/**
 * What the module waits for, as something that it can await.
 *
 * @param {unknown} promise
 */
export const supervised = promise => ({
  /**
   * @param {(value: unknown) => void} resolved
   * @param {(error: unknown) => void} rejected
   */
  then(resolved, rejected) {
    Promise.resolve(promise).then(callback(resolved), callback(rejected));
  },
});
