import { configure, forgetKey, wx } from 'wx-soter:main';
import { completeGlobalWx } from '../global-wx.js';

export { configure, forgetKey };

completeGlobalWx(wx);
