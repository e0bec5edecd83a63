import { report } from '../call.js';
import * as main from './index.js';
import { failCalls } from '../default-wx.js';
import { completeGlobalWx } from '../global-wx.js';
import { scriptSettings } from '../script-settings.js';

/** With wrong attributes the page still gets its calls: what looks whether they are there must not break. */
const configureByScript = () => {
  try {
    main.configure(scriptSettings(), 'the script tag of wx-soter');
  } catch (error) {
    report(error);
    failCalls(error.message);
  }
};

// Of two copies on a page the first is the one.
// (An element of that id is no copy.)
if (!globalThis.WxSoter?.createWx) {
  configureByScript();
  const { canIUse, configure, createWx, forgetKey, init, install, toAuthenticationResponse, wx } = main;
  globalThis.WxSoter = {
    canIUse,
    configure: settings => configure(settings),
    createWx,
    forgetKey,
    init,
    install,
    toAuthenticationResponse,
    wx,
  };
  completeGlobalWx(wx);
}
