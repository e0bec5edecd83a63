export { canIUse, createWx } from '../create-wx.js';
export { configure, wx } from '../default-wx.js';
export { forgetKey } from '../forget-key.js';
export { install } from '../install.js';
export { init } from '../module.js';
export { toAuthenticationResponse } from '../to-authentication-response.js';
