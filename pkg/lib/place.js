/** @import { Wx } from '../types/index.js' */
import { checks, isMissing } from './check.js';

/**
 * Puts our methods on an object, where it has none of that name; everywhere if `override`. What cannot be set, as on a
 * frozen object, stays as it is.
 *
 * @template {object} T
 * @param {T} target
 * @param {Wx} ours
 * @param {boolean} [override]
 * @returns {T & Wx} an object that takes no methods is no `Wx`, of course
 */
export const place = (target, ours, override) => {
  checks('install').demand(isMissing(override) || typeof override === 'boolean', 'override', 'true or false');
  const names = Object.keys(ours);
  for (const name of names) {
    const theirs = /** @type {Record<string, unknown>} */ (target)[name];
    const present = typeof theirs === 'function';
    if (!present || override) {
      const method =
        present && name === 'canIUse'
          ? /** @param {string} schema */ schema =>
              names.includes(String(schema).split('.')[0]) ? ours.canIUse(schema) : theirs.call(target, schema)
          : ours[/** @type {keyof Wx} */ (name)];
      Reflect.set(target, name, method);
    }
  }
  return /** @type {T & Wx} */ (target);
};
