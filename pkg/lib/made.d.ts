// What xtask/js/bundle.mjs makes, and what tools of hosts do.
declare module 'wx-soter:*';
declare module 'wx-soter:answering' {
  export class Call {
    constructor(...given: any[]);
    [member: string]: any;
  }
  export const abandoned: number;
  export const abandon: (detail: string) => void;
  export const report: (error: unknown) => void;
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
