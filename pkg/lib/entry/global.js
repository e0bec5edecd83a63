import { canIUse, createWx, init, install, toAuthenticationResponse } from './index.js';
import { completeGlobalWx } from '../global-wx.js';
import { scriptSettings } from '../script-settings.js';

// Of two copies on a page the first is the one.
// (An element of that id is no copy.)
if (!globalThis.WxSoter?.createWx) {
  const wx = createWx(scriptSettings());
  globalThis.WxSoter = { canIUse, createWx, init, install, toAuthenticationResponse, wx };
  completeGlobalWx(wx);
}
