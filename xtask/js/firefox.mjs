// Firefox with virtual authenticators.
import { Builder } from 'selenium-webdriver';
import { Options, ServiceBuilder } from 'selenium-webdriver/firefox.js';
import { VirtualAuthenticatorOptions } from 'selenium-webdriver/lib/virtual_authenticator.js';

/** Starts it; resolves with its WebDriver, which also speaks WebDriver BiDi where that is asked for. */
export const startFirefox = async ({ bidi = false } = {}) => {
  const options = new Options()
    .setBinary(process.env.WX_SOTER_FIREFOX || '/usr/bin/firefox')
    .addArguments('-headless')
    // An authenticator in software, and never a real one.
    .setPreference('security.webauth.webauthn_enable_softtoken', true)
    .setPreference('security.webauth.webauthn_enable_usbtoken', false);
  if (bidi) options.enableBidi();
  return new Builder()
    .forBrowser('firefox')
    .setFirefoxOptions(options)
    .setFirefoxService(new ServiceBuilder(process.env.WX_SOTER_GECKODRIVER || 'geckodriver'))
    .build();
};

/** An authenticator as Chromium's, too: built in, verifying its user, who is willing. */
export const willing = () => {
  const authenticator = new VirtualAuthenticatorOptions();
  authenticator.setProtocol('ctap2_1');
  authenticator.setTransport('internal');
  authenticator.setHasResidentKey(true);
  authenticator.setHasUserVerification(true);
  authenticator.setIsUserConsenting(true);
  authenticator.setIsUserVerified(true);
  return authenticator;
};

/**
 * Runs a function in the page, with arguments; resolves as it does.
 *
 * @template {unknown[]} Arguments
 * @template Result
 * @param {{ executeAsyncScript(script: string, ...values: unknown[]): Promise<any> }} driver
 * @param {(...values: Arguments) => Result} run
 * @param {Arguments} values
 * @returns {Promise<Awaited<Result>>}
 */
export const evaluate = async (driver, run, ...values) => {
  const script = `const [source, values, done] = arguments
    Promise.resolve(new Function('return ' + source)()(...values)).then((value) => done({ value }), (error) => done({ error: String(error) }))`;
  const { value, error } = await driver.executeAsyncScript(script, String(run), values);
  if (error) throw new Error(error);
  return value;
};
