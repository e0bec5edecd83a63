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
  const { startSoterAuthentication, checkIsSupportSoterAuthentication, checkIsSoterEnrolledInDevice } = uni
  soter = { startSoterAuthentication, checkIsSupportSoterAuthentication, checkIsSoterEnrolledInDevice }
  soter.forgetKey = async () => false
  // #endif
  return soter
}
