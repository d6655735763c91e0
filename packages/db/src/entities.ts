import { AdminActionLog } from './activity/activity-entities.ts';
import { ProductImportRow } from './catalog/catalog-entities.ts';
import { MediaRow } from './content/content-entities.ts';
import { SiteConfigurationRow } from './identity/identity-entities.ts';

/** Every entity the ORM knows. A test holds each against its table. */
export const entities = { AdminActionLog, MediaRow, ProductImportRow, SiteConfigurationRow };
