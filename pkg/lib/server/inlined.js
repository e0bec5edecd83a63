import embedded from '../embedded.js';

/** The module, for hosts that compile bytes: Node, Deno, Bun. */
export default () => new WebAssembly.Module(embedded());
