import { supervised } from './supervisor.js';

/**
 * Stands for the global one in wasm-bindgen's JavaScript, where it polls futures: a trap there would end the process.
 *
 * @param {(value: void) => void} callback
 */
export const queueMicrotask = callback => globalThis.queueMicrotask(supervised(callback));
