import Taro from '@tarojs/taro'
import { createWx, forgetKey } from 'wx-soter'

/** The calls for the account that is logged in. `onKeyCreated` hands each new key to your server. */
export const soterFor = (accountId, onKeyCreated) => {
  if (process.env.TARO_ENV === 'h5') {
    if (!accountId) throw new Error('soterFor: nobody is logged in')
    const settings = { user: { id: String(accountId) }, onKeyCreated }
    return { ...createWx(settings), forgetKey: () => forgetKey(settings) }
  }
  // Mini programs have the calls. On the web nothing may take them from `Taro`: its compiler puts the stub there.
  const { startSoterAuthentication, checkIsSupportSoterAuthentication, checkIsSoterEnrolledInDevice } = Taro
  const calls = { startSoterAuthentication, checkIsSupportSoterAuthentication, checkIsSoterEnrolledInDevice }
  return { ...calls, forgetKey: async () => false }
}
