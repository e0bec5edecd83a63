// What xtask/js/bundle.mjs makes, and what tools of hosts do.
declare module 'wx-soter:*';
declare module '*.css' {
  const text: string;
  export default text;
}
declare module '*.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}
interface Uint8ArrayConstructor {
  /** Where the engine has it. */
  fromHex?(text: string): Uint8Array<ArrayBuffer>;
}
