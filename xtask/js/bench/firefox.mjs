// Firefox: a page with a willing virtual authenticator.
import { evaluate, startFirefox, willing } from '../firefox.mjs';
import { serve } from './site.mjs';

/** Starts the browser, runs a measurement with what runs a function in a page that has the scripts, and ends it. */
export const inFirefox = async (scripts, measure) => {
  const site = await serve();
  const driver = await startFirefox();
  try {
    await driver.manage().setTimeouts({ script: 600_000 });
    await driver.get(site.address);
    await driver.addVirtualAuthenticator(willing());
    const add = "document.head.append(Object.assign(document.createElement('script'), { textContent: arguments[0] }))";
    for (const script of scripts) await driver.executeScript(add, script);
    const version = (await driver.getCapabilities()).getBrowserVersion();
    return { version, measured: await measure((run, ...values) => evaluate(driver, run, ...values)) };
  } finally {
    await driver.quit();
    site.close();
  }
};
