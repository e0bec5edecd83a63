import { BUILD } from 'wx-soter:names';

// The loader falls back on the script for pages without WebAssembly, and wants nothing of it but what stands in for the module.
// A script exports nothing, so it is handed over through a global that has the build in its name.

const name = Symbol.for(BUILD);

/**
 * Gives the module's stand-in to a loader of the same build that is waiting for it.
 *
 * @param {Function} instantiate
 * @returns {boolean} whether there is one
 */
export const handOver = instantiate => {
  const take = globalThis[name];
  take?.(instantiate);
  return !!take;
};

/**
 * What the script hands over while it is fetched; nothing if it is of another build.
 *
 * @param {() => Promise<unknown>} fetchScript
 * @returns {Promise<Function | undefined>}
 */
export const takeOver = async fetchScript => {
  let taken;
  globalThis[name] = given => {
    taken = given;
  };
  try {
    await fetchScript();
  } finally {
    delete globalThis[name];
  }
  return taken;
};
