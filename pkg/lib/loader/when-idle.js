/** In milliseconds, where no event tells that a page is idle: Safari. */
const A_WHILE = 500;

/**
 * Runs something when the page has loaded and has nothing else to do.
 *
 * @param {() => void} run
 */
export const whenIdle = run => {
  if (!globalThis.document) return;
  const { requestIdleCallback = (run, _) => setTimeout(run, A_WHILE) } = globalThis;
  const wait = () => requestIdleCallback(() => run(), { timeout: 5000 });
  if (document.readyState === 'complete') wait();
  else globalThis.addEventListener('load', wait, { once: true });
};
