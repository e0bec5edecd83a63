// All suites in one engine, in one browser.
import { test } from 'node:test';
import { missing } from './engine.mjs';

/**
 * Runs them; says what is missing where the engine is not installed.
 *
 * @param {string} name
 * @param {string} [script] the script that they are about, unless it is the complete one
 */
export const runIn = async (name, script) => {
  const packages = missing(name);
  if (packages) {
    const reason = `${name} is not installed: on Debian, apt-get install --no-install-recommends ${packages}`;
    console.error(`SKIPPED: ${reason}`);
    test(`the package in ${name}`, { skip: reason }, () => {});
    return;
  }
  process.env.WX_SOTER_TEST_BROWSER = name;
  if (script) process.env.WX_SOTER_TEST_SCRIPT = script;
  const { engine } = await import('./browser.mjs');
  console.log(`${name} ${engine.version}`);
  const { SUITES } = await import('../package/browser.mjs');
  for (const suite of SUITES) await import(`../package/${suite}.test.mjs`);
  for (const suite of ['many-calls', 'errors', 'entries', 'dialog']) await import(`./suites/${suite}.mjs`);
};
