// The calls: their promise, their callbacks, and what they answer.
import { canIUse, createWx, init, toAuthenticationResponse, wx } from 'wx-soter'
import type {
  AuthMode,
  CheckEnrolledFailResult,
  CheckEnrolledResult,
  CheckSupportFailResult,
  CheckSupportResult,
  ErrCode,
  FailResult,
  Reason,
  StartFailResult,
  StartOptions,
  StartResult,
  Wx
} from 'wx-soter'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(yes: Same<A, B>) => yes

// A promise without callbacks …
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

// … and with them.
const success = wx.startSoterAuthentication({ success: () => {} })
same<typeof success, Promise<StartResult>>(true)
const fail = wx.checkIsSupportSoterAuthentication({ fail: () => {} })
same<typeof fail, Promise<CheckSupportResult>>(true)
const complete = wx.checkIsSoterEnrolledInDevice({ complete: () => {} })
same<typeof complete, Promise<CheckEnrolledResult>>(true)
export const pay = async (hideLoading: () => void) => {
  const { resultJSONSignature } = await wx.startSoterAuthentication({ challenge: 'c', complete: () => hideLoading() })
  return resultJSONSignature
}

// What is absent may be said so.
wx.startSoterAuthentication({ success: undefined, fail: null, complete: null }).then(({ authMode }) => authMode)
wx.startSoterAuthentication(undefined)
wx.checkIsSupportSoterAuthentication(null)
export const forwarded = (options?: StartOptions) => wx.startSoterAuthentication(options)
export const passed = ({ success, ...rest }: StartOptions) => wx.startSoterAuthentication({ ...rest, success, authContent: 'Pay' })

// What the calls are made of.
same<ReturnType<Wx['startSoterAuthentication']>, Promise<StartResult>>(true)
export const options: Parameters<Wx['startSoterAuthentication']>[0] = { challenge: 'c', success: ({ resultJSON }) => resultJSON }

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
wx.startSoterAuthentication({ success: 'callback_1' })
// @ts-expect-error
wx.startSoterAuthentication({ onSuccess: () => {} })
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
