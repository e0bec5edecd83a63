// How soon the calls are there, and how long the first of them takes to start the module.
import { median } from './median.mjs';
import { wxSoter } from './scripts.mjs';

/** Measures in fresh pages, each in a profile and a process of its own; resolves with medians in milliseconds. */
export const measureStartUp = async ({ open }, pages) => {
  const samples = [];
  for (let i = 0; i < pages; i++) {
    const { page, close } = await open();
    // Texts that differ, so that no cache of compiled code has them.
    samples.push(await page.evaluate(inPage, `${wxSoter}\n// ${i}`));
    await close();
  }
  const middle = name => median(samples.map(sample => sample[name]));
  return {
    callable: middle('callable'),
    withParsing: middle('withParsing'),
    moduleStart: middle('moduleStart'),
    firstCall: middle('firstCall'),
  };
};

const inPage = async code => {
  const script = document.createElement('script');
  script.textContent = `globalThis.begins = performance.now();\n${code}\nglobalThis.ends = performance.now()`;
  // The page's own beginning is over by then.
  await new Promise(later => setTimeout(later, 50));
  const time = action => {
    const started = performance.now();
    action();
    return performance.now() - started;
  };
  const withParsing = time(() => document.head.append(script));
  const callable = ends - begins;
  const moduleStart = time(() => {
    if (!wx.canIUse('startSoterAuthentication.object.challenge')) throw new Error('the module does not run');
  });
  let answer;
  const firstCall = time(() => {
    answer = wx.checkIsSupportSoterAuthentication();
  });
  await answer;
  return { callable, withParsing, moduleStart, firstCall };
};
