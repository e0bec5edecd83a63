// Chromium on a small site of this machine: pages with a clock of microseconds and a willing virtual authenticator.
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

// A page by itself gets a finer clock.
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'content-type': 'text/html'
}
const PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><body>'

const AUTHENTICATOR = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true
}

/** Starts the browser and the site; `open` resolves with a fresh page in a profile of its own. */
export const startChromium = async () => {
  const server = createServer((request, response) => response.writeHead(200, HEADERS).end(PAGE))
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const browser = await chromium.launch({ executablePath: process.env.WX_SOTER_CHROMIUM || '/usr/bin/chromium' })
  return {
    version: browser.version(),
    async open() {
      const context = await browser.newContext()
      const page = await context.newPage()
      const cdp = await context.newCDPSession(page)
      await cdp.send('WebAuthn.enable')
      await cdp.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR })
      await page.goto(`http://localhost:${server.address().port}/`)
      return { page, cdp, close: () => context.close() }
    },
    async close() {
      await browser.close()
      server.closeAllConnections()
      server.close()
    }
  }
}
