// Where the loader finds the rest: in two files beside itself, `core.js` and `core.wasm`; or, where there is no WebAssembly, in
// `wx-soter.no-wasm.js` instead of the second.

import { attach } from 'wx-soter:core';
import { BUILD } from 'wx-soter:names';
import { blockedError } from '../blocked-error.js';
import { abandon, isAbandonedSince } from '../call.js';
import { takeOver } from '../no-wasm/hand-over.js';
import { ownScript } from '../own-script.js';
import { load as loadModule } from '../source.js';

const here = ownScript()?.src || globalThis.document?.baseURI;

let tries = 0;
/** The build stands in the address, so that a cache never mixes two; a number follows, or a browser would remember a failure. */
const beside = file => new URL(`${file}?${BUILD.slice(-8)}${tries > 1 ? `-${tries}` : ''}`, here).href;

/** An engine's own words for this are "Failed to fetch", and no more. */
const orSay = (address, directive, promise) =>
  promise.catch(error => {
    throw new Error(
      `${address} did not load (${error}): is it there, and does a Content-Security-Policy allow it in ${directive}?`,
    );
  });

const anotherBuild = address => new Error(`${address} is of another build of wx-soter than the loader`);

const loadCore = async () => {
  const address = beside('core.js');
  const core = await orSay(address, 'script-src', import(address));
  if (core.BUILD !== BUILD) throw anotherBuild(address);
  core.connect({ abandon, isAbandonedSince });
  attach(core);
};

/** Why the engine runs nothing, not even a module with nothing in it; nothing where it does. WebKit refuses only instances. */
const refusal = () => {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  } catch (error) {
    return error;
  }
};

/** What stands in for the module. */
const loadStandIn = async refused => {
  const address = beside('wx-soter.no-wasm.js');
  let taken;
  try {
    taken = await takeOver(() => import(address));
  } catch (error) {
    throw blockedError(refused, `put wx-soter.no-wasm.js beside the loader: ${address} did not load (${error})`);
  }
  if (!taken) throw anotherBuild(address);
  return taken;
};

const loadBoth = async module => {
  const [loaded] = await Promise.all([module, loadCore()]);
  return loaded;
};

/**
 * What `init` accepts. The other file is fetched meanwhile.
 *
 * @param {any} given
 */
export const load = given => {
  tries++;
  const refused = refusal();
  return loadBoth(refused ? loadStandIn(refused) : loadModule(given));
};

const fetchBoth = () => {
  tries++;
  const refused = refusal();
  if (refused) return loadBoth(loadStandIn(refused));
  const address = beside('core.wasm');
  // Without `compileStreaming`, which wants a MIME type that many servers do not send, and saves nothing for 50 KB.
  return loadBoth(orSay(address, 'connect-src', fetch(address)).then(loadModule));
};

let fetching;
/** The module, fetched anew after each failure. */
export default () => (fetching ??= fetchBoth().finally(() => (fetching = undefined)));
