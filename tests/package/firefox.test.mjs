// The suites that rest on nothing of Chromium's own, in Firefox; all in one browser.
process.env.WX_SOTER_TEST_BROWSER = 'firefox';

const { SUITES } = await import('./browser.mjs');
for (const suite of SUITES) await import(`./${suite}.test.mjs`);
