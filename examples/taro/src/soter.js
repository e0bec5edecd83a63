import Taro from '@tarojs/taro'
import { configure, forgetKey as forget, wx } from 'wx-soter'

const isWeb = process.env.TARO_ENV === 'h5'
// On the web never from `Taro`, not even by destructuring: its compiler may put the stub there.
const calls = isWeb ? wx : Taro

export const { startSoterAuthentication, checkIsSupportSoterAuthentication, checkIsSoterEnrolledInDevice } = calls

/** After each log-in: whose key it is, and who gets to know a new one. */
export const setAccount = (accountId, onKeyCreated) => {
  if (isWeb) configure({ user: { id: accountId }, onKeyCreated })
}

/** For a key that the server does not know, or not any more: the next start makes another. */
export const forgetKey = async () => {
  if (isWeb) await forget()
}
