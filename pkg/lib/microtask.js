import { generation, giveUp } from './module.js';

/**
 * Stands in for `queueMicrotask` in the generated code. What runs there is the module's own, with nobody above it to
 * notice that it broke.
 *
 * @param {() => void} task
 */
export const queueMicrotask = task => {
  const enqueued = generation;
  Promise.resolve()
    .then(task)
    .catch(error => {
      if (enqueued === generation) giveUp(error);
    });
};
