// From Chromium to soter-server and back.
import { open } from '../package/chromium.mjs';
import { addPage, at } from '../package/site.mjs';
import { pageDevice } from './page-device.mjs';
import { roundTrips } from './round-trips.mjs';

const page = addPage();

roundTrips('Chromium', at('localhost'), async t => {
  const { page: tab, tell } = await open(t, page);
  const evaluate = (run, ...values) =>
    tab.evaluate(([source, values]) => new Function(`return ${source}`)()(...values), [String(run), values]);
  return pageDevice(evaluate, {
    setUserVerified: isUserVerified => tell('setUserVerified', { isUserVerified }),
    spoilVerification: () => tell('setResponseOverrideBits', { isBogusSignature: false, isBadUV: true, isBadUP: false }),
  });
});
