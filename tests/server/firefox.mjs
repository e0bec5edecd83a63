// Firefox with a virtual authenticator, for one test file.
import { after } from 'node:test'
import { Builder } from 'selenium-webdriver'
import { Options, ServiceBuilder } from 'selenium-webdriver/firefox.js'
import { VirtualAuthenticatorOptions } from 'selenium-webdriver/lib/virtual_authenticator.js'

const options = new Options()
  .setBinary(process.env.WX_SOTER_FIREFOX || '/usr/bin/firefox')
  .addArguments('-headless')
  // An authenticator in software, and never a real one.
  .setPreference('security.webauth.webauthn_enable_softtoken', true)
  .setPreference('security.webauth.webauthn_enable_usbtoken', false)

const driver = await new Builder()
  .forBrowser('firefox')
  .setFirefoxOptions(options)
  .setFirefoxService(new ServiceBuilder(process.env.WX_SOTER_GECKODRIVER || 'geckodriver'))
  .build()
after(() => driver.quit())
await driver.manage().setTimeouts({ script: 30_000 })

/** What Chromium's tests have, too: built in, verifying its user, who is willing. */
const willing = () => {
  const authenticator = new VirtualAuthenticatorOptions()
  authenticator.setProtocol('ctap2_1')
  authenticator.setTransport('internal')
  authenticator.setHasResidentKey(true)
  authenticator.setHasUserVerification(true)
  authenticator.setIsUserConsenting(true)
  authenticator.setIsUserVerified(true)
  return authenticator
}

/** Opens a page with an authenticator of its own, which ends with the test. */
export const open = async (test, url) => {
  await driver.get(url)
  await driver.executeScript('localStorage.clear()')
  await driver.navigate().refresh()
  await driver.addVirtualAuthenticator(willing())
  test.after(() => driver.removeVirtualAuthenticator())
  return {
    /** Runs a function in the page, with arguments; resolves as it does. */
    evaluate: async (run, ...values) => {
      const script = `const [source, values, done] = arguments
        Promise.resolve(new Function('return ' + source)()(...values)).then((value) => done({ value }), (error) => done({ error: String(error) }))`
      const { value, error } = await driver.executeAsyncScript(script, String(run), values)
      if (error) throw new Error(error)
      return value
    },
    setUserVerified: (verified) => driver.setUserVerified(verified)
  }
}
