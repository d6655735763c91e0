import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminCookie, hashToken, newToken } from '@souk/api/identity/session';
import { sandboxProvider } from '@souk/api/integrations/sandbox-provider';
import { withSite } from '@souk/db';
import { addMember, insertSession } from '@souk/db/identity';
import { type TestDatabase, inDatabase, openTestDatabase } from '@souk/db/testing';
import { type Permission, isPermission } from '@souk/domain/identity';
import { type SandboxProvider, createSandboxProvider } from '@souk/sandbox-provider';
import { v7 } from 'uuid';
import { type SiteWish, type TestSite, aSite, anAccount } from './a-site.ts';
import { freePort } from './free-port.ts';
import { type Answer, type HttpClient, httpClient } from './http-client.ts';
import { type NoticeWish, deliver, signNotice } from './notices.ts';

/** A running installation as tests use it, at one port of it. */
export type TestInstallation = {
  readonly db: TestDatabase;
  readonly sandbox: SandboxProvider;
  readonly sandboxOrigin: string;
  readonly port: number;
  readonly home: string;
  /** Errors the API has logged so far: a test that tries bad input expects none. */
  errors(): string[];
  makeSite(wish: SiteWish): Promise<TestSite>;
  /** A new visitor of a shop. */
  visitor(site: TestSite): HttpClient;
  admin(): HttpClient;
  service(apiKey?: string): HttpClient;
  /** Somebody with a session who is a member of the site in this role, or in a role that holds this permission alone. */
  signedInAs(
    site: TestSite,
    role: 'owner' | 'manager' | 'editor' | 'support' | 'viewer' | Permission,
  ): Promise<HttpClient>;
  /** Somebody who runs the installation and is a member of no site; with a site, their calls name it. */
  signedInAsOperator(site?: TestSite): Promise<HttpClient>;
  signedInAsNobody(): Promise<HttpClient>;
  /** Delivers a notice of the site's provider, signed with the site's own secret. */
  notify(site: TestSite, wish: NoticeWish): Promise<Answer>;
};

/** What the processes of an installation stand on: a database, a folder, and the sandbox payment provider. */
export type TestGround = Pick<TestInstallation, 'db' | 'sandbox' | 'sandboxOrigin' | 'home'> & {
  readonly logFile: string;
  /** Where the provider sends its notices. */
  readonly noticePort: number;
  close(): Promise<void>;
};

/** Makes the ground: a fresh database unless one is given, a home, and the provider listening on a port of its own. */
export async function openTestGround({
  noticePort,
  db: given,
}: {
  readonly noticePort: number;
  readonly db?: TestDatabase | undefined;
}): Promise<TestGround> {
  const db = given ?? (await openTestDatabase({ poolSize: 4 }));
  const home = mkdtempSync(join(tmpdir(), 'souk-api-'));
  const sandboxPort = await freePort();
  const sandboxOrigin = `http://localhost:${sandboxPort}`;
  const sandbox = createSandboxProvider({
    origin: sandboxOrigin,
    timing: { late: 300, retries: [100, 200, 400, 800, 1_600, ...Array<number>(20).fill(3_000)] },
    noticeConnectTo: { host: '127.0.0.1', port: noticePort },
  });
  const sandboxServer = createServer(sandbox.app);
  await new Promise<void>((done) => sandboxServer.listen(sandboxPort, '127.0.0.1', done));
  return {
    db,
    sandbox,
    sandboxOrigin,
    home,
    noticePort,
    logFile: join(home, 'errors.log'),
    close: async () => {
      sandbox.stop();
      await closeServer(sandboxServer);
      if (!given) await db.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The installation at one port: the kit's clients speak to it. */
export function installationAt(ground: TestGround, port: number): TestInstallation {
  const { db, sandbox, sandboxOrigin, home, logFile, noticePort } = ground;
  const withSession = async (adminId: TestSite['owner'], site?: TestSite): Promise<HttpClient> => {
    const token = newToken();
    const at = new Date();
    await insertSession(db.database, {
      sessionId: v7(),
      adminId,
      tokenHash: hashToken(token),
      at,
      expiresAt: new Date(at.getTime() + 3_600_000),
      actionId: v7(),
      requestId: 'test',
    });
    const client = httpClient(port, 'admin.localhost', site ? { headers: { 'x-souk-site': site.handle } } : {});
    client.cookies.set(adminCookie('development'), token);
    return client;
  };
  return {
    db,
    sandbox,
    sandboxOrigin,
    port,
    home,
    errors: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').filter(Boolean) : []),
    makeSite: async (wish) => {
      const site = await aSite(db.database, db.key, wish);
      await sandboxProvider(new URL(sandboxOrigin)).connect(
        site.credential,
        `http://api.localhost:${noticePort}/webhooks/payments/${site.configId}`,
      );
      return site;
    },
    visitor: (site) => httpClient(port, site.host),
    admin: () => httpClient(port, 'admin.localhost'),
    service: (apiKey) =>
      httpClient(
        port,
        'api.localhost',
        apiKey ? { headers: { authorization: `Bearer ${apiKey}`, 'sec-fetch-site': undefined } } : {},
      ),
    signedInAs: async (site, role) => {
      const { adminId } = await anAccount(db.database, role.toLowerCase().replaceAll('_', '-'));
      const roleName = isPermission(role) ? await roleOf(db, site, role) : role;
      await withSite(db.database, site.siteId, (tx) => addMember(tx, { membershipId: v7(), adminId, roleName }));
      return withSession(adminId, site);
    },
    signedInAsOperator: async (site) => {
      const { adminId } = await anAccount(db.database, 'operator');
      await inDatabase(db.ownerUrl, (client) =>
        client.query('insert into operators (admin_id, is_first, created_at) values ($1, false, now())', [adminId]),
      );
      return withSession(adminId, site);
    },
    signedInAsNobody: async () => withSession((await anAccount(db.database, 'nobody')).adminId),
    notify: (site, wish) => deliver(httpClient(port, 'api.localhost'), site.configId, signNotice(site, wish)),
  };
}

/** A role of the site that holds one permission and nothing else; made by the owner of the database, as there is no screen for it yet. */
async function roleOf(db: TestDatabase, { siteId }: TestSite, permission: Permission): Promise<string> {
  const roleName = `only ${permission}`;
  await inDatabase(db.ownerUrl, (client) =>
    client.query(
      `with r as (insert into roles values ($1, $2, $3, '') on conflict (site_id, lower(role_name)) where not is_retired do nothing returning role_id) insert into role_permissions select $1, role_id, $4 from r`,
      [siteId, v7(), roleName, permission],
    ),
  );
  return roleName;
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
