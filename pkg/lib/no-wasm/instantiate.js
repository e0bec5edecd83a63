/** @import { StandIn } from '../instance.js' */
/** @typedef {{ buffer: ArrayBuffer }} Memory */

import instantiate from 'wx-soter:instantiate';

/** @param {ArrayBuffer} buffer */
const detach = buffer => {
  if (globalThis.structuredClone) globalThis.structuredClone(buffer, { transfer: [buffer] });
  else {
    // Safari before 15.4.
    const { port1 } = new MessageChannel();
    port1.postMessage(buffer, [buffer]);
    port1.close();
  }
};

/**
 * Stands in for `WebAssembly.instantiate`: the module as JavaScript, of which each call makes a new instance.
 *
 * Its memory behaves as WebAssembly's does. wasm-bindgen's JavaScript keeps views of the memory, and makes new ones when they are
 * detached, as they are when memory grows. What wasm2js writes goes over to a larger buffer, and leaves the old one as it was; so it
 * is detached here, before anything outside of the module runs again.
 *
 * One thing is weaker than in WebAssembly: an address out of bounds is no trap. Reads there give 0, and writes are lost. Rust checks
 * its own bounds before.
 *
 * @type {StandIn}
 */
export default imports => {
  /** @type {Memory} */
  let memory;
  /** @type {ArrayBuffer} */
  let buffer;
  const detachOld = () => {
    if (!memory || memory.buffer === buffer) return;
    const old = buffer;
    buffer = memory.buffer;
    detach(old);
  };
  /**
   * @template {WebAssembly.ImportValue} T
   * @param {Record<string, T>} members
   * @param {(member: Function) => Function} change
   * @returns {Record<string, T | Function>}
   */
  const mapFunctions = (members, change) =>
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, typeof member === 'function' ? change(member) : member]),
    );
  /** @type {(called: Function) => (...given: unknown[]) => unknown} */
  const entered =
    called =>
    (...given) => {
      detachOld();
      return called(...given);
    };
  /** @type {(called: Function) => (...given: unknown[]) => unknown} */
  const left =
    called =>
    (...given) => {
      try {
        return called(...given);
      } finally {
        detachOld();
      }
    };
  const watched = Object.entries(imports).map(([from, members]) => [from, mapFunctions(members, entered)]);
  const exports = instantiate(Object.fromEntries(watched));
  // Every module of ours has one.
  memory = /** @type {Memory} */ (/** @type {Partial<Memory>[]} */ (Object.values(exports)).find(member => member.buffer));
  buffer = memory.buffer;
  return mapFunctions(exports, left);
};
