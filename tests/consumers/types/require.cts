// A CommonJS consumer.
import soter = require('wx-soter')
import auto = require('wx-soter/auto')
import noWasm = require('wx-soter/no-wasm')
import slim = require('wx-soter/slim')
import emulator = require('wx-soter/emulator')
import server = require('wx-soter/server')
import type { Wx } from 'wx-soter'

const made: Wx = soter.createWx({ timeout: 1000 })
const answer: Promise<soter.StartResult> = made.startSoterAuthentication({ challenge: 'c' })
noWasm.createWx().canIUse('startSoterAuthentication')
slim.init(new Uint8Array(8)).then(() => [answer, auto])
const emulated: Wx = emulator.createEmulator({ user: 'cancel' }).wx
emulated.startSoterAuthentication()
const verified: Promise<server.VerifiedResult> = server.verifyResult({ resultJSON: '', resultJSONSignature: '' }, { challenge: 'c', origin: 'https://a', rpId: 'a', key: [] })
verified.catch((error: unknown) => error instanceof server.VerificationError && error.reason)
// @ts-expect-error
soter.default
// @ts-expect-error
auto.wx
