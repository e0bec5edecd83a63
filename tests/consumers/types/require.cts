// A CommonJS consumer.
import soter = require('wx-soter')
import auto = require('wx-soter/auto')
import slim = require('wx-soter/slim')
import type { Wx } from 'wx-soter'

const made: Wx = soter.createWx({ timeout: 1000 })
const answer: Promise<soter.StartResult> = made.startSoterAuthentication({ challenge: 'c' })
slim.init(new Uint8Array(8)).then(() => [answer, auto])
// @ts-expect-error
soter.default
// @ts-expect-error
auto.wx
