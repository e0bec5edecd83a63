import { wx } from 'wx-soter:main';
import { completeGlobalWx } from '../global-wx.js';

completeGlobalWx(wx);
