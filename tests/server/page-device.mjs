// What a page with wx-soter does on a browser's device, whichever driver runs the functions in it. They are sent to the page
// as text, so each stands by itself.

/** Starts; resolves with the registrations of new keys and how it ended. */
const start = async challenge => {
  globalThis.registrations = [];
  globalThis.ours ??= globalThis.WxSoter.createWx({
    prompt: 'none',
    onKeyCreated: registration => void globalThis.registrations.push(registration),
  });
  const ended = await globalThis.ours.startSoterAuthentication({ challenge }).then(
    answer => ({ answer }),
    ({ errCode, reason, detail }) => ({ failure: { errCode, reason, detail } }),
  );
  // Through JSON, as to a server.
  return JSON.parse(JSON.stringify({ registrations: globalThis.registrations, ...ended }));
};

/** What a page that cheats gets from the browser by asking for no verification, in wx-soter's form. */
const startUnverified = async (challenge, id) => {
  const base64url = buffer =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
  const { response } = await navigator.credentials.get({
    publicKey: {
      challenge: new TextEncoder().encode(challenge),
      allowCredentials: [{ type: 'public-key', id: bytes(id) }],
      userVerification: 'discouraged',
    },
  });
  const data = new Uint8Array(response.authenticatorData);
  const result = {
    raw: challenge,
    counter: new DataView(data.buffer).getUint32(33),
    uid: '',
    cpu_id: id,
    webauthn: { id, clientDataJSON: base64url(response.clientDataJSON), authenticatorData: base64url(data) },
  };
  const signature = btoa(String.fromCharCode(...new Uint8Array(response.signature)));
  return { resultJSON: JSON.stringify(result), resultJSONSignature: signature, flags: data[32] };
};

/** The device of a page: `evaluate` runs a function there, with arguments; `tell.setUserVerified` is the driver's. */
export const pageDevice = (evaluate, tell) => ({
  start: challenge => evaluate(start, challenge),
  startUnverified: (challenge, id) => evaluate(startUnverified, challenge, id),
  ...tell,
});
