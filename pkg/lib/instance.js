/** @type {WebAssembly.Module} */
let module;
/** @type {WebAssembly.Imports} */
let imports;
/** @type {WebAssembly.Instance | undefined} */
let prepared;

/**
 * Stands in for `WebAssembly.Instance` in the generated code, which instantiates synchronously. Chromium before 115
 * refuses that for modules over 4 KB; there the instance that `prepareInstance` made is handed out instead.
 */
export function Instance(wantedModule, wantedImports) {
  module = wantedModule;
  imports = wantedImports;
  const instance = prepared || new WebAssembly.Instance(module, imports);
  prepared = undefined;
  return instance;
}

/** Makes asynchronously what was refused synchronously. */
export const prepareInstance = async () => {
  prepared = await WebAssembly.instantiate(module, imports);
};

export { Instance as 'WebAssembly.Instance' };
