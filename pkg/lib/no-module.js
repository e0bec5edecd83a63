/** Stands where other entries have the module: this one gets it by `init`. */
export default () => {
  throw new TypeError(
    "wx-soter/slim: call init(source) first, with core.wasm: in Vite import source from 'wx-soter/core.wasm?url', in webpack and " +
      "others new URL('wx-soter/core.wasm', import.meta.url), in Parcel new URL('npm:wx-soter/dist/core.wasm', import.meta.url), in " +
      "Node readFileSync(require.resolve('wx-soter/core.wasm'))",
  );
};
