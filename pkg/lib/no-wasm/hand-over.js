/** @import { StandIn } from '../instance.js' */
import { BUILD } from 'wx-soter:names';

// The loader falls back on the script for pages without WebAssembly, and wants nothing of it but what stands in for the module.
// A script exports nothing, so it is handed over through a global that has the build in its name.

/** @typedef {{ [name]?: (instantiate: StandIn) => void }} Waiting the global scope while a loader waits */

const name = Symbol.for(BUILD);

/**
 * Gives the module's stand-in to a loader of the same build that is waiting for it.
 *
 * @param {StandIn} instantiate
 * @returns {boolean} whether there is one
 */
export const handOver = instantiate => {
  const take = /** @type {Waiting} */ (globalThis)[name];
  take?.(instantiate);
  return !!take;
};

/**
 * What the script hands over while it is fetched; nothing if it is of another build.
 *
 * @param {() => Promise<unknown>} fetchScript
 * @returns {Promise<StandIn | undefined>}
 */
export const takeOver = async fetchScript => {
  /** @type {StandIn | undefined} */
  let taken;
  /** @type {Waiting} */ (globalThis)[name] = given => {
    taken = given;
  };
  try {
    await fetchScript();
  } finally {
    delete (/** @type {Waiting} */ (globalThis)[name]);
  }
  return taken;
};
