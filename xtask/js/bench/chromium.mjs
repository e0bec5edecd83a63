// Chromium: pages with a willing virtual authenticator.
import { chromium } from 'playwright-core';
import { serve } from './site.mjs';

const AUTHENTICATOR = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

/** Starts the browser; `open` resolves with a fresh page in a profile of its own. */
export const startChromium = async () => {
  const site = await serve();
  const browser = await chromium.launch({ executablePath: process.env.WX_SOTER_CHROMIUM || '/usr/bin/chromium' });
  return {
    version: browser.version(),
    async open() {
      const context = await browser.newContext();
      const page = await context.newPage();
      const cdp = await context.newCDPSession(page);
      await cdp.send('WebAuthn.enable');
      await cdp.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR });
      await page.goto(site.address);
      return { page, cdp, close: () => context.close() };
    },
    async close() {
      await browser.close();
      site.close();
    },
  };
};
