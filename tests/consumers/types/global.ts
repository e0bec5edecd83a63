// A script of a page that loads the single file: its global is known without an import.
const mine: WxSoter.Wx = WxSoter.createWx({ lang: 'en' })
mine.startSoterAuthentication({ challenge: 'c' }).then(({ resultJSON }) => resultJSON)
WxSoter.install(mine)
// @ts-expect-error
WxSoter.emulate()
