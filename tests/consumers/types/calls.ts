// The calls: promise or callbacks, and what they answer.
import { canIUse, createWx, init, toAuthenticationResponse, wx } from 'wx-soter'
import type { AuthMode, CheckEnrolledFailResult, CheckSupportFailResult, ErrCode, FailResult, Reason, StartFailResult, StartResult } from 'wx-soter'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(yes: Same<A, B>) => yes

// A promise without callbacks.
const promise = wx.startSoterAuthentication({ challenge: 'c' })
same<typeof promise, Promise<StartResult>>(true)
const bare = wx.startSoterAuthentication()
same<typeof bare, Promise<StartResult>>(true)
export const awaited = async () => {
  const { errMsg, errCode, authMode, resultJSON, resultJSONSignature } = await wx.startSoterAuthentication({ challenge: 'c' })
  same<typeof errCode, 0>(true)
  same<typeof authMode, AuthMode>(true)
  const { supportMode } = await wx.checkIsSupportSoterAuthentication()
  same<typeof supportMode, AuthMode[]>(true)
  const { isEnrolled } = await wx.checkIsSoterEnrolledInDevice({ checkAuthMode: 'facial' })
  same<typeof isEnrolled, boolean>(true)
  return [errMsg, resultJSON, resultJSONSignature]
}

// Nothing with one.
const success = wx.startSoterAuthentication({ success: () => {} })
same<typeof success, void>(true)
const fail = wx.checkIsSupportSoterAuthentication({ fail: () => {} })
same<typeof fail, void>(true)
const complete = wx.checkIsSoterEnrolledInDevice({ complete: () => {} })
same<typeof complete, void>(true)
// @ts-expect-error
wx.startSoterAuthentication({ success: () => {} }).then(() => {})

// The callbacks know what they get.
wx.startSoterAuthentication({
  success: (result) => void same<typeof result, StartResult>(true),
  fail: (result) => {
    same<typeof result, StartFailResult>(true)
    same<typeof result.errCode, ErrCode>(true)
    same<typeof result.reason, Reason>(true)
    same<typeof result.detail, string | undefined>(true)
    same<typeof result.resultJSON, ''>(true)
    // @ts-expect-error
    if (result.reason === 'tired') return
    // @ts-expect-error
    if (result.errCode === 0) return
  },
  complete: (result) => {
    if (result.errCode === 0) same<typeof result, StartResult>(true)
    else same<typeof result, StartFailResult>(true)
    // @ts-expect-error
    result.reason.length
  }
})
wx.checkIsSupportSoterAuthentication({ fail: (result) => void same<typeof result, CheckSupportFailResult>(true) })
wx.checkIsSoterEnrolledInDevice({ fail: (result) => void same<typeof result, CheckEnrolledFailResult>(true) })

// What is thrown has the fields of the fail object.
promise.catch((error: Error & StartFailResult) => `${error.message} ${error.errCode} ${error.reason}`)
export const explain = (error: FailResult): string => {
  switch (error.reason) {
    case 'cancelled':
    case 'not-allowed':
      return 'Try again?'
    case 'timeout':
      return 'That took too long.'
    default:
      return error.detail ?? error.errMsg
  }
}

// What no call takes.
// @ts-expect-error
wx.startSoterAuthentication({ challenge: 7 })
// @ts-expect-error
wx.startSoterAuthentication({ requestAuthModes: 'facial' })
// @ts-expect-error
wx.startSoterAuthentication({ requestAuthModes: ['iris'] })
// @ts-expect-error
wx.startSoterAuthentication({ authContent: null })
// @ts-expect-error
wx.startSoterAuthentication('c')
// @ts-expect-error
wx.checkIsSoterEnrolledInDevice({ checkAuthMode: 'iris' })
// @ts-expect-error
wx.checkIsSupportSoterAuthentication({ success: 'yes' })
// @ts-expect-error
wx.getLocation()

// A result in the standard form is what the platform's own types call so.
export const standard = async () => {
  const response: AuthenticationResponseJSON = toAuthenticationResponse(await wx.startSoterAuthentication({ challenge: 'c' }))
  return response.response.signature
}
// @ts-expect-error
toAuthenticationResponse({ resultJSON: '' })

const usable: boolean = canIUse('startSoterAuthentication.object.challenge')
const started: Promise<void> = init()
const { startSoterAuthentication } = createWx()
startSoterAuthentication({ challenge: 'c' }).finally(() => [usable, started])
