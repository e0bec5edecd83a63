// What xtask/js/bundle.mjs makes, and what tools of hosts do.

/** The functions of a module, by wasm-bindgen's JavaScript: `src/browser/exports.rs`, and for servers `verifier/wasm/src/exports.rs`. */
declare module 'wx-soter:glue' {
  export function initialize(abandon: (detail: string) => void, memory: WeakMap<object, unknown>): void;
  export function call(
    api: number,
    settings: import('./settings.js').ReadySettings,
    options: unknown,
    call: import('./call.js').Call,
    waitedMs: number,
  ): void;
  export function canIUse(schema: string): boolean;

  export function registration(number: number, response: string, options: string): Promise<string>;
  export function assertion(number: number, response: string, options: string): Promise<string>;
  export function result(number: number, resultJSON: string, resultJSONSignature: string, options: string): Promise<string>;

  /** Makes an instance, unless there is one. Bytes are compiled by whoever has them. */
  export function initSync(given: { module: WebAssembly.Module | import('./instance.js').StandIn }): unknown;
  /** Replaces the instance. */
  export function __wbg_reset_state(): void;
  export function prepareInstance(): Promise<void>;
}
/** What wasm-opt has called everything, and which build it was. */
declare module 'wx-soter:names' {
  export const BUILD: string;
  /** The exports by their long names. */
  export function exported(exports: WebAssembly.Exports): WebAssembly.Exports;
}
/** The module's bytes in hexadecimal. */
declare module 'wx-soter:hex' {
  const hex: string;
  export default hex;
}
/** What wasm2js makes of the module. */
declare module 'wx-soter:instantiate' {
  const instantiate: import('./instance.js').StandIn;
  export default instantiate;
}
/** The part that the loader fetches: forwards to what `attach` got. */
declare module 'wx-soter:core' {
  export function attach(core: typeof import('./entry/core.js')): void;
}

// Files of ours, of which each file in pkg/dist has another.
declare module 'wx-soter:main' {
  type Main = typeof import('./entry/index.js');
  export const configure: Main['configure'];
  export const forgetKey: Main['forgetKey'];
  export const wx: Main['wx'];
}
/** Where the module comes from unless `init` is told. */
declare module 'wx-soter:embedded' {
  const embedded: () => import('./module.js').Given | Promise<import('./module.js').Given>;
  export default embedded;
}
declare module 'wx-soter:source' {
  /** What `init` accepts, as what an instance is made of, or a promise of that. */
  export function load(
    source: import('../types/index.js').ModuleSource,
  ): BufferSource | WebAssembly.Module | Promise<import('./module.js').Given>;
}
declare module 'wx-soter:compiled' {
  const compiled: () => WebAssembly.Module;
  export default compiled;
}

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
/** What mini-program code calls: anything at all, until ours are put on it. */
declare var wx: unknown;
