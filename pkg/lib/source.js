/**
 * What `init` accepts, as what WebAssembly accepts, or a promise of that.
 *
 * @param {any} source bytes, a compiled module, a Response, a URL, or a promise of one of these
 * @returns {BufferSource | WebAssembly.Module | Promise<BufferSource | WebAssembly.Module>}
 */
export const load = source => {
  if (typeof source === 'string' || source.href) return fetch(source).then(load);
  if (source.then) return source.then(load);
  if (!source.arrayBuffer) return source;
  if (!source.ok) throw new Error(`HTTP status ${source.status} for ${source.url}`);
  return source.arrayBuffer();
};
