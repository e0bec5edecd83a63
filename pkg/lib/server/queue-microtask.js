import { supervised } from './supervisor.js';

/**
 * Stands for the global one in wasm-bindgen's JavaScript, where it polls futures: a trap there would end the process.
 *
 * A promise runs it, since fake timers, such as Jest's, replace the global one too.
 *
 * @param {(value: void) => void} callback
 */
export const queueMicrotask = callback => {
  Promise.resolve().then(supervised(callback));
};
