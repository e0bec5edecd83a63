import { configure, forgetKey as forget, install } from 'wx-soter'

// #ifdef H5
install(uni, { override: true })
// #endif

/** After each log-in: whose key it is, and who gets to know a new one. */
export const setAccount = (accountId, onKeyCreated) => {
  // #ifdef H5
  configure({ user: { id: accountId }, onKeyCreated })
  // #endif
}

/** For a key that the server does not know, or not any more: the next start makes another. */
export const forgetKey = async () => {
  // #ifdef H5
  await forget()
  // #endif
}

import { createSSRApp } from 'vue'
import App from './App.vue'

export const createApp = () => ({ app: createSSRApp(App) })
