/** The names that the scripts have in the package. */
const FILES = /\/wx-soter\.(?:global|loader|no-wasm)\.js$/;

/** @param {HTMLScriptElement} script */
const isOurs = ({ src }) => {
  try {
    return FILES.test(new URL(src).pathname);
  } catch {
    return false;
  }
};

/**
 * The tag of the script that is running: as the browser says, or, where it does not (in a module, and where a sandbox such as
 * qiankun evaluates the text), the only one whose address has our name.
 *
 * @returns {HTMLScriptElement | undefined} undefined where it cannot be told
 */
export const ownScript = () => {
  const { document, Document } = globalThis;
  if (!document || !Document) return;
  // Not by the document's own names, which elements with a `name` take the place of: their `src` would be where code comes from.
  /** @param {'currentScript' | 'scripts'} name */
  const read = name => Object.getOwnPropertyDescriptor(Document.prototype, name)?.get?.call(document);
  const running = read('currentScript');
  if (running) return running;
  const [found, another] = [...(read('scripts') ?? [])].filter(isOurs);
  return another ? undefined : found;
};
