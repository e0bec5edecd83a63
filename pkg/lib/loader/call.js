// Stands in for `../call.js` in `core.js`: the calls that are open are the loader's.

/** @typedef {Pick<typeof import('../call.js'), 'abandon' | 'isAbandonedSince'>} Loader */

/** @type {Loader} */
let loader;

/** @param {Loader} given */
export const connect = given => {
  loader = given;
};

/** @param {string} detail */
export const abandon = detail => loader.abandon(detail);

/** Tells later whether all has been abandoned since. */
export const isAbandonedSince = () => loader.isAbandonedSince();
