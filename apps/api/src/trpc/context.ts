import type { Account, Site } from '@souk/db/identity';
import type { SiteTransaction } from '@souk/db';
import type { Permission } from '@souk/domain/identity';
import type { SiteId } from '@souk/domain/shared';
import type { Services } from '../services.ts';

/** What is known of any request, whoever makes it. */
export type RequestFacts = {
  readonly services: Services;
  readonly requestId: string;
  readonly address: string;
  readonly cookies: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly setHeader: (name: string, value: string) => void;
  readonly setCookie: (name: string, value: string, options: { maxAgeSeconds: number }) => void;
};

export type AdminContext = RequestFacts & { readonly audience: 'admin' };
export type StorefrontContext = RequestFacts & { readonly audience: 'storefront'; readonly site: Site };
export type ServiceContext = RequestFacts & { readonly audience: 'service' };
export type Context = AdminContext | StorefrontContext | ServiceContext;

/** Who acts inside a site, after session → site → membership → permission (I4). */
export type SiteActor = {
  /** `support`: somebody who runs the installation, let in by an owner for a while (SA1). */
  readonly kind: 'admin' | 'service' | 'support';
  readonly id: string;
  readonly roleName: string;
  readonly permissions: readonly Permission[];
};

/** What a mutation says of itself for the site's log (AU1). */
export type Deed<Value> = {
  readonly value: Value;
  readonly entityType: string;
  /** What was changed, in a row of its own each, where it is several things; else the one thing beside it. */
  readonly things?: readonly Changed[];
} & Partial<Changed>;

/** One thing as it was and as it is now: field names and values, without secrets and without anybody's personal data (G6). */
export type Changed = { readonly entityId: string | undefined; readonly before?: unknown; readonly after?: unknown };

/** The site of a request, entered by somebody who may. */
export type SiteAccess = {
  readonly siteId: SiteId;
  readonly siteName: string;
  readonly handle: string;
  readonly actor: SiteActor;
  readonly account: Account | undefined;
  /**
   * Asks for a fresh proof of who acts, where it depends on the input whether that is dangerous (I7). What always is says
   * `fresh: true` in its meta instead.
   * @throws Refused proof_needed
   */
  readonly requireProof: () => void;
  /** Whether whoever acts has a second factor. */
  readonly hasSecondFactor: boolean;
  /** Reads in one transaction of the site. */
  readonly read: <Value>(work: (tx: SiteTransaction) => Promise<Value>) => Promise<Value>;
  /** Changes something and writes the log's row in the same transaction: the only way a mutation reaches the site (AU1). */
  readonly write: <Value>(work: (tx: SiteTransaction) => Promise<Deed<Value>>) => Promise<Value>;
};
