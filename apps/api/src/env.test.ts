import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newMasterKey } from '@souk/db';
import { describe, expect, test } from 'vitest';
import { VARIABLES, WrongConfiguration, configurationPage, readEnvironment } from './env.ts';

const checkout = join(import.meta.dirname, '..', '..', '..');
const key = newMasterKey();
type Given = Readonly<Record<string, string | undefined>>;

const read = (given: Given, generatedKey: string | undefined = key) =>
  readEnvironment(given, { checkout, generatedKey });
const problems = (given: Given, generatedKey: string | undefined = key): readonly string[] => {
  try {
    read(given, generatedKey);
    return [];
  } catch (error) {
    if (error instanceof WrongConfiguration) return error.problems;
    throw error;
  }
};
/** As a production installation is set up rightly. */
const PRODUCTION: Given = {
  SOUK_MODE: 'production',
  SOUK_KEY: key,
  SOUK_HOME: '/var/lib/souk',
  ADMIN_ORIGIN: 'https://admin.example.com',
  API_ORIGIN: 'https://api.example.com',
};

describe('what is not set has its default', () => {
  test('in development nothing has to be set', () => {
    expect(read({})).toMatchObject({
      mode: 'development',
      port: 4000,
      home: join(checkout, '.souk'),
      demo: true,
      metricsPort: 4002,
      drainSeconds: 0,
      trustedProxies: [],
      dnsServers: [],
      publicAddresses: [],
      smtpUrl: undefined,
      mailFrom: 'shop@localhost',
    });
    const { adminOrigin, apiOrigin, sandboxOrigin } = read({});
    expect([adminOrigin, apiOrigin, sandboxOrigin].map((url) => url?.origin)).toEqual([
      'http://admin.localhost:4000',
      'http://api.localhost:4000',
      'http://localhost:4001',
    ]);
  });

  test('addresses and the metrics port follow PORT', () => {
    const { adminOrigin, sandboxOrigin, metricsPort } = read({ PORT: '5000' });
    expect([adminOrigin.port, sandboxOrigin?.port, metricsPort]).toEqual(['5000', '5001', 5002]);
  });

  test('what is set is taken', () => {
    expect(
      read({
        ...PRODUCTION,
        PORT: '80',
        METRICS_PORT: '0',
        TRUSTED_PROXIES: '10.0.0.1, 10.0.0.2 ,',
        SMTP_URL: 'smtp://mail.example.com',
        MAIL_FROM: 'us@example.com',
      }),
    ).toMatchObject({
      mode: 'production',
      port: 80,
      metricsPort: 0,
      drainSeconds: 5,
      home: '/var/lib/souk',
      trustedProxies: ['10.0.0.1', '10.0.0.2'],
      dnsServers: [],
      publicAddresses: [],
      smtpUrl: 'smtp://mail.example.com',
      mailFrom: 'us@example.com',
    });
  });
});

describe('every variable that is wrong is named, with words that say what to do', () => {
  test.each([
    ['SOUK_MODE', 'staging'],
    ['SOUK_MODE', ''],
    ['SOUK_MODE', 'Production'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '4000.5'],
    ['PORT', '1e3'],
    ['PORT', ' 4000'],
    ['METRICS_PORT', 'none'],
    ['METRICS_PORT', '70000'],
    ['DRAIN_SECONDS', 'a while'],
    ['DRAIN_SECONDS', '-1'],
    ['SOUK_KEY', 'short'],
    ['SOUK_KEY', Buffer.alloc(31).toString('base64')],
    ['SOUK_KEY', Buffer.alloc(33).toString('base64')],
    ['SOUK_KEY', 'a'.repeat(64)],
    ['SOUK_DEMO', 'no'],
    ['SOUK_DEMO', 'false'],
    ['ADMIN_ORIGIN', 'admin.example.com'],
    ['ADMIN_ORIGIN', 'ftp://admin.example.com'],
    ['ADMIN_ORIGIN', 'https://admin.example.com/path'],
    ['ADMIN_ORIGIN', 'https://admin.example.com/?a=b'],
    ['ADMIN_ORIGIN', 'https://user:secret@admin.example.com'],
    ['API_ORIGIN', 'javascript:alert(1)'],
    ['SANDBOX_ORIGIN', 'nowhere'],
    ['TRUSTED_PROXIES', 'everyone'],
    ['TRUSTED_PROXIES', '10.0.0.1,proxy.example.com'],
    ['SMTP_URL', 'mail.example.com'],
    ['SMTP_URL', 'http://mail.example.com'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@example.com\r\nBcc: b@example.com'],
    ['DATABASE_URL', 'mysql://localhost'],
    ['APP_DATABASE_URL', 'localhost'],
    ['PLATFORM_DATABASE_URL', 'http://localhost'],
    ['RELAY_DATABASE_URL', 'x'],
  ])('%s=%j', (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} is .+\\. ?.*$`));
    expect(found[0]).not.toContain('secret');
  });

  test('all of them at once, one sentence each', () => {
    const found = problems({ PORT: 'x', METRICS_PORT: 'y', ADMIN_ORIGIN: 'z', SOUK_MODE: 'w', SOUK_KEY: 'v' });
    expect(found.map((problem) => problem.split(' ')[0] ?? '').toSorted()).toEqual([
      'ADMIN_ORIGIN',
      'METRICS_PORT',
      'PORT',
      'SOUK_KEY',
      'SOUK_MODE',
    ]);
  });
});

describe('K08 · SOUK_KEY', () => {
  test('in development the one that was made is used, and a set one goes first', () => {
    const other = newMasterKey();
    expect(Buffer.from(read({}).key).toString('base64')).toBe(key);
    expect(Buffer.from(read({ SOUK_KEY: other }).key).toString('base64')).toBe(other);
  });

  test('missing, it is refused, and a wrong one is never repeated', () => {
    expect(problems({}, '')).toEqual([expect.stringMatching(/^SOUK_KEY is missing\. .*openssl rand -base64 32$/)]);
    expect(problems({ SOUK_KEY: 'my-secret-key' })[0]).not.toContain('my-secret-key');
  });

  test('production takes no key that was made by itself', () => {
    expect(problems({ ...PRODUCTION, SOUK_KEY: undefined })).toEqual([expect.stringMatching(/^SOUK_KEY is missing/)]);
  });
});

describe('production refuses', () => {
  test('nothing of what is right', () => {
    expect(problems(PRODUCTION)).toEqual([]);
    expect(read(PRODUCTION)).toMatchObject({ demo: false, sandboxOrigin: undefined });
    expect(read({ ...PRODUCTION, SOUK_DEMO: '1' }).demo).toBe(false);
  });

  test.each([
    ['SANDBOX_ORIGIN', { SANDBOX_ORIGIN: 'https://sandbox.example.com' }],
    ['SOUK_HOME', { SOUK_HOME: undefined }],
    ['ADMIN_ORIGIN', { ADMIN_ORIGIN: 'http://admin.example.com' }],
    ['API_ORIGIN', { API_ORIGIN: 'http://api.example.com' }],
    ['ADMIN_ORIGIN', { ADMIN_ORIGIN: undefined }],
    ['API_ORIGIN', { API_ORIGIN: undefined }],
    ['SOUK_KEY', { SOUK_KEY: undefined }],
  ])('%s', (name, change) => {
    const found = problems({ ...PRODUCTION, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} is `));
  });
});

describe('the page of the configuration', () => {
  test('is what docs/configuration.md says', () => {
    const file = join(checkout, 'docs', 'configuration.md');
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(configurationPage());
  });

  test('names every variable once', () => {
    expect(new Set(VARIABLES.map((v) => v.name)).size).toBe(VARIABLES.length);
    for (const { name } of VARIABLES)
      expect(configurationPage().match(new RegExp(`\\| \`${name}\` \\|`, 'g'))).toHaveLength(1);
  });

  test('names every variable that is read', () => {
    const known = new Set(VARIABLES.map((v) => v.name));
    const source = readFileSync(join(import.meta.dirname, 'env.ts'), 'utf8');
    for (const [, name = ''] of source.matchAll(/given\.([A-Z_]+)|(?:origin|wholeNumber)\((?:given, )?'([A-Z_]+)'/g))
      if (name) expect(known).toContain(name);
  });
});
