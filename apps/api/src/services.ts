import type { Database, MasterKey } from '@souk/db';
import type { SiteId } from '@souk/domain/shared';
import type { Logger } from 'pino';
import type { AnsweredRequest } from './http/request-log.ts';
import type { DomainLookup } from './identity/domain-lookup.ts';
import type { PaymentProvider } from './integrations/payment-provider.ts';

/** Everything a request may use. Made once by `openServices`; there are no globals. */
export type Services = {
  readonly database: Database;
  readonly key: MasterKey;
  readonly log: Logger;
  /** One line a request, written by `startRequest` alone. */
  readonly requestLog: (request: AnsweredRequest) => void;
  readonly now: () => Date;
  /**
   * A UUIDv7. Its time may be set, so that what is made for a past day sorts there. Ids of one moment that was set are in no
   * order, unless they are numbered: then they sort by `n`.
   */
  readonly newId: (at?: Date, n?: number) => string;
  readonly nextOrderNumber: (site: { siteId: SiteId; orderPrefix: string }) => Promise<string>;
  readonly providers: ReadonlyMap<string, PaymentProvider>;
  /** Folder of uploads, media and the mailbox. */
  readonly home: string;
  readonly backupFolder: string;
  /** Whether this is a copy of another installation: it mails and charges nobody, and no search engine keeps it. */
  readonly isCopy: boolean;
  readonly mode: 'development' | 'production';
  readonly adminOrigin: URL;
  readonly apiOrigin: URL;
  readonly sandboxOrigin: URL | undefined;
  /** Asks DNS about names that people give. */
  readonly domains: DomainLookup;
  /** Where domains have to lead, as configured; empty where DNS is to say it. */
  readonly publicAddresses: readonly string[];
  /** Whether a proxy is one of ours, so that what it says of the visitor's address is believed. */
  readonly trusts: (address: string, hop: number) => boolean;
  /** Address of a shop by its host, with the scheme and port of this installation. */
  readonly shopOrigin: (host: string) => string;
  /** Work that goes on after the answer; awaited when the process stops. */
  readonly background: (name: string, work: Promise<unknown>) => void;
};
