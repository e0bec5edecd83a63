import { textOf } from './attempt.js';
import { abandon, isAbandonedSince } from './call.js';

/**
 * Stands in for `queueMicrotask` in the generated code, where the module goes on after a promise. A trap there has nobody
 * above it who would notice, and all open calls would wait for their deadline.
 *
 * A promise runs it, since fake timers, such as Jest's, replace `queueMicrotask` too.
 *
 * @param {() => void} run
 */
export const queueMicrotask = run => {
  const isAbandoned = isAbandonedSince();
  Promise.resolve()
    .then(run)
    .catch(error => {
      // What an instance left behind that has been given up is no concern of the calls of the next.
      if (isAbandoned()) return;
      abandon(textOf(error));
      // For the page's own reports of what went wrong.
      throw error;
    });
};
