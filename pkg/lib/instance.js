import { BUILD, exported } from 'wx-soter:names';

/**
 * What stands in for a module where there is no WebAssembly: makes an instance of itself, and gives its exports.
 *
 * @typedef {(imports: WebAssembly.Imports) => WebAssembly.Exports} StandIn
 */

/** @type {WebAssembly.Module | StandIn} */
let module;
/** @type {WebAssembly.Imports} */
let imports;
/** @type {WebAssembly.Instance | undefined} */
let prepared;

/**
 * Stands in for `WebAssembly.Instance` in the generated code, which instantiates synchronously. Chromium before 115
 * refuses that for modules over 4 KB; there the instance that `prepareInstance` made is handed out instead.
 *
 * A module may also be the function that stands in for one where there is no WebAssembly: it makes the exports itself.
 *
 * wasm-opt has shortened the names between the two, and made one module of all that the module imports from.
 *
 * @param {WebAssembly.Module | StandIn} wantedModule
 * @param {WebAssembly.Imports} wantedImports
 */
export function Instance(wantedModule, wantedImports) {
  // Short names mean other things in another build, and might link all the same.
  const isFunction = typeof wantedModule === 'function';
  if (!isFunction && !WebAssembly.Module.customSections(wantedModule, BUILD).length) {
    throw new TypeError('the module is of another build of wx-soter than the script');
  }
  module = wantedModule;
  imports = { a: Object.assign({}, ...Object.values(wantedImports)) };
  const exports = isFunction ? wantedModule(imports) : (prepared || new WebAssembly.Instance(module, imports)).exports;
  prepared = undefined;
  return { exports: exported(exports) };
}

/** Makes asynchronously what was refused synchronously. */
export const prepareInstance = async () => {
  prepared = await WebAssembly.instantiate(module, imports);
};

/**
 * Stands in for `WebAssembly.Module` there, which makes sure that it was given one. It always is; but some hosts at the edge
 * hand out modules of another realm, which are no instances of this one's class.
 */
export const Module = { [Symbol.hasInstance]: () => true };
