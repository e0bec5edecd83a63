/** @import { Settings } from '../types/index.js' */
import { report } from './call.js';
import { failCalls } from './default-wx.js';
// One by one: what bundlers make of them as a whole breaks where a page has added to `Object.prototype`.
import { canIUse, configure, createWx, forgetKey, init, install, toAuthenticationResponse, wx } from './entry/index.js';
import { completeGlobalWx } from './global-wx.js';
import { scriptSettings } from './script-settings.js';

/** With wrong attributes the page still gets its calls: what looks whether they are there must not break. */
const configureByScript = () => {
  try {
    configure(scriptSettings(), 'the script tag of wx-soter');
  } catch (error) {
    report(error);
    failCalls(/** @type {TypeError} */ (error).message);
  }
};

/**
 * Gives the page its calls, as the plain scripts do.
 *
 * @returns {boolean} whether they are this copy's; of two copies on a page the first is the one
 */
export const defineGlobals = () => {
  // An element of that id is no copy.
  if (/** @type {{ createWx?: unknown } | undefined} */ (globalThis.WxSoter)?.createWx) return false;
  configureByScript();
  /** @type {{ WxSoter: unknown }} */ (globalThis).WxSoter = {
    canIUse,
    /** @param {Settings} settings */
    configure: settings => configure(settings),
    createWx,
    forgetKey,
    init,
    install,
    toAuthenticationResponse,
    wx,
  };
  completeGlobalWx(wx);
  return true;
};
