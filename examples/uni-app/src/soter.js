// #ifdef H5
import { createWx, forgetKey } from 'wx-soter'
// #endif

/** The calls for the account that is logged in. `onKeyCreated` hands each new key to your server. */
export const soterFor = (accountId, onKeyCreated) => {
  let soter
  // #ifdef H5
  if (!accountId) throw new Error('soterFor: nobody is logged in')
  const settings = { user: { id: String(accountId) }, onKeyCreated }
  soter = { ...createWx(settings), forgetKey: () => forgetKey(settings) }
  // #endif
  // #ifndef H5
  // By callbacks: without them, the promise of Vue 2 resolves even where the call has failed.
  const both = (settle, callback) => (answer) => {
    settle(answer)
    callback?.(answer)
  }
  const promised = (call) => (options) =>
    new Promise((resolve, reject) =>
      call({ ...options, success: both(resolve, options?.success), fail: both(reject, options?.fail) })
    )
  soter = {
    startSoterAuthentication: promised(uni.startSoterAuthentication),
    checkIsSupportSoterAuthentication: promised(uni.checkIsSupportSoterAuthentication),
    checkIsSoterEnrolledInDevice: promised(uni.checkIsSoterEnrolledInDevice),
    forgetKey: async () => false
  }
  // #endif
  return soter
}
