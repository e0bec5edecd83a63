// From the emulator to soter-server and back.
import { createEmulator } from '../emulator/device.mjs';
import { roundTrips } from './round-trips.mjs';

const ORIGIN = 'http://localhost:8000';

roundTrips('the emulator', ORIGIN, async () => {
  let registrations;
  const device = createEmulator({ origin: ORIGIN, onKeyCreated: registration => void registrations.push(registration) });
  return {
    start: async challenge => {
      registrations = [];
      const ended = await device.wx.startSoterAuthentication({ challenge }).then(
        answer => ({ answer }),
        ({ errCode, reason, detail }) => ({ failure: { errCode, reason, detail } }),
      );
      return { registrations, ...ended };
    },
    setUserVerified: verified => {
      device.user = verified ? 'accept' : 'not-verified';
    },
  };
});
