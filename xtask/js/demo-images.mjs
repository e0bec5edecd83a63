// Takes the pictures of the demo that the README shows: node xtask/js/demo-images.mjs
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startDemo } from '../../tests/server/running-demo.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const SIZES = {
  desktop: { viewport: { width: 1280, height: 1884 } },
  phone: { viewport: { width: 360, height: 1256 }, deviceScaleFactor: 1.5 },
};
const WILLING = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

const { address, demo } = await startDemo();
const browser = await chromium.launch({ executablePath: process.env.WX_SOTER_CHROMIUM || '/usr/bin/chromium' });
for (const [size, options] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ ...options, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', { options: WILLING });
    await page.goto(address);
    await page.locator('#status .message').waitFor();
    await page.click('#start');
    await page.locator('#verdict .message').waitFor();
    await page.click('[data-cheat=replay]');
    await page.locator('#cheat-answer .message').waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await page.mouse.move(0, 0);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${FOLDER}demo-${size}-${colorScheme}.png` });
    await context.close();
  }
}
await browser.close();
demo.kill('SIGINT');
