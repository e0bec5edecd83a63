// Where the engine refuses WebAssembly: what stands in for the module, in `wx-soter.no-wasm.js`.

import { textOf } from '../attempt.js';
import { blockedError } from '../blocked-error.js';
import { takeOver } from '../no-wasm/hand-over.js';

/** Why the engine runs nothing, not even a module with nothing in it; nothing where it does. WebKit refuses only instances. */
export const refusal = () => {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  } catch (error) {
    // A page's own may throw anything, even nothing at all.
    return error || new Error(textOf(error));
  }
};

/**
 * Fetches it. One at a time: the file hands it over through a global.
 *
 * @param {string} address
 * @param {unknown} refused why it is needed
 */
export const fetchStandIn = async (address, refused) => {
  let taken;
  try {
    taken = await takeOver(() => import(address));
  } catch (error) {
    throw blockedError(refused, `put wx-soter.no-wasm.js beside the loader: ${address} did not load (${textOf(error)})`);
  }
  if (!taken) throw new Error(`${address} is of another build of wx-soter than the loader`);
  return taken;
};
