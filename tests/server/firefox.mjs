// Firefox with a virtual authenticator, for one test file.
import { after } from 'node:test';
import { evaluate, startFirefox, willing } from '../../xtask/js/firefox.mjs';

export const driver = await startFirefox();
after(() => driver.quit());
await driver.manage().setTimeouts({ script: 30_000 });

/** Opens a page with an authenticator of its own, which ends with the test. */
export const open = async (test, url) => {
  await driver.get(url);
  await driver.executeScript('localStorage.clear()');
  await driver.navigate().refresh();
  await driver.addVirtualAuthenticator(willing());
  test.after(() => driver.removeVirtualAuthenticator());
  return {
    evaluate: (run, ...values) => evaluate(driver, run, ...values),
    setUserVerified: verified => driver.setUserVerified(verified),
  };
};
