export {
  type SiteWish,
  type TestProduct,
  type TestSite,
  type TestVariant,
  TEST_PASSWORD,
  aSite,
  anAccount,
  decimal,
  publishPrices,
} from './a-site.ts';
export { type ApiProcess, type ApiProcesses, startApiProcesses } from './api-processes.ts';
export { heldBack } from './held-back.ts';
export { expectInvariants } from './expect-invariants.ts';
export {
  type Answer,
  type HttpClient,
  type Refusal,
  type Send,
  type TrpcAnswer,
  httpClient,
  tally,
  together,
} from './http-client.ts';
export { type NameServer, startNameServer } from './name-server.ts';
export { type NoticeType, type NoticeWish, type SignedNotice, deliver, signNotice, signed } from './notices.ts';
export { type TwoSites, twoSiteScene } from './two-site-scene.ts';
export { type SoftAuthenticator, type Wrong, softAuthenticator } from './soft-authenticator.ts';
export { type SeededRandom, seededRandom } from './seeded-random.ts';
export type { TestInstallation } from './test-installation.ts';
export {
  type CheckoutFields,
  type Line,
  type PlacedOrder,
  type TestApi,
  checkOut,
  checkoutFields,
  fillCart,
  ownerRows,
  pageOf,
  placeOrder,
  standAt,
  startTestApi,
  storefrontIsBuilt,
  until,
} from './start-test-api.ts';
