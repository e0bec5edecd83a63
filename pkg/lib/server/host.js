import { enter, supervised as callback } from './supervisor.js';

export { enter };

/** The host's WebCrypto. */
export const subtle = () => globalThis.crypto?.subtle;

/** What the module waits for, as something that it can await. The promise may be anything. */
export const supervised = promise => ({
  then(resolved, rejected) {
    Promise.resolve(promise).then(callback(resolved), callback(rejected));
  },
});
