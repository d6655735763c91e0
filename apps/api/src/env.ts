import { join, resolve } from 'node:path';
import { type MasterKey, masterKey } from '@souk/db';
import { emailAddress } from '@souk/domain/identity';
import ipaddr from 'ipaddr.js';

/** One line of the configuration: what it is for, and how it is read. `docs/configuration.md` is made of these. */
type Variable = { readonly name: string; readonly description: string; readonly default: string };

export const VARIABLES: readonly Variable[] = [
  { name: 'PORT', description: 'Port of the one HTTP server.', default: '4000' },
  {
    name: 'SOUK_HOME',
    description:
      'Folder of data, mail, uploads, logs and generated secrets. In production it lies outside the program.',
    default: '.souk in the checkout',
  },
  {
    name: 'SOUK_MODE',
    description: '`development` or `production`. Production refuses demo passwords and the sandbox payment provider.',
    default: 'development',
  },
  {
    name: 'SOUK_KEY',
    description:
      'Master key: 32 bytes in base64. It wraps every other key; keep a copy apart from the database. Made by itself in development, required in production.',
    default: 'made once, kept in SOUK_HOME',
  },
  {
    name: 'SOUK_DEMO',
    description:
      '`0` starts without demo sites: the first account and site are made by a link that the start prints. An installation that is set up never gets any.',
    default: '1 in development',
  },
  {
    name: 'DATABASE_URL',
    description: "The owner's connection: migrates, seeds and resets. Not needed to serve.",
    default: 'the embedded server',
  },
  {
    name: 'APP_DATABASE_URL',
    description: 'Connection of the app role; `npm run migrate` makes it.',
    default: 'the embedded server',
  },
  {
    name: 'PLATFORM_DATABASE_URL',
    description: 'Connection of the platform role: the closed list of look-ups before a site is known.',
    default: 'the embedded server',
  },
  {
    name: 'RELAY_DATABASE_URL',
    description: 'Connection of the relay role: outbox, jobs and expiries.',
    default: 'the embedded server',
  },
  {
    name: 'ADMIN_ORIGIN',
    description: 'Address of the admin app. Passkeys belong to its host: where that changes, people add new ones.',
    default: 'http://admin.localhost:PORT',
  },
  {
    name: 'API_ORIGIN',
    description: 'Address of the API for services and webhooks.',
    default: 'http://api.localhost:PORT',
  },
  {
    name: 'SANDBOX_ORIGIN',
    description: 'Address of the sandbox payment provider (development only).',
    default: 'http://localhost:PORT+1',
  },
  {
    name: 'TRUSTED_PROXIES',
    description: 'Addresses of proxies in front, separated by commas, whose X-Forwarded-For is believed.',
    default: 'none',
  },
  {
    name: 'DNS_SERVERS',
    description:
      'Name servers that are asked whether a domain is proved, separated by commas; a port may follow, as in 192.0.2.53:5353.',
    default: "the machine's own",
  },
  {
    name: 'PUBLIC_ADDRESSES',
    description:
      'IP addresses at which shops are reached, separated by commas. Whoever connects a domain is told to let it lead there.',
    default: 'those of the ADMIN_ORIGIN',
  },
  {
    name: 'METRICS_PORT',
    description: 'Port of the metrics page on 127.0.0.1; `0` switches it off.',
    default: 'PORT+2',
  },
  {
    name: 'DRAIN_SECONDS',
    description:
      'How long a process that is asked to stop still serves while `/readyz` says no, so that load balancers notice first.',
    default: '5 in production, 0 in development',
  },
  {
    name: 'SMTP_URL',
    description: 'Mail server. Without it mails go to the development mailbox in SOUK_HOME.',
    default: 'the development mailbox',
  },
  {
    name: 'BACKUP_FOLDER',
    description: 'Where backups are written. Best another disk, or a folder that is carried to another machine.',
    default: 'backups in SOUK_HOME',
  },
  {
    name: 'BACKUPS',
    description:
      '`off` takes no backup by itself. Otherwise one is taken each day where `npm start` knows the owner’s connection.',
    default: 'one a day',
  },
  { name: 'MAIL_FROM', description: 'Sender of mails.', default: 'shop@localhost' },
  {
    name: 'MAIL_DKIM_SELECTOR',
    description: 'Selector under which the mail server signs, so that its key can be looked for before the first mail.',
    default: 'none',
  },
];

export type Environment = {
  readonly mode: 'development' | 'production';
  readonly port: number;
  readonly home: string;
  readonly backupFolder: string;
  /** Whether `npm start` takes a backup each day. */
  readonly dailyBackups: boolean;
  readonly key: MasterKey;
  readonly demo: boolean;
  readonly adminOrigin: URL;
  readonly apiOrigin: URL;
  readonly sandboxOrigin: URL | undefined;
  readonly trustedProxies: readonly string[];
  readonly dnsServers: readonly string[];
  readonly publicAddresses: readonly string[];
  readonly metricsPort: number;
  readonly drainSeconds: number;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly dkimSelector: string | undefined;
};

/** Variables that are wrong, each named, in words that say what to do. */
export class WrongConfiguration extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the configuration of an installation, whole, so that every mistake is told at once.
 * @param generatedKey the key kept in SOUK_HOME, used when SOUK_KEY is not set (development only).
 * @throws WrongConfiguration with every problem at once.
 */
export function readEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  { checkout, generatedKey }: { checkout: string; generatedKey?: string | undefined },
): Environment {
  const problems: string[] = [];
  const mode = given.SOUK_MODE ?? 'development';
  if (mode !== 'development' && mode !== 'production')
    problems.push(`SOUK_MODE is "${mode}". Set it to development or production.`);
  const port = wholeNumber(given, 'PORT', 4000, 1, problems);
  const key = masterKey(given.SOUK_KEY ?? (mode === 'production' ? undefined : generatedKey));
  if (!key) {
    problems.push(
      given.SOUK_KEY
        ? 'SOUK_KEY is not 32 bytes in base64. Make one with: openssl rand -base64 32'
        : 'SOUK_KEY is missing. Set the master key of this installation; for a new one: openssl rand -base64 32',
    );
  }
  const origin = (name: string, fallback: string): URL => {
    const text = given[name] ?? fallback;
    try {
      const url = new URL(text);
      if (url.username || url.password) {
        problems.push(`${name} is an address with a user name or password in it. Leave them out.`);
        return new URL(fallback);
      }
      if (!/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash)
        throw new TypeError('not an origin');
      if (mode === 'production' && url.protocol !== 'https:')
        problems.push(`${name} is "${text}". In production it begins with https://.`);
      return url;
    } catch {
      problems.push(`${name} is "${text}". Set it to an address such as https://admin.example.com`);
      return new URL(fallback);
    }
  };
  const trustedProxies = listOf(given.TRUSTED_PROXIES);
  for (const proxy of trustedProxies.filter((p) => !ipaddr.isValid(p) && !ipaddr.isValidCIDR(p)))
    problems.push(
      `TRUSTED_PROXIES is wrong at "${proxy}". Set it to IP addresses or networks, such as 10.0.0.1, 192.168.0.0/16`,
    );
  const dnsServers = listOf(given.DNS_SERVERS);
  for (const server of dnsServers.filter((one) => !isNameServer(one)))
    problems.push(
      `DNS_SERVERS is wrong at "${server}". Set it to IP addresses of name servers, such as 9.9.9.9, [2620:fe::fe]:53`,
    );
  const publicAddresses = listOf(given.PUBLIC_ADDRESSES);
  for (const address of publicAddresses.filter((one) => !ipaddr.isValid(one)))
    problems.push(
      `PUBLIC_ADDRESSES is wrong at "${address}". Set it to IP addresses, such as 192.0.2.10, 2001:db8::10`,
    );
  if (given.SOUK_DEMO && !/^[01]$/.test(given.SOUK_DEMO))
    problems.push(`SOUK_DEMO is "${given.SOUK_DEMO}". Set it to 0 for no demo sites, or to 1.`);
  const drainSeconds = given.DRAIN_SECONDS || (mode === 'production' ? '5' : '0');
  if (!/^\d{1,3}$/.test(drainSeconds))
    problems.push(`DRAIN_SECONDS is "${drainSeconds}". Set it to whole seconds between 0 and 999.`);
  // Addresses that may hold a password are not repeated.
  if (given.SMTP_URL && !isAddress(given.SMTP_URL, /^smtps?:$/))
    problems.push(
      'SMTP_URL is not the address of a mail server. Set it to one such as smtps://user:password@mail.example.com',
    );
  for (const name of ['DATABASE_URL', 'APP_DATABASE_URL', 'PLATFORM_DATABASE_URL', 'RELAY_DATABASE_URL'])
    if (given[name] && !isAddress(given[name], /^postgres(ql)?:$/))
      problems.push(
        `${name} is not the address of a database. Set it to one such as postgres://user:password@host/souk`,
      );
  if (given.MAIL_FROM && !emailAddress(given.MAIL_FROM).ok)
    problems.push(`MAIL_FROM is ${JSON.stringify(given.MAIL_FROM)}. Set it to an e-mail address.`);
  if (given.MAIL_DKIM_SELECTOR && !/^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/i.test(given.MAIL_DKIM_SELECTOR))
    problems.push(
      `MAIL_DKIM_SELECTOR is ${JSON.stringify(given.MAIL_DKIM_SELECTOR)}. Set it to the selector your mail provider names, such as s1.`,
    );
  const home = resolve(checkout, given.SOUK_HOME ?? '.souk');
  const environment = {
    mode: mode === 'production' ? ('production' as const) : ('development' as const),
    port,
    home,
    backupFolder: resolve(given.BACKUP_FOLDER || join(home, 'backups')),
    dailyBackups: given.BACKUPS !== 'off',
    demo: mode !== 'production' && given.SOUK_DEMO !== '0',
    adminOrigin: origin('ADMIN_ORIGIN', `http://admin.localhost:${port}`),
    apiOrigin: origin('API_ORIGIN', `http://api.localhost:${port}`),
    sandboxOrigin: mode === 'production' ? undefined : origin('SANDBOX_ORIGIN', `http://localhost:${port + 1}`),
    trustedProxies,
    dnsServers,
    publicAddresses,
    metricsPort: wholeNumber(given, 'METRICS_PORT', port + 2, 0, problems),
    drainSeconds: Number(drainSeconds),
    smtpUrl: given.SMTP_URL || undefined,
    mailFrom: given.MAIL_FROM || 'shop@localhost',
    dkimSelector: given.MAIL_DKIM_SELECTOR || undefined,
  };
  if (mode === 'production' && given.SANDBOX_ORIGIN)
    problems.push('SANDBOX_ORIGIN is set. The sandbox payment provider does not run in production; remove it.');
  if (mode === 'production' && !given.SOUK_HOME)
    problems.push('SOUK_HOME is missing. Name a folder outside the program that is kept and backed up.');
  if (problems.length > 0 || !key) throw new WrongConfiguration(problems);
  return { ...environment, key };
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

/** An IP address, with a port or without; one of IPv6 stands in brackets before a port. */
const isNameServer = (text: string): boolean => {
  const [, v6, v4] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  return ipaddr.isValid(v6 ?? v4 ?? text);
};

const isAddress = (text: string, protocol: RegExp): boolean =>
  URL.canParse(text) && protocol.test(new URL(text).protocol);

function wholeNumber(
  given: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: number,
  least: 0 | 1,
  problems: string[],
): number {
  const text = given[name];
  if (text === undefined || text === '') return fallback;
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_534 && Number(text) >= least) return Number(text);
  problems.push(`${name} is "${text}". Set it to a port number between ${least} and 65533.`);
  return fallback;
}

/** The text of `docs/configuration.md`. */
export const configurationPage = (): string =>
  [
    '# Configuration',
    '',
    'Made from `apps/api/src/env.ts` by `npm run check -- --write-docs`; a test compares the two.',
    '',
    '| variable | what it is for | when it is not set |',
    '| --- | --- | --- |',
    ...VARIABLES.map((v) => `| \`${v.name}\` | ${v.description} | ${v.default} |`),
    '',
  ].join('\n');
