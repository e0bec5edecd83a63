// A page's WebAssembly that compiles nothing, whatever it throws instead.

/** What can be thrown and is no Error, or is one that cannot be read, as source text. */
export const THROWN = [
  'null',
  'undefined',
  '0',
  '""',
  '"no"',
  '{}',
  'Symbol("no")',
  'Object.create(null)',
  '{ toString() { throw new Error("no text"); } }',
  '{ get name() { throw new Error("no name"); } }',
  'Object.defineProperty(new Error("no"), "name", { get() { throw new Error("no name"); } })',
  'Object.defineProperty(new Error("no"), "reason", { get() { throw new Error("no reason"); } })',
  'new Proxy({}, { get() { throw new Error("no property"); }, getPrototypeOf() { throw new Error("no prototype"); } })',
];

/**
 * What makes a page's WebAssembly refuse so, before its own scripts.
 *
 * @param {string} thrown one of these
 */
export const throwsAlways = thrown =>
  new Function(`
    const refuse = () => { throw ${thrown}; };
    for (const name of ['Module', 'Instance'])
      WebAssembly[name] = new Proxy(WebAssembly[name], { construct: refuse });
    for (const name of ['compile', 'instantiate']) WebAssembly[name] = refuse;`);
