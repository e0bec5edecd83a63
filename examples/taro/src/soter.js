import Taro from '@tarojs/taro'
import { configure, install } from 'wx-soter'

if (process.env.TARO_ENV === 'h5') install(Taro, { override: true })

export const { startSoterAuthentication, checkIsSupportSoterAuthentication, checkIsSoterEnrolledInDevice } = Taro

/** After each log-in: whose key it is, and who gets to know a new one. */
export const setAccount = (accountId, onKeyCreated) => configure({ user: { id: accountId }, onKeyCreated })
