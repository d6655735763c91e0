import { z } from 'zod';
import { adminRouter } from '../admin-router.ts';
import { htmlText } from '../http/html-text.ts';
import { serviceRouter } from '../service-router.ts';
import { storefrontRouter } from '../storefront-router.ts';
import type { Access } from '../trpc/procedures.ts';

type Procedure = {
  readonly path: string;
  readonly type: string;
  readonly access: Access | undefined;
  readonly input: unknown;
};

/** Every procedure of a router with what it asks for, read from the router itself. */
export function proceduresOf(router: { _def: { procedures: Record<string, unknown> } }): Procedure[] {
  return Object.entries(router._def.procedures).map(([path, procedure]) => {
    const def = (procedure as { _def: { type: string; meta?: { access?: Access }; inputs: unknown[] } })._def;
    const [input] = def.inputs;
    return {
      path,
      type: def.type,
      access: def.meta?.access,
      input: input instanceof z.ZodType ? z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }) : undefined,
    };
  });
}

const accessWords = (access: Access | undefined): string =>
  access === undefined
    ? ''
    : 'permission' in access
      ? `${access.who === 'key' ? 'an API key' : 'a member'} with ${access.permission}`
      : access.who === 'account'
        ? 'signed in'
        : 'anyone';

const section = (title: string, lead: string, router: Parameters<typeof proceduresOf>[0]): string =>
  `<section><h2>${htmlText(title)}</h2><p>${htmlText(lead)}</p>${proceduresOf(router)
    .map(
      (p) =>
        `<details><summary><code>${p.type === 'query' ? 'GET' : 'POST'} /trpc/${htmlText(p.path)}</code> · ${htmlText(accessWords(p.access))}</summary><pre>${p.input ? htmlText(JSON.stringify(p.input, null, 2)) : 'no input'}</pre></details>`,
    )
    .join('')}</section>`;

/** The API's reference, made of the routers: it cannot say anything else than what runs. */
export const referencePage = (): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>API reference</title><link rel="stylesheet" href="/plain.css"><body><main><h1>API reference</h1><p>Queries are GET with <code>?input=</code> as JSON, mutations are POST with a JSON body, after the tRPC protocol. A refusal carries a stable code in <code>error.data.refusal</code>.</p>${[
    section('Services', 'On this host, with the header “Authorization: Bearer souk_…”.', serviceRouter),
    section('Storefront', 'On the host of each shop.', storefrontRouter),
    section('Admin', 'On the admin’s host, with its session cookie and the header “x-souk-site”.', adminRouter),
  ].join('')}</main></body></html>`;
