import { abandon } from './call.js';

/**
 * Stands in for `queueMicrotask` in the generated code, where the module goes on after a promise. A trap there has nobody
 * above it who would notice, and all open calls would wait for their deadline.
 *
 * @param {() => void} run
 */
export const queueMicrotask = run =>
  globalThis.queueMicrotask(() => {
    try {
      run();
    } catch (error) {
      abandon(String(error));
      throw error;
    }
  });
