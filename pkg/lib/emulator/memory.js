/** @import { Settings } from '../../types/index.js' */

/**
 * What keeps the keys of one device, in the form of `localStorage`.
 *
 * @returns {NonNullable<Settings['storage']>}
 */
export const createMemory = () => {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    getItem: name => items.get(name) ?? null,
    setItem: (name, item) => void items.set(name, item),
  };
};
