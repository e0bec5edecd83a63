// Calls of the page that are the shop's go to the Express example.
const SHOP = process.env.SHOP || 'http://localhost:3000'

module.exports = {
  projectName: 'wx-soter-example-taro',
  date: '2026-11-27',
  designWidth: 750,
  deviceRatio: { 375: 2, 640: 1.17, 750: 1, 828: 0.905 },
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'react',
  compiler: 'vite',
  plugins: ['@tarojs/plugin-framework-react', '@tarojs/plugin-platform-h5'],
  h5: {
    publicPath: '/',
    staticDirectory: 'static',
    devServer: {
      port: Number(process.env.PORT || 10086),
      open: false,
      // With the slash: /soter.js is a file of the page's.
      proxy: { '/log-in': SHOP, '/soter/': SHOP }
    }
  }
}
