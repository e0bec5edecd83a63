// The platform's types that others here mention: the real ones where a program has them, from TypeScript's `dom` or from
// `@types/node`, and nothing that would not compile where it has not.

/** A class of the global scope, seen from its instances. */
type InstanceOf<Name extends string, Absent> = typeof globalThis extends { [Key in Name]: { prototype: infer Instance } }
  ? Instance
  : Absent;

/** The platform's `AbortSignal`. */
export type AbortSignal = InstanceOf<
  'AbortSignal',
  { readonly aborted: boolean; addEventListener(type: 'abort', listener: () => void): void }
>;
/** The platform's `Response`. */
export type Response = InstanceOf<'Response', never>;
/** The platform's `URL`. */
export type URL = InstanceOf<'URL', never>;
/** A compiled module: the platform's `WebAssembly.Module`. */
export type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Instance } } } ? Instance : never;
