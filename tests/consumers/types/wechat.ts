// The types beside those of WeChat's mini programs.
import { createWx, install, wx } from 'wx-soter'
import type { CheckEnrolledOptions, CheckEnrolledResult, CheckSupportOptions, CheckSupportResult, StartOptions, StartResult, Wx } from 'wx-soter'

type Calls = 'startSoterAuthentication' | 'checkIsSupportSoterAuthentication' | 'checkIsSoterEnrolledInDevice'
type WeChat = Pick<WechatMiniprogram.Wx, Calls>

// Ours stands wherever WeChat's is wanted.
export const three: WeChat = wx
export const canIUse: WechatMiniprogram.Wx['canIUse'] = wx.canIUse
export const all: Pick<WechatMiniprogram.Wx, Calls | 'canIUse'> = createWx({ dialect: 'wechat' })
export const start: WechatMiniprogram.Wx['startSoterAuthentication'] = wx.startSoterAuthentication
export const support: WechatMiniprogram.Wx['checkIsSupportSoterAuthentication'] = wx.checkIsSupportSoterAuthentication
export const enrolled: WechatMiniprogram.Wx['checkIsSoterEnrolledInDevice'] = wx.checkIsSoterEnrolledInDevice

// What is written for WeChat's options is an option of ours: callbacks and all.
declare const wechatStart: WechatMiniprogram.StartSoterAuthenticationOption
declare const wechatSupport: WechatMiniprogram.CheckIsSupportSoterAuthenticationOption
declare const wechatEnrolled: WechatMiniprogram.CheckIsSoterEnrolledInDeviceOption
export const startOptions: StartOptions = wechatStart
export const supportOptions: CheckSupportOptions = wechatSupport
export const enrolledOptions: CheckEnrolledOptions = wechatEnrolled
wx.startSoterAuthentication(wechatStart)
wx.checkIsSupportSoterAuthentication(wechatSupport)
wx.checkIsSoterEnrolledInDevice(wechatEnrolled)

// What ours answer is what WeChat's answer.
declare const startResult: StartResult
declare const supportResult: CheckSupportResult
declare const enrolledResult: CheckEnrolledResult
export const asStartResult: WechatMiniprogram.StartSoterAuthenticationSuccessCallbackResult = startResult
export const asSupportResult: WechatMiniprogram.CheckIsSupportSoterAuthenticationSuccessCallbackResult = supportResult
export const asEnrolledResult: WechatMiniprogram.CheckIsSoterEnrolledInDeviceSuccessCallbackResult = enrolledResult

// A program that is written against WeChat's types runs with ours.
export function pay(host: WeChat, order: string): Promise<string> {
  return new Promise((resolve, reject) => {
    host.startSoterAuthentication({
      requestAuthModes: ['fingerPrint', 'facial'],
      challenge: order,
      authContent: 'Pay',
      success: ({ resultJSON }) => resolve(resultJSON),
      fail: ({ errMsg }) => reject(new Error(errMsg))
    })
  })
}
pay(wx, 'order')
pay(createWx(), 'order')

// `install` adds to a host's object what it lacks.
declare const host: Omit<WechatMiniprogram.Wx, Calls>
export const completed: WeChat & { getSystemInfoSync(): unknown } = install(host)
export const ofPlainObject: Wx = install({})

// The other way round does not hold: WeChat demands options that are optional here.
declare const wechat: WeChat
// @ts-expect-error
export const notOurs: Wx = wechat
// @ts-expect-error
wechat.startSoterAuthentication({})
wx.startSoterAuthentication({})
