import { readFileSync } from 'node:fs';
import { startChromium } from './bench/chromium.mjs';
import { median } from './bench/median.mjs';
const file = f => readFileSync(f, 'utf8');
const chromium = await startChromium();
const load = async (page, path, name) => {
  await page.evaluate(() => { delete globalThis.WxSoter; delete globalThis.wx; });
  await page.addScriptTag({ content: file(path) });
  await page.evaluate(name => { globalThis[name] = globalThis.WxSoter; }, name);
};
const OLD = '/work/wt/old/pkg/dist/wx-soter.global.js', NEW = '/work/wt/shim/pkg/dist/wx-soter.global.js';
for (let run = 0; run < 3; run++) {
  const { page, close } = await chromium.open();
  await load(page, OLD, 'Old'); await load(page, NEW, 'New');
  const s = await page.evaluate(async rounds => {
    const o = Old.createWx({ prompt: 'none', user: { id: 'o' } }), n = New.createWx({ prompt: 'none', user: { id: 'n' } });
    const one = async w => { const t = performance.now(); await w.startSoterAuthentication({ challenge: 'a challenge of the length that servers send, 44' }); return performance.now() - t; };
    const chk = async w => { const t = performance.now(); await w.checkIsSupportSoterAuthentication(); return performance.now() - t; };
    for (let i = 0; i < 20; i++) { await one(o); await one(n); }
    const out = [];
    for (let i = 0; i < rounds; i++) out.push(i % 2 ? { o: await one(o), n: await one(n), co: await chk(o), cn: await chk(n) } : { n: await one(n), o: await one(o), cn: await chk(n), co: await chk(o) });
    return out;
  }, 400);
  console.log('auth old', median(s.map(x => x.o)).toFixed(3), 'new', median(s.map(x => x.n)).toFixed(3), 'ratio', median(s.map(x => x.n / x.o)).toFixed(3), 'check ratio', median(s.map(x => x.cn / x.co)).toFixed(3));
  await close();
}
const starts = { old: [], new: [] };
for (let i = 0; i < 40; i++) for (const [name, path] of i % 2 ? [['old', OLD], ['new', NEW]] : [['new', NEW], ['old', OLD]]) {
  const { page, close } = await chromium.open();
  await page.addScriptTag({ content: file(path) });
  starts[name].push(await page.evaluate(() => { const t = performance.now(); wx.canIUse('startSoterAuthentication.object.challenge'); return performance.now() - t; }));
  await close();
}
console.log('start old', median(starts.old).toFixed(2), 'new', median(starts.new).toFixed(2), 'ratio', (median(starts.new) / median(starts.old)).toFixed(2));
await chromium.close();
