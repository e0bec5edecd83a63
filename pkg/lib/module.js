/** @import { ModuleSource } from '../types/index.js' */
/** @import { StandIn } from './instance.js' */
import embedded from 'wx-soter:embedded';
import { __wbg_reset_state, initialize, initSync, prepareInstance } from 'wx-soter:glue';
import { load } from 'wx-soter:source';
import { attempt, textOf } from './attempt.js';
import { blockedError, isBlocked } from './blocked-error.js';
import { abandon, abandoned } from './call.js';

/** @typedef {BufferSource | WebAssembly.Module | StandIn} Given what an instance can be made of */
/** @typedef {BufferSource | WebAssembly.Module | Promise<Given> | (() => Given | Promise<Given>)} Source */

/**
 * Where the module comes from: what `init` got, or a function that has the bytes, or a promise of them.
 *
 * @type {Source}
 */
let source = embedded;
/** What outlives an instance of the module. */
const memory = new WeakMap();
/** How many instances there have been. */
let generation = 0;
/** `abandoned` when this instance started. Since it differs, the instance must be replaced. */
let abandonedBefore = 0;
/** @type {Promise<void> | undefined} */
let starting;
/** Whether the engine refuses to compile at all, as far as is known. */
export let blocked = false;

/** @param {Source} source */
const read = source => (typeof source === 'function' ? source() : source);

/**
 * What stands in for a module where there is no WebAssembly is a function; see `instance.js`.
 *
 * @param {unknown} given
 * @returns {given is StandIn}
 */
const isStandIn = given => typeof given === 'function';
/**
 * @param {unknown} given
 * @returns {boolean}
 */
const isModule = given => isStandIn(given) || given instanceof WebAssembly.Module;

/**
 * A promise of the page's may reject with anything, and with nothing.
 *
 * @param {unknown} error
 */
const toError = error =>
  attempt(() => error instanceof Error) ? error : new Error(`the module did not load (${textOf(error)})`);

/**
 * Which kind of error it is; an error of another realm is no instance of this one's classes, but has the same name.
 *
 * @param {any} thrown
 */
const nameOf = thrown => attempt(() => String(thrown.name)) ?? '';

/** @param {Given | 0} [given] a module, or its bytes; needed for the first instance alone */
const boot = given => {
  if (generation) __wbg_reset_state();
  else
    initSync({
      module: isModule(given)
        ? /** @type {WebAssembly.Module} */ (given)
        : new WebAssembly.Module(/** @type {BufferSource} */ (given)),
    });
  initialize(abandon, memory);
  abandonedBefore = abandoned;
  blocked = false;
  generation++;
};

/**
 * Starts the module, or replaces an instance that broke.
 *
 * @returns {Promise<void> | undefined} undefined when it runs: then the click that led here still counts as one
 */
export const start = () => {
  if (generation && abandoned === abandonedBefore) return;
  if (starting) return starting;
  if (!generation) {
    try {
      const given = read(source);
      if (!given?.then) {
        boot(given);
        return;
      }
    } catch (error) {
      // There is none, or what came is none (TypeError), or the engine compiles only asynchronously (RangeError): try that, and
      // if all is forbidden it will say so.
      blocked = !/^(Type|Range)/.test(nameOf(error));
    }
  }
  starting = startLater()
    .catch(error => {
      throw toError(error);
    })
    .finally(() => (starting = undefined));
  // Each call that waits answers for itself.
  starting.catch(error => {
    blocked ||= isBlocked(error);
  });
  return starting;
};

const startLater = async () => {
  // An instance that broke may be on the stack, and has outcomes under way. Both are over in a later microtask.
  let given = await (generation ? 0 : read(source));
  try {
    if (!generation && !isModule(given)) {
      // Where a server has no such file it often sends a page instead.
      if (!WebAssembly.validate(/** @type {BufferSource} */ (given)))
        throw new TypeError('what came instead of core.wasm is not a WebAssembly module');
      given = await WebAssembly.compile(/** @type {BufferSource} */ (given));
    }
    try {
      boot(given);
    } catch (error) {
      if (nameOf(error) !== 'RangeError' || isStandIn(given)) throw error;
      await prepareInstance();
      boot(given);
    }
  } catch (error) {
    // Said by us, or by whoever fetched; or it ran before, and is not blocked. All else is the engine's refusal.
    throw generation || isStandIn(given) || /^(Type|Link)/.test(nameOf(error)) ? error : blockedError(error);
  }
};

/**
 * Starts the module ahead of the first call.
 *
 * @param {ModuleSource} [given] where the module is, for the entry that has none inside
 * @returns {Promise<void>}
 */
export const init = async given => {
  if (given && !generation) {
    source = given = load(given);
    // The failure is for who calls, too.
    if (/** @type {Partial<Promise<Given>>} */ (given).catch) /** @type {Promise<Given>} */ (given).catch(() => {});
  }
  await start();
};

/**
 * After an exception out of the module: fails all open calls, and has it replaced before the next.
 *
 * @param {unknown} error
 */
export const giveUp = error => abandon(textOf(error));
