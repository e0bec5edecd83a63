import { report } from 'wx-soter:answering';
import { canIUse, createWx, init, install, toAuthenticationResponse } from './index.js';
import { failingWx, makeWx } from '../create-wx.js';
import { completeGlobalWx } from '../global-wx.js';
import { scriptSettings } from '../script-settings.js';
import { checkedSettings } from '../settings.js';

/** With wrong attributes the page still gets its calls: what looks whether they are there must not break. */
const wxOfScript = () => {
  try {
    return makeWx(checkedSettings(scriptSettings(), 'the script tag of wx-soter'));
  } catch (error) {
    report(error);
    return failingWx(error.message);
  }
};

// Of two copies on a page the first is the one.
// (An element of that id is no copy.)
if (!globalThis.WxSoter?.createWx) {
  const wx = wxOfScript();
  globalThis.WxSoter = { canIUse, createWx, init, install, toAuthenticationResponse, wx };
  completeGlobalWx(wx);
}
