/**
 * What an action returns; nothing where it throws, as a page's getters, proxies and globals may.
 *
 * @template T
 * @param {() => T} action
 * @returns {T | undefined}
 */
export const attempt = action => {
  try {
    return action();
  } catch {}
};
