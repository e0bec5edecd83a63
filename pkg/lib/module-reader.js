import { decode } from '../../src/browser/page.js';

/**
 * Reads the text in which the module travels inside the script; `module-reader.wat` says how it is written.
 *
 * @param {string} text
 * @param {string} reader the module of that file, base64url
 * @returns {Uint8Array}
 */
export const read = (text, reader) => {
  // Not `WebAssembly.Instance`, which has another meaning in this package's bundles.
  const { Module, Instance } = WebAssembly;
  const { m, r } = new Instance(new Module(decode(reader))).exports;
  const memory = new Uint8Array(m.buffer);
  const codes = new TextEncoder().encode(text);
  memory.set(codes);
  return memory.subarray(0, r(codes.length));
};
