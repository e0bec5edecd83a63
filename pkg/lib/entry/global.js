import * as main from './index.js';
import { completeGlobalWx } from '../global-wx.js';
import { scriptSettings } from '../script-settings.js';

// Of two copies on a page the first is the one.
if (!globalThis.WxSoter) {
  const wx = main.createWx(scriptSettings());
  globalThis.WxSoter = { ...main, wx };
  completeGlobalWx(wx);
}
