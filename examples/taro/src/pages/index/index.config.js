export default definePageConfig({ navigationBarTitleText: 'A shop' })
