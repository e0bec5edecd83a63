// Hosts at the edge forbid to compile bytes, and hand out a module that was compiled before. Of the ways to name it, all
// their tools know this one.
import module from './server.wasm?module';

/** The module, for those hosts: Cloudflare's workerd, Vercel's edge runtime. */
export default () => module;
