// From Firefox to soter-server and back.
import { addPage, at } from '../package/site.mjs';
import { open } from './firefox.mjs';
import { pageDevice } from './page-device.mjs';
import { roundTrips } from './round-trips.mjs';

const page = addPage();

roundTrips('Firefox', at('localhost'), async t => {
  const { evaluate, setUserVerified } = await open(t, page);
  return pageDevice(evaluate, { setUserVerified });
});
