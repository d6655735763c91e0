import { withSite } from '@souk/db';
import { makeFounder, replaceSetUpLink } from '@souk/db/identity';
import { type EmailAddress, orderPrefixFrom } from '@souk/domain/identity';
import { type AdminId, type SiteId, id } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';
import { type SiteOfForm, foundSite, payFromNow } from './found-site.ts';
import { hashPassword } from './password.ts';
import { hashToken, newToken } from './session.ts';

/** How long a set-up link is good, in hours: it may lie in a log. The next start prints another. */
const LINK_HOURS = 24;

/**
 * Makes the link that sets the installation up, in the place of the one before; undefined when somebody has an account
 * already. Its secret stands behind the `#`, which browsers send to nobody. Only a hash of it is kept.
 */
export async function newSetUpLink(services: Services): Promise<string | undefined> {
  const token = newToken();
  const at = services.now();
  const expiresAt = new Date(at.getTime() + LINK_HOURS * 3_600_000);
  const made = await replaceSetUpLink(services.database, { tokenHash: hashToken(token), at, expiresAt });
  return made ? new URL(`/set-up#${token}`, services.adminOrigin).href : undefined;
}

export type Founding = {
  readonly token: string;
  readonly account: { readonly name: string; readonly email: EmailAddress; readonly password: string };
  readonly site: SiteOfForm;
};

export const linkIsDead = (): Refused =>
  new Refused({
    code: 'link_is_dead',
    message:
      'This link is not good any more. The terminal shows the newest one; stopping and starting Souk prints another.',
  });

/**
 * Sets an installation up: the link is used, and first account, operator, site and the log's rows are there, or nothing is
 * (I5). Payments are connected after the commit; when the provider is away, the next start does it.
 * @throws Refused link_is_dead, or wrong_field for a time zone the database does not know.
 */
export async function setUpInstallation(
  services: Services,
  { token, account, site }: Founding,
  requestId: string,
): Promise<AdminId> {
  const { database } = services;
  const at = services.now();
  const adminId = id<AdminId>(services.newId());
  const siteId = id<SiteId>(services.newId());
  const passwordHash = await hashPassword(account.password);
  const sandbox = await withSite(
    database,
    siteId,
    async (tx) => {
      const founder = { adminId, email: account.email, name: account.name, passwordHash };
      const isFounder = await makeFounder(tx, {
        ...founder,
        tokenHash: hashToken(token),
        actionId: services.newId(),
        requestId,
      });
      if (!isFounder) throw linkIsDead();
      return foundSite(tx, services, { ...site, orderPrefix: orderPrefixFrom(site.handle) }, adminId, requestId);
    },
    at,
  );
  await payFromNow(services, siteId, sandbox, at);
  return adminId;
}
