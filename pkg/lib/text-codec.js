// Jest's jsdom environment has neither. What the module needs of them is UTF-8, well-formed out of it, and anything
// into it.

export const TextDecoder =
  globalThis.TextDecoder ||
  class {
    decode(bytes = []) {
      let escaped = '';
      for (const byte of bytes) escaped += '%' + (byte + 256).toString(16).slice(1);
      return decodeURIComponent(escaped);
    }
  };

export const TextEncoder =
  globalThis.TextEncoder ||
  class {
    encode(text) {
      // A lone surrogate becomes U+FFFD, as the standard says; encodeURIComponent would throw.
      const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
      const bytes = escaped.match(/%..|./g) || [];
      return Uint8Array.from(bytes, one => (one[1] ? parseInt(one.slice(1), 16) : one.charCodeAt(0)));
    }
  };
