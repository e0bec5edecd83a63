/** @import { Wx } from '../types/index.js' */
import { attempt } from './attempt.js';
import { lexicalWx } from './lexical-wx.js';
import { place } from './place.js';

const NAME = 'wx';

let hasWarned = false;

/** Says why code that uses `wx` will not find the calls. Once, since a page may try again and again. */
const warn = () => {
  if (hasWarned) return;
  hasWarned = true;
  console.warn("wx-soter: the page's wx takes no methods (is it frozen?), so its calls are not there: use WxSoter.wx");
};

/**
 * @param {unknown} wx whatever the page has there
 * @param {Wx} ours
 */
const complete = (wx, ours) => {
  if (wx == null) return;
  try {
    place(/** @type {object} */ (wx), ours);
    if (Object.keys(ours).some(name => typeof (/** @type {Record<string, unknown>} */ (wx)[name]) !== 'function')) warn();
  } catch {
    // Nothing can be put on a primitive, and some objects throw when they are looked at. They are left as they are, and who
    // sets one must not notice.
    warn();
  }
};

/**
 * Puts our methods on the `wx` that the page's code finds.
 *
 * @param {Wx} ours
 */
const completeAll = ours => {
  const global = attempt(() => globalThis[NAME]);
  const lexical = lexicalWx();
  complete(global, ours);
  if (lexical !== global) complete(lexical, ours);
};

/**
 * Puts our methods on the global `wx`, now and when another script sets one later, as WeChat's JSSDK does.
 *
 * @param {Wx} ours
 */
export const completeGlobalWx = ours => {
  const global = globalThis;
  const property = Reflect.getOwnPropertyDescriptor(global, NAME);
  let wx = global[NAME];
  if (wx == null) Reflect.set(global, NAME, (wx = {}));
  completeAll(ours);
  // Scripts further down may declare one, or define the property anew.
  global.addEventListener?.('load', () => completeAll(ours));
  // An accessor is another's way of doing this, or another copy of ours: leave it in charge.
  if (property && !('value' in property)) return;
  /** @type {PropertyDescriptor & { __proto__: null }} */
  const descriptor = {
    // Or what a page has put on `Object.prototype` would be part of this.
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => wx,
    set: value => {
      wx = value;
      complete(wx, ours);
    },
  };
  // Fails, and does no harm, where `wx` is not configurable.
  Reflect.defineProperty(global, NAME, descriptor);
};
