import { AURORA } from './aurora-catalogue.ts';
import type { DemoCatalogue } from './demo-product.ts';
import { KUMO } from './kumo-catalogue.ts';

export type { DemoCatalogue, DemoPicture, DemoProduct, DemoVariant } from './demo-product.ts';

/** The two shops a fresh installation shows, by the handle of their site. */
export const DEMO_CATALOGUES: readonly DemoCatalogue[] = [AURORA, KUMO];

export { AURORA, KUMO };
