import { MikroORM } from '@mikro-orm/postgresql';
import { entities } from './entities.ts';

/** The ORM with its entities. It never connects: it works on connections that `withSite` holds. */
export const openOrm = (url: string): Promise<MikroORM> =>
  MikroORM.init({
    clientUrl: url,
    entities: Object.values(entities),
    discovery: { warnWhenNoEntities: false },
    ensureDatabase: false,
    pool: { min: 0, max: 1 },
  });
