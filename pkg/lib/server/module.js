import compiled from 'wx-soter:compiled';
import { __wbg_reset_state, initSync } from 'wx-soter:glue';

let isStarted = false;
/** A call that does not return broke the instance, and there is no telling what it left there. */
let isWhole = false;

/**
 * Makes a call into the module, which it starts, or replaces after a trap.
 *
 * @param {() => string} call
 */
export const within = call => {
  if (!isStarted) initSync({ module: compiled() });
  else if (!isWhole) __wbg_reset_state();
  isStarted = true;
  isWhole = false;
  const returned = call();
  isWhole = true;
  return returned;
};
