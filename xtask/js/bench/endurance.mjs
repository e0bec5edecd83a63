// What very many calls leave behind: the module's memory, its tables, and the page's own heap.
import { wxSoter } from './scripts.mjs';

/** Makes the calls; resolves with what there was after a warm-up and at the end. */
export const measureEndurance = async ({ open }, calls) => {
  const { page, cdp, close } = await open();
  const look = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    return { ...(await page.evaluate(() => moduleSize())), heap: usedSize };
  };
  await page.evaluate(watchInstances);
  await page.addScriptTag({ content: wxSoter });
  await page.evaluate(prepare);
  await page.evaluate(run, Math.max(1000, calls / 10));
  const before = await look();
  await page.evaluate(run, calls);
  const after = await look();
  await close();
  return { before, after };
};

/** Sees the instance that the script makes. */
const watchInstances = () => {
  const { Instance, Memory, Table } = WebAssembly;
  const instances = [];
  WebAssembly.Instance = function (...args) {
    const instance = new Instance(...args);
    instances.push(instance);
    return instance;
  };
  globalThis.moduleSize = () => {
    if (instances.length !== 1) throw new Error(`${instances.length} instances`);
    const exports = Object.values(instances[0].exports);
    const tables = exports.filter(each => each instanceof Table);
    return {
      pages: exports.find(each => each instanceof Memory).buffer.byteLength / 65536,
      tables: tables.reduce((sum, { length }) => sum + length, 0),
    };
  };
};

const prepare = () => {
  const wx = WxSoter.createWx({ prompt: 'none' });
  const tooLong = 'x'.repeat(513);
  const codeOf = promise =>
    promise.then(
      ({ errCode }) => errCode,
      ({ errCode }) => errCode,
    );
  const byCallback = (name, options) => new Promise(complete => wx[name]({ ...options, complete }));
  // In a hundred calls: two authentications, five that fail at once, and checks.
  const expected = i => (i % 50 === 0 ? 0 : i % 20 === 1 ? 90004 : 0);
  const call = i => {
    if (i % 50 === 0) return codeOf(wx.startSoterAuthentication({ challenge: `challenge ${i}` }));
    if (i % 20 === 1) return codeOf(wx.startSoterAuthentication({ challenge: tooLong }));
    if (i % 20 === 2) return codeOf(wx.checkIsSoterEnrolledInDevice());
    if (i % 2) return codeOf(byCallback('checkIsSupportSoterAuthentication'));
    return codeOf(wx.checkIsSupportSoterAuthentication());
  };
  globalThis.callMany = async count => {
    for (let first = 0; first < count; first += 50) {
      const codes = await Promise.all(Array.from({ length: 50 }, (_, i) => call(first + i)));
      codes.forEach((code, i) => {
        if (code !== expected(first + i)) throw new Error(`call ${first + i} answered ${code}`);
      });
    }
  };
};

const run = calls => callMany(calls);
