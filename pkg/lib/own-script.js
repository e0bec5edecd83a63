/** The names that the scripts have in the package. */
const FILES = /\/wx-soter\.(?:global|loader|no-wasm)\.js$/;

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
  const { document } = globalThis;
  const script = /** @type {any} */ (document?.currentScript);
  // Not what an element named "currentScript" passes off as one.
  if (script && /^script$/i.test(script.tagName)) return script;
  const [found, another] = [...(document?.scripts ?? [])].filter(isOurs);
  return another ? undefined : found;
};
