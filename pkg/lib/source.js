/**
 * What `init` accepts, as what WebAssembly accepts, or a promise of that.
 *
 * @param {any} source a `ModuleSource`, which is told by its members: it may be of another realm's class
 * @returns {BufferSource | WebAssembly.Module | Promise<BufferSource | WebAssembly.Module>}
 */
export const load = source => {
  if (typeof source === 'string' || source.href) return fetch(source).then(load);
  if (source.then) return source.then(load);
  if (!source.arrayBuffer) return source;
  if (!source.ok) throw new Error(`HTTP status ${source.status} for ${source.url}`);
  return source.arrayBuffer();
};
