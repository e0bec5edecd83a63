import { createWx } from '../create-wx.js';

export { canIUse, createWx } from '../create-wx.js';
export { install } from '../install.js';
export { init } from '../module.js';
export { toAuthenticationResponse } from '../to-authentication-response.js';

/** The calls with default settings. */
export const wx = /* @__PURE__ */ createWx();
