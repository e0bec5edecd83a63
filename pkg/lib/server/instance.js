import compiled from 'wx-soter:compiled';
import { __wbg_reset_state, initSync } from 'wx-soter:glue';

/**
 * The generation of the instance that is there.
 *
 * @type {number | undefined}
 */
let present;

/**
 * Starts the module, or replaces an instance that broke.
 *
 * @param {number} generation
 */
export const ensureInstance = generation => {
  if (present === undefined) initSync({ module: compiled() });
  else if (present !== generation) __wbg_reset_state();
  present = generation;
};
