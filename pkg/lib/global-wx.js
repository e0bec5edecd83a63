import { place } from './place.js';

const NAME = 'wx';

/** Nothing can be put on a primitive; it is left as it is. */
const complete = (wx, ours) => {
  if (Object(wx) !== wx) return;
  try {
    place(wx, ours);
  } catch {
    // An object that throws when it is looked at is left as it is; who sets it must not notice.
  }
};

/**
 * Puts our methods on the global `wx`, now and when another script sets one later, as WeChat's JSSDK does.
 *
 * @param {object} ours
 */
export const completeGlobalWx = ours => {
  const global = globalThis;
  const property = Reflect.getOwnPropertyDescriptor(global, NAME);
  let wx = global[NAME];
  if (wx == null) Reflect.set(global, NAME, (wx = {}));
  complete(wx, ours);
  // An accessor is another's way of doing this, or another copy of ours: leave it in charge.
  if (property && !('value' in property)) return;
  // Fails, and does no harm, where `wx` is not configurable.
  Reflect.defineProperty(global, NAME, {
    configurable: true,
    enumerable: true,
    get: () => wx,
    set: value => {
      wx = value;
      complete(wx, ours);
    },
  });
};
