// Where the loader finds the rest: in two files beside itself, `core.js` and `core.wasm`; or, where there is no WebAssembly, in
// `wx-soter.no-wasm.js` instead of the second.

/** @import { ModuleSource } from '../../types/index.js' */
/** @import { Given } from '../module.js' */
import { attach } from 'wx-soter:core';
import { BUILD } from 'wx-soter:names';
import { textOf } from '../attempt.js';
import { abandon, isAbandonedSince } from '../call.js';
import { ownScript } from '../own-script.js';
import { load as loadModule } from '../source.js';
import { fetchStandIn, refusal } from './stand-in.js';

const here = ownScript()?.src || globalThis.document?.baseURI;

let tries = 0;
/**
 * The build stands in the address, so that a cache never mixes two; a number follows, or a browser would remember a failure.
 *
 * @param {string} file
 */
const beside = file => new URL(`${file}?${BUILD.slice(-8)}${tries > 1 ? `-${tries}` : ''}`, here).href;

/**
 * An engine's own words for this are "Failed to fetch", and no more.
 *
 * @template T
 * @param {string} address
 * @param {string} directive
 * @param {Promise<T>} promise
 */
const orSay = (address, directive, promise) =>
  promise.catch(error => {
    throw new Error(
      `${address} did not load (${textOf(error)}): is it there, and does a Content-Security-Policy allow it in ${directive}?`,
    );
  });

/**
 * What a function promises, asked for once, and anew after a failure.
 *
 * @template T
 * @template {unknown[]} Arguments
 * @param {(...given: Arguments) => Promise<T>} fetch
 * @returns {(...given: Arguments) => Promise<T>}
 */
const once = fetch => {
  /** @type {Promise<T> | undefined} */
  let pending;
  return (...given) =>
    (pending ??= fetch(...given).catch(error => {
      pending = undefined;
      throw error;
    }));
};

// Once, or a second copy would take the place of the one that runs.
const loadCore = once(async () => {
  const address = beside('core.js');
  const core = await orSay(address, 'script-src', import(address));
  if (core.BUILD !== BUILD) throw new Error(`${address} is of another build of wx-soter than the loader`);
  core.connect({ abandon, isAbandonedSince });
  attach(core);
});

/** What stands in for the module where the engine refuses it. */
const loadStandIn = once((/** @type {unknown} */ refused) => fetchStandIn(beside('wx-soter.no-wasm.js'), refused));

/** @param {Given | Promise<Given>} module */
const loadBoth = async module => {
  const [loaded] = await Promise.all([module, loadCore()]);
  return loaded;
};

/**
 * What `init` accepts. The other file is fetched meanwhile.
 *
 * @param {ModuleSource} given
 */
export const load = given => {
  tries++;
  const refused = refusal();
  if (!refused) return loadBoth(loadModule(given));
  // What was given is of no use here, and its failure is no matter.
  /** @type {Partial<Promise<unknown>>} */ (given).catch?.(() => {});
  return loadBoth(loadStandIn(refused));
};

const fetchBoth = () => {
  tries++;
  const refused = refusal();
  if (refused) return loadBoth(loadStandIn(refused));
  const address = beside('core.wasm');
  // Without `compileStreaming`, which wants a MIME type that many servers do not send, and saves nothing for 50 KB.
  return loadBoth(orSay(address, 'connect-src', fetch(address)).then(loadModule));
};

/** @type {Promise<Given> | undefined} */
let fetching;
/** The module, fetched anew after each failure. */
export default () => (fetching ??= fetchBoth().finally(() => (fetching = undefined)));
