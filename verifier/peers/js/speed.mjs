// Verifies one assertion as often as each line of the input says, and answers with the seconds that it took.
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { response, challenge, record } = JSON.parse((await lines.next()).value);
const options = {
  response,
  expectedChallenge: challenge,
  expectedOrigin: 'https://example.org',
  expectedRPID: 'example.org',
  credential: {
    id: record.id,
    publicKey: new Uint8Array(Buffer.from(record.publicKey, 'base64url')),
    counter: record.signCount,
  },
};

const manifest = new URL('../../../node_modules/@simplewebauthn/server/package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
console.log(`\`@simplewebauthn/server\` ${version}, Node ${process.versions.node}`);

for await (const line of lines) {
  const started = process.hrtime.bigint();
  for (let left = Number(line); left > 0; left -= 1) {
    const { verified } = await verifyAuthenticationResponse(options);
    if (!verified) throw new Error('not verified');
  }
  console.log(Number(process.hrtime.bigint() - started) / 1e9);
}
