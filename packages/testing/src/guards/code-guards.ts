/** One line that keeps a promise in the code: with it gone, the named tests turn red. */
export type CodeGuard = {
  /** The promise or attack first, then what the line does. */
  readonly id: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Lines of the same file that keep the same promise a second time: only with all of them gone a test can turn red. */
  readonly with: readonly (readonly [find: string, replace: string])[];
  readonly project?: 'database' | 'pure';
  readonly test: string;
  /** A pattern for the names of its tests. */
  readonly name: string;
};

type Where = Pick<CodeGuard, 'file' | 'test'> & Pick<Partial<CodeGuard>, 'project'>;
type Line = readonly [id: string, find: string, replace: string, name: string, covers?: CodeGuard['with']];

const guards = (where: Where, ...lines: readonly Line[]): CodeGuard[] =>
  lines.map(([id, find, replace, name, covers = []]) => ({ ...where, id, find, replace, name, with: covers }));

const attacks = 'packages/testing/src/attacks';
const flows = 'packages/testing/src/flows';
const faults = 'packages/testing/src/faults';
const api = 'apps/api/src';
const db = 'packages/db/src';

/** The lines that keep promises where no key can. `npm run guards` takes each out of a copy of the checkout. */
export const CODE_GUARDS: readonly CodeGuard[] = [
  ...guards(
    { file: `${db}/identity/operator-statements.ts`, test: `${flows}/operators.test.ts` },
    ['OP1 the last operator stays', ' and (select count(*) from held) > 1', '', 'OP1 · the last one stays'],
    [
      'OP1 operators who remove each other wait',
      'where removed_at is null order by admin_id for update)',
      'where removed_at is null order by admin_id)',
      'OP1 · two who remove each other',
    ],
    [
      'OP1 who was let go runs nothing any more',
      'where admin_id = $1 and removed_at is null',
      'where admin_id = $1',
      'OP1 · somebody with an account',
    ],
  ),
  ...guards({ file: `${api}/identity/move-site.ts`, test: `${flows}/site-status.test.ts` }, [
    'ST1 an operator has seen where the site stands',
    'if (site.n !== move.lastStep)',
    'if (site.n < 0)',
    'ST1 · who looked before',
  ]),
  ...guards({ file: `${db}/identity/site-status-store.ts`, test: `${flows}/site-status.test.ts` }, [
    'ST1 steps of one site wait for each other',
    'where site_id = ${tx.siteId} for no key update`',
    'where site_id = ${tx.siteId}`',
    'C14 · of twenty steps',
  ]),
  ...guards({ file: `${api}/server.ts`, test: `${flows}/site-status.test.ts` }, [
    'H11 nothing is sold in a suspended shop',
    "if (site.status === 'active') return false;",
    'if (Date.now() > 0) return false;',
    'H11 · says so',
  ]),
  ...guards({ file: `${api}/trpc/procedures.ts`, test: `${attacks}/procedures.test.ts` }, [
    'OP1 who runs the installation is an operator',
    'if (!(await isOperator(database, found.adminId))) throw notFound();',
    '',
    'E01 · .*, by somebody who does not run the installation',
  ]),
  ...guards({ file: `${api}/identity/found-site.ts`, test: `${flows}/new-site.test.ts` }, [
    'C14 whoever comes second takes other letters',
    "if (clash !== 'order_prefix') throw error;",
    'throw error;',
    'C14 · eight',
  ]),
  ...guards({ file: `${api}/identity/site-settings.ts`, test: `${flows}/site-settings.test.ts` }, [
    'V1 stale settings are refused',
    'if (now.version !== input.version) {',
    'if (now.version < 0) {',
    'V1 · ',
  ]),
  ...guards({ file: `${db}/identity/site-settings-store.ts`, test: `${flows}/site-settings.test.ts` }, [
    'V1 settings are held while they change',
    'where site_id = ${tx.siteId} for no key update`',
    'where site_id = ${tx.siteId}`',
    'V1 · of twenty',
  ]),
  ...guards({ file: `${db}/activity/publication-store.ts`, test: `${flows}/site-settings.test.ts` }, [
    'S1 a publication holds the tax basis',
    '  send(tx, sql`select 1 from site_configurations where site_id = ${tx.siteId} for key share`);\n',
    '',
    'S1 · a publication and a change',
  ]),
  ...guards({ file: `${db}/commerce/order-store.ts`, test: `${attacks}/checkout-at-once.test.ts` }, [
    'C02 one cart is checked out by one at a time',
    'order by cart_id desc limit 1 for update',
    'order by cart_id desc limit 1',
    // Who waits for the stock of a cart waits for its order too; the answer to its key is what only this lock holds back.
    'C02 · one cart checked out|C05 · one idempotency key',
  ]),
  ...guards({ file: `${db}/commerce/order-store.ts`, test: `${attacks}/notices-at-once.test.ts` }, [
    'O3 notices of one order wait for each other',
    'where site_id = ${tx.siteId} and order_id = ${orderId} for update`',
    'where site_id = ${tx.siteId} and order_id = ${orderId}`',
    'C07 · fifty different notices',
  ]),
  ...guards({ file: `${db}/commerce/order-store.ts`, test: `${attacks}/conditional-writes.test.ts` }, [
    'AU2 a step is saved only from where the order is',
    'and last_transition = ${event.n - 1} and status = ${event.from} returning',
    'returning',
    'AU2 · a step that starts',
  ]),
  ...guards(
    { file: `${db}/commerce/order-store.ts`, test: `${attacks}/asked-again.test.ts` },
    [
      'P3 what is hidden or unpublished is not sold',
      "case when p.status = 'published' and p.visibility = 'visible' then x.version_id end",
      'x.version_id',
      'C04 · a product is (hidden|unpublished): the buyer',
    ],
    [
      'C04 a way of sending that is not offered is refused',
      'and shipping_method_id = ${choice.shippingMethodId} and is_active)',
      'and shipping_method_id = ${choice.shippingMethodId})',
      'C04 · shipping that became dearer',
    ],
    [
      'IN1 a way of paying that is switched off is refused',
      'and config_id = ${choice.configId} and is_enabled)',
      'and config_id = ${choice.configId})',
      'C04 · shipping that became dearer',
    ],
  ),
  ...guards({ file: `${db}/catalog/stock-store.ts`, test: `${attacks}/checkout-at-once.test.ts` }, [
    'O5 levels are locked before they are promised',
    'order by l.variant_id for update of l`,\n  );\n  return new Map(locked',
    'order by l.variant_id`,\n  );\n  return new Map(locked',
    'C01 · the last piece',
  ]),
  ...guards(
    { file: `${db}/catalog/stock-store.ts`, test: `${attacks}/stock-at-once.test.ts` },
    [
      'O5 of failed orders paid again at once one takes the last piece',
      "and r.status = 'released' order by l.variant_id for update of l",
      "and r.status = 'released' order by l.variant_id",
      'C10 · failed orders paid again',
    ],
    [
      'O5 stock is counted under the lock of its level',
      'l.variant_id = any(${counts.map((c) => c.variantId)}::uuid[]) order by l.variant_id for update of l',
      'l.variant_id = any(${counts.map((c) => c.variantId)}::uuid[]) order by l.variant_id',
      'C10 · stock is adjusted',
    ],
    [
      'O5 pieces promised to buyers are never counted away',
      'greatest(g.on_hand, l.reserved - l.backorder_limit)',
      'g.on_hand',
      'C10 · stock is adjusted',
    ],
  ),
  ...guards(
    { file: `${db}/catalog/stock-store.ts`, test: `${attacks}/conditional-writes.test.ts` },
    [
      'O5 pieces are taken only while they are there',
      '\n          and l.reserved + g.quantity <= l.on_hand + l.backorder_limit',
      '',
      'O5 · more than is left',
    ],
    [
      'O5 pieces are given back once',
      "set status = 'released', updated_at = ${tx.at} where site_id = ${tx.siteId} and order_id = ${orderId} and status = 'held'",
      "set status = 'released', updated_at = ${tx.at} where site_id = ${tx.siteId} and order_id = ${orderId}",
      'O5 · what an order holds',
    ],
  ),
  ...guards({ file: `${db}/commerce/payment-store.ts`, test: `${attacks}/conditional-writes.test.ts` }, [
    'K01 where a payment is paid is kept once',
    ' and provider_reference is null`',
    '`',
    'K01 · where a payment is paid',
  ]),
  ...guards({ file: `${db}/commerce/payment-store.ts`, test: `${attacks}/notices.test.ts` }, [
    'C07 an older payment is known as one',
    'and payment_id > ${payment.paymentId} limit 1`',
    'and false`',
    'C07 · a late refusal',
  ]),
  ...guards({ file: `${db}/commerce/idempotency-store.ts`, test: `${attacks}/checkout-at-once.test.ts` }, [
    'C05 a key is compared with the body it came with',
    "found.body_hash.equals(key.bodyHash) ? { answer: found.response } : 'other_body'",
    '{ answer: found.response }',
    'C05 · one idempotency key',
  ]),
  ...guards({ file: `${db}/catalog/product-store.ts`, test: `${attacks}/conditional-writes.test.ts` }, [
    'C2 publications of one product wait for each other',
    '  send(\n    tx,\n    sql`select 1 from products where site_id = ${siteId} and product_id = any(${[...productIds]}::uuid[]) order by product_id for update`,\n  );',
    '',
    'C12 · of two publications',
  ]),
  ...guards(
    { file: `${api}/commerce/checkout.ts`, test: `${attacks}/checkout-at-once.test.ts` },
    [
      'C05 a key answers with what it answered before',
      'if (before) return { placed: before.answer };',
      '',
      'C05 · one idempotency key',
    ],
    [
      'C05 the key is looked for after the cart is locked',
      'const cartId = await lockNewestCart(tx, session);',
      'const early = await findAnswer<Placed>(tx, key);\n  const cartId = await lockNewestCart(tx, session);',
      'C05 · one idempotency key',
      [['    findAnswer<Placed>(tx, key),\n', '    Promise.resolve(early),\n']],
    ],
    [
      'C05 a key belongs to its customer',
      "principal: session.toString('hex'),",
      "principal: 'everybody',",
      'C05 · the key of another customer',
    ],
  ),
  ...guards(
    { file: `${api}/commerce/checkout.ts`, test: `${attacks}/asked-again.test.ts` },
    [
      'O6 the total is the one the buyer saw',
      'if (expected?.minorUnits !== totals.total.minorUnits) {',
      'if (!expected) {',
      'C04 · shipping that became dearer',
    ],
    [
      'O6 a price is the one the buyer saw',
      'if (line.now.price.minorUnits !== line.priceSeen.minorUnits)',
      'if (!line.priceSeen)',
      'C04 · a (higher|lower) price is published: the buyer',
    ],
    [
      'IN1 a payment of a way that is switched off is not begun',
      'if (!config.isEnabled) throw paymentNotOffered(token);',
      '',
      'IN1 · a way of paying',
    ],
  ),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/asked-again.test.ts` }, [
    'IN1 a failed order is not paid again by a way that is switched off',
    'if (!(await findPaymentCredential(tx, services.key, last.configId))?.isEnabled) throw paymentNotOffered(token);',
    '',
    'IN1 · a way of paying',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/checkout-at-once.test.ts` }, [
    'C02 what was read before the lock is read again',
    '(await findOrder(tx, { orderId: order.orderId }))?.payments.at(-1)',
    'named?.payments.at(-1)',
    'C02 · a failed order',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/procedures.test.ts` }, [
    'V1 a stale version is refused',
    'if (order.version !== version) {',
    'if (order.version < 0) {',
    'V1 · a stale version',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/notices.test.ts` }, [
    'O3 the money of a cancelled order waits for a person',
    'insertRefundDue(tx, { exceptionId: services.newId(tx.at), orderId: order.orderId });',
    '',
    'O3 · the money of an order cancelled',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/notices-at-once.test.ts` }, [
    'C09 goods of a cancelled order go back',
    "throw notAllowed('cancelled', order.status);\n  release(tx, order.orderId);",
    "throw notAllowed('cancelled', order.status);",
    'C09 · one order sent and cancelled',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${flows}/time-and-provider.test.ts` }, [
    'O5 goods of an expired order go back',
    'if (!order || !moved?.ok) return false;\n      release(tx, orderId);',
    'if (!order || !moved?.ok) return false;',
    'O1 · expires',
  ]),
  ...guards(
    { file: `${api}/commerce/notices.ts`, test: `${attacks}/notice-signatures.test.ts` },
    [
      'H07 a notice counts when its signature holds',
      ' || !provider.verify(config.credential, headers, body))',
      ')',
      'H07 · a notice',
    ],
    ['H07 a notice has a largest size', 'body.length > provider.maxNoticeBytes || ', '', 'H07 · one megabyte'],
  ),
  ...guards({ file: `${api}/commerce/notices.ts`, test: `${attacks}/notices-at-once.test.ts` }, [
    'O3 a notice is processed once',
    "if (!isFirst) return 'accepted';",
    '',
    'C07 · one notice delivered 50|made the server stumble',
  ]),
  ...guards(
    { file: `${api}/commerce/notices.ts`, test: `${attacks}/notices.test.ts` },
    [
      'O3 a secret signs for the payments of its own configuration',
      'payment?.configId === config.configId ? payment : undefined',
      'payment',
      'O3 · the secret of another|made the server stumble',
    ],
    [
      'C07 money that comes late takes its goods again, or waits',
      "if (order.status === 'payment_failed' && (await reserveAgain(tx, order.orderId)).length > 0) {",
      'if (false) {',
      'C07 · money that comes for a failed order',
    ],
    [
      'C07 money that does not fit waits for a person',
      'if (outcome.exception)\n    insertException',
      'if (false)\n    insertException',
      'C07 · captured',
    ],
  ),
  ...guards(
    {
      file: 'packages/domain/src/commerce/order.ts',
      test: 'packages/domain/src/commerce/order.test.ts',
      project: 'pure',
    },
    ['O1 a step is one of the table', 'if (!allows(step, order.status, by))', 'if (!step)', 'O1 · every transition'],
    [
      'O2 evidence covers the total',
      'evidence.covered.minorUnits >= order.total.minorUnits ? ',
      'evidence.covered ? ',
      'O2 · exactly the total',
    ],
    [
      'O2 evidence is of the order’s mode and currency',
      'if (evidence.mode !== order.mode || evidence.covered.currency !== order.total.currency) return undefined;',
      '',
      'O2 · another currency',
    ],
  ),
  ...guards({ file: `${api}/commerce/notices.ts`, test: 'packages/testing/src/models/order-lives.test.ts' }, [
    'O5 goods of a failed order go back',
    "if (outcome.transition === 'failPayment') release(tx, order.orderId);",
    '',
    'M · ',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: 'packages/testing/src/models/order-lives.test.ts' }, [
    'O5 goods that are sent leave the shelf',
    'consume(tx, order.orderId, by.adminId);',
    '',
    'M · ',
  ]),
  ...guards({ file: `${api}/catalog/product-import.ts`, test: 'packages/testing/src/flows/product-import.test.ts' }, [
    'O5 an import counts in the order in which checkouts lock',
    'const variantIds = [...counted.keys()].toSorted();',
    'const variantIds = [...counted.keys()];',
    'O5 · a checkout and an import',
  ]),
  ...guards({ file: `${api}/catalog/product-import.ts`, test: 'packages/testing/src/flows/product-import.test.ts' }, [
    'new products stand in the order of the file',
    'services.newId(tx.at, written.new)',
    'newId()',
    'new products stand in the order',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/stock-at-once.test.ts` }, [
    'O5 an order is paid again only with its goods',
    'if (short.length > 0)',
    'if (short.length > 99)',
    'C10 · failed orders paid again',
  ]),
  ...guards({ file: `${db}/site-query.ts`, test: `${db}/with-site.test.ts` }, [
    'G1 the site of a hot read does not outlive it',
    "set_config('app.site_id', $1, true)",
    "set_config('app.site_id', $1, false)",
    'G1 · a hot read',
  ]),
  ...guards(
    { file: `${db}/commerce/cart-store.ts`, test: `${attacks}/http-doors.test.ts` },
    [
      'P3 what is not sold is not put into a cart',
      "and p.product_id = k.product_id and p.status = 'published' and p.visibility = 'visible' limit 1) p",
      'and p.product_id = k.product_id limit 1) p',
      'what is not sold cannot be put in',
    ],
    [
      'O5 more than is left is not put into a cart',
      'if (wanted > offer.available)',
      'if (false)',
      'more than there is',
    ],
  ),
  ...guards({ file: `${db}/catalog/import-store.ts`, test: `${attacks}/conditional-writes.test.ts` }, [
    'C12 an import moves on from where it is',
    'and import_id = ${importId} and status = any(${[...from]}::text[])`',
    'and import_id = ${importId}`',
    'C12 · an import is moved on',
  ]),
  ...guards({ file: `${api}/catalog/product-import.ts`, test: `${flows}/product-import.test.ts` }, [
    'C12 imports of one site write one after the other',
    'await lockCatalogImport(tx);',
    '',
    'at the same time: two products',
  ]),
  ...guards(
    { file: `${api}/integrations/sandbox-provider.ts`, test: `${flows}/time-and-provider.test.ts` },
    [
      'K01 the provider knows a payment by our id',
      "...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),",
      '',
      'two clicks on paying|a payment the provider knows',
    ],
    [
      'K05 an answer of the provider is a page',
      'url: z.url({ protocol: /^https?$/ })',
      'url: z.string()',
      'K05 · |down, slow|script',
    ],
  ),
  ...guards({ file: `${api}/jobs/relay.ts`, test: `${flows}/mail.test.ts` }, [
    'L01 the words of an error stay out of the queue',
    'error: error instanceof Error ? error.name : typeof error',
    'error: String(error)',
    'L01 · what it refuses',
  ]),
  ...guards({ file: `${api}/jobs/order-mail.ts`, test: `${flows}/mail.test.ts` }, [
    'C08 a paid order is not reminded of its payment',
    "if (emailType === 'order_unpaid' && !isPayable(found.order)) return;",
    '',
    'an order that is not paid is reminded',
  ]),
  ...guards({ file: `${api}/storefront-html/shop-pages.ts`, test: `${attacks}/canary.test.ts` }, [
    'H11 the page of an order masks its address',
    "text === '' ? '' : `${text.slice(0, 1)}…`",
    'text',
    'H11 · ',
  ]),
  ...guards({ file: `${api}/storefront-html/shop-routes.ts`, test: `${attacks}/http-doors.test.ts` }, [
    'H11 the page of an order tells its address to nobody',
    "'Referrer-Policy': 'no-referrer'",
    "'Referrer-Policy': 'same-origin'",
    'H11 · ',
  ]),
  ...guards({ file: `${api}/server.ts`, test: `${attacks}/http-doors.test.ts` }, [
    'H01 a site that is not open is at no address',
    "(status: SiteStatus): boolean => status === 'active' || status === 'suspended';",
    "(status: SiteStatus): boolean => status !== 'created';",
    'H01 · a site that is suspended',
  ]),
  ...guards({ file: `${api}/http/admin-files.ts`, test: `${attacks}/procedures.test.ts` }, [
    'E01 a suspended site takes no files',
    "if (entry.status !== 'active')",
    'if (false)',
    'E01 · a suspended site',
  ]),
  ...guards(
    { file: `${api}/http/admin-files.ts`, test: `${flows}/product-import.test.ts` },
    [
      'I4 a file is sent by who may',
      "enterSite(facts, req.params.handle, 'MANAGE_PRODUCTS')",
      "enterSite(facts, req.params.handle, 'any')",
      'I4 · a member without MANAGE_PRODUCTS, a stranger',
    ],
    [
      'I4 a report is fetched by who may',
      "enterSite(requestFacts(services, req, res), req.params.handle, 'MANAGE_PRODUCTS')",
      "enterSite(requestFacts(services, req, res), req.params.handle, 'any')",
      'I4 · a member without MANAGE_PRODUCTS cannot',
    ],
  ),
  ...guards(
    {
      file: `${api}/catalog/product-csv/sanitize-product-html.ts`,
      test: `${api}/catalog/product-csv/sanitize-product-html.test.ts`,
    },
    [
      'H03 a link leads to the web, to mail or to a telephone',
      "allowedSchemes: ['http', 'https', 'mailto', 'tel'],",
      'allowedSchemes: false as never,',
      '',
    ],
    ['H03 the words of a script go with it', 'nonTextTags: DROPPED_WHOLE,', 'nonTextTags: [],', ''],
  ),
  ...guards({ file: `${api}/commerce/checkout.ts`, test: `${attacks}/abuse.test.ts` }, [
    'B01 B02 a checkout is held to its limits',
    'holdToLimits(pressure, tx.at, cart.lines);',
    '',
    'B0[12] · one address',
  ]),
  ...guards({ file: `${api}/commerce/order-actions.ts`, test: `${attacks}/abuse.test.ts` }, [
    'B01 another try to pay is held to its limits',
    'holdToLimits(await readCheckoutPressure(tx, from, { orderId: order.orderId }), tx.at);',
    '',
    'B01 · one order is tried',
  ]),
  ...guards(
    {
      file: 'packages/domain/src/commerce/payment.ts',
      test: 'packages/domain/src/commerce/payment.test.ts',
      project: 'pure',
    },
    [
      'C07 money of another mode is no evidence',
      "if (fact.mode !== order.mode) return { ...recorded, exception: 'wrong_mode' };",
      '',
      'C07 · another currency or mode',
    ],
    [
      'C07 money of a dead order moves nothing',
      "if (isTerminal(order.status)) return { ...money, exception: 'late' };",
      '',
      'C07 · captured in full',
    ],
    [
      'C07 what an older payment says moves nothing',
      "if (!isNewestPayment && (fact.kind === 'failed' || fact.kind === 'voided')) return recorded;",
      '',
      'of an older payment',
    ],
  ),
  ...guards(
    { file: 'packages/domain/src/shared/money.ts', test: 'packages/domain/src/shared/money.test.ts', project: 'pure' },
    ['O6 an amount is a safe whole number', 'if (!Number.isSafeInteger(minorUnits)) throw', 'if (false) throw', ''],
    ['O6 currencies are never mixed', 'if (a.currency !== b.currency) throw', 'if (false) throw', ''],
  ),
  ...guards(
    { file: `${api}/trpc/procedures.ts`, test: `${attacks}/procedures.test.ts` },
    [
      'I4 a member has the permission',
      "if (permission !== 'any') requirePermission(entry.site.permissions, permission);",
      '',
      'E01 · .* every permission but',
    ],
    [
      'E01 a suspended site is not changed',
      "if (type === 'mutation' && entry.status !== 'active') {",
      'if (false) {',
      'E01 · a suspended site',
    ],
    [
      'I4 a service has the permission',
      'requirePermission(found.permissions, permission);\n      const actor',
      'const actor',
      'E01 · service',
    ],
    ['AU1 a change writes its row', 'insertAction(tx, {', '((..._: unknown[]) => undefined)(tx, {', 'AU1 · '],
  ),
  ...guards({ file: `${api}/trpc/procedures.ts`, test: `${attacks}/conditional-writes.test.ts` }, [
    'AU1 a mutation without a row is an error',
    "const result = await next({ ctx: { site: access.site } });\n      if (type === 'mutation' && result.ok && !access.hasWritten())\n        throw new Error(`${path} changed something without a log row`);\n      return result;\n    });\n\n/** Session",
    'return next({ ctx: { site: access.site } });\n    });\n\n/** Session',
    'AU1 · a mutation that leaves no row',
  ]),
  ...guards(
    { file: `${db}/identity/platform-lookups.ts`, test: `${attacks}/procedures.test.ts` },
    [
      'I4 a membership is active',
      "and m.admin_id = who.admin_id and m.status = 'active'\n",
      'and m.admin_id = who.admin_id\n',
      'E01 · orders.list, after session',
    ],
    [
      'E07 a session that was ended is no session',
      'where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $3',
      'where s.token_hash = $1 and s.expires_at > $3',
      'E01 · orders.list, after session',
    ],
    [
      'E01 a session has an end',
      "s.revoked_at is null and s.expires_at > $3 and s.last_seen_at > $4 and a.status = 'active')\n",
      "s.revoked_at is null and $3::timestamptz is not null and s.last_seen_at > $4 and a.status = 'active')\n",
      'E01 · orders.list, after session',
    ],
    [
      'E01 a session that lies unused ends',
      "s.last_seen_at > $4 and a.status = 'active')\n",
      "$4::timestamptz is not null and a.status = 'active')\n",
      'E01 · orders.list, after session',
    ],
    [
      'E01 a locked account is out',
      "and s.last_seen_at > $4 and a.status = 'active')\n",
      'and s.last_seen_at > $4)\n',
      'E01 · orders.list, after session',
    ],
    [
      'E01 an API key that was ended is no key',
      'and k.key_hash = $2 and k.revoked_at is null',
      'and k.key_hash = $2',
      'E01 · service',
    ],
    [
      'E01 an API key has an end',
      '(k.expires_at is null or k.expires_at > $3)),',
      '$3::timestamptz is not null),',
      'E01 · service',
    ],
    [
      'E01 an API key’s secret is compared',
      'where k.api_key_id = $1 and k.key_hash = $2',
      'where k.api_key_id = $1 and $2::bytea is not null',
      'E01 · service',
    ],
  ),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${attacks}/http-doors.test.ts` }, [
    'H04 signing out ends the session of the account',
    'where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2',
    'where s.token_hash = $1 and s.expires_at > $2',
    'H04 · the right password',
  ]),
  ...guards({ file: `${api}/identity/sign-in-tries.ts`, test: `${attacks}/sign-in-tries.test.ts` }, [
    'H04 guesses are counted',
    'if (seconds > 0) {',
    'if (seconds > 1e9) {',
    'H04 · two processes',
  ]),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${attacks}/sign-in-tries.test.ts` }, [
    'H04 what is given back is locked in the order in which it is counted',
    'where counted in ($1, $2) order by counted for update)',
    'where counted in ($1, $2) order by counted desc)',
    'H04 · tries counted and given back',
  ]),
  ...guards(
    { file: `${api}/identity/try-password.ts`, test: `${attacks}/http-doors.test.ts` },
    ['H04 a locked account does not sign in', "|| found.status !== 'active') {", ') {', 'H04 · a wrong password'],
    ['H04 the password is right', 'if (!found || !right ||', 'if (!found ||', 'H04 · a wrong password'],
  ),
  ...guards(
    { file: `${api}/http/same-origin.ts`, test: `${attacks}/http-doors.test.ts` },
    [
      'H02 a request says that it comes from this very host',
      "if (site !== undefined) return site === 'same-origin';",
      'if (site !== undefined) return true;',
      'H02 · ',
    ],
    [
      'H09 an origin is compared with the host',
      'return new URL(origin).host === req.headers.host?.toLowerCase();',
      'return true;',
      'H02 · ',
    ],
    [
      'H02 a request that says nothing is refused',
      'if (!origin || !URL.canParse(origin)) return false;',
      'if (!origin) return true;',
      'H02 · ',
    ],
  ),
  ...guards(
    { file: `${api}/http/trpc-endpoint.ts`, test: `${attacks}/http-doors.test.ts` },
    ['H02 procedures are called from the same origin', 'if (sameOrigin && !isSameOrigin(req))', 'if (false)', 'H02 · '],
    [
      'E04 procedures take JSON only',
      "if (!/^application\\/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?;?$/i.test(req.headers['content-type'] ?? ''))",
      'if (false)',
      'E04 · ',
    ],
  ),
  ...guards(
    { file: `${api}/storefront-html/shop-routes.ts`, test: `${attacks}/http-doors.test.ts` },
    [
      'H02 a cart is filled from the same origin',
      "router.post('/cart/items', form, sameOriginOnly,",
      "router.post('/cart/items', form,",
      'H02 · ',
    ],
    [
      'H02 a cart is changed from the same origin',
      "router.post('/cart/items/:lineId', form, sameOriginOnly,",
      "router.post('/cart/items/:lineId', form,",
      'H02 · ',
    ],
    [
      'H02 a cart is checked out from the same origin',
      "router.post('/checkout', form, sameOriginOnly,",
      "router.post('/checkout', form,",
      'H02 · ',
    ],
    [
      'H02 an order is paid from the same origin',
      "router.post('/orders/:token/pay', form, sameOriginOnly,",
      "router.post('/orders/:token/pay', form,",
      'H02 · ',
    ],
    [
      'H08 pages are kept by no cache',
      ".set('Cache-Control', 'private, no-store')\n      .type('html')",
      ".type('html')",
      'H08 · ',
    ],
  ),
  ...guards(
    { file: `${api}/storefront-html/shop-routes.ts`, test: `${attacks}/asked-again.test.ts` },
    ['C04 a page fetched ahead was not seen', "!req.headers['sec-purpose'] && ", '', 'C04 · a page fetched ahead'],
    [
      'C04 a page asked for by another site was not seen',
      " && req.headers['sec-fetch-site'] !== 'cross-site'",
      '',
      'C04 · a page fetched ahead',
    ],
    [
      'C04 what was asked for without its page was not seen',
      "req.method === 'GET' && !req.headers['sec-purpose']",
      "!req.headers['sec-purpose']",
      'C04 · a page fetched ahead',
    ],
  ),
  ...guards(
    { file: `${api}/server.ts`, test: `${attacks}/http-doors.test.ts` },
    ['H01 a request names one host', ' && hostCount(req) === 1 ?', ' ?', 'H01 · no host, two hosts'],
    ['H01 a request line names no host', "path.startsWith('/') && ", '', 'H01 · no host, two hosts'],
  ),
  ...guards(
    { file: `${api}/http/cookies.ts`, test: `${attacks}/http-doors.test.ts` },
    ['H09 the first cookie of a name counts', 'if (!(name in cookies)) ', '', 'H09 · '],
    ['H02 no script reads a cookie', '; HttpOnly; SameSite=Lax', '; SameSite=Lax', 'H02 · cookies'],
    ['H02 a cookie is not sent from elsewhere', '; HttpOnly; SameSite=Lax', '; HttpOnly', 'H02 · cookies'],
  ),
  ...guards(
    { file: `${api}/http/security-headers.ts`, test: `${attacks}/http-doors.test.ts` },
    ['H03 only our own scripts run', '"script-src \'self\'",', "\"script-src 'self' 'unsafe-inline'\",", 'H03 · '],
    ['H03 nobody frames us', '"frame-ancestors \'none\'",', '', 'H03 · '],
  ),
  ...guards({ file: `${api}/http/html-text.ts`, test: `${flows}/mail.test.ts` }, [
    'H13 a name in a mail stays a name',
    '.replace(/[&<>"\']/g, (c) => `&#${c.charCodeAt(0)};`)',
    '',
    'H13 · names that look',
  ]),
  ...guards({ file: `${api}/catalog/product-csv/write-csv.ts`, test: `${api}/catalog/product-csv/write-csv.test.ts` }, [
    'H03 a cell is never a formula',
    "/^[=+\\-@\\t\\r]/.test(text) ? `'${text}` : text",
    'text',
    '',
  ]),
  ...guards(
    { file: `${api}/http/guarded-fetch.ts`, test: `${api}/http/guarded-fetch.test.ts` },
    ['H05 a name is checked where it is used', 'addresses.filter((a) => mayConnect(a.address))', 'addresses', 'H05 · '],
    ['H05 an address is public', 'if (ipaddr.isValid(host) && !mayConnect(host)) throw', 'if (false) throw', 'H05 · '],
    [
      'H05 an IPv4-compatible address is not public',
      "if (address.kind() === 'ipv6' && address.match(ipaddr.parseCIDR('::/96'))) return false;",
      '',
      'H05 · an address is public',
    ],
    [
      'H05 a redirect is checked like an address',
      "url = allowed(URL.canParse(location, url.href) ? new URL(location, url).toString() : '');",
      'url = new URL(location, url);',
      'over real connections',
    ],
    ['H05 a body ends at its limit', 'if (size > maxBytes) throw tooLarge;', '', 'a body larger than the limit'],
  ),
  ...guards({ file: `${db}/orm.ts`, test: `${attacks}/heavy-questions.test.ts` }, [
    'B06 a statement is given up after its time',
    'statement_timeout: patience.statement,',
    '',
    'B06 · ',
  ]),
  ...guards({ file: `${api}/trpc/schemas.ts`, test: `${attacks}/walker.test.ts` }, [
    'E03 what is no id never reaches the database',
    "z.string().refine(isUuid, 'This is not a valid id.')",
    'z.string().min(8)',
    'E03 · admin products.get, mutated',
  ]),
  ...guards({ file: `${api}/catalog/imports.admin.ts`, test: `${attacks}/walker.test.ts` }, [
    'E02 what a site does not have is not named in its log',
    'if (!cancelled && !(await findImport(tx, input.importId))) throw notFound();',
    '',
    'E02 · admin (imports.cancel|activity.list)',
  ]),
  ...guards({ file: `${api}/commerce/orders.admin.ts`, test: `${attacks}/walker.test.ts` }, [
    'E06 an answer holds what it names and nothing else',
    'const detail = z.strictObject({',
    'const detail = z.looseObject({',
    'E06 · admin orders.get',
  ]),
  ...guards(
    { file: `${api}/http/trpc-endpoint.ts`, test: `${attacks}/every-door.test.ts` },
    ['E04 a batch has an end', 'const MAX_BATCH = 20;', 'const MAX_BATCH = 100_000;', 'E04 · .*batches of a thousand'],
    [
      'E04 what goes alone is no part of a batch',
      "const alone = query?.get('batch') === '1' ? aloneAmong(procedures, path) : undefined;",
      'const alone: string | undefined = undefined;',
      'E04 · .*goes alone',
    ],
    [
      'E04 what goes alone is known however it is written',
      "names = decodeURIComponent(path).split(',');",
      "names = path.split(',');",
      'E04 · .*goes alone',
    ],
    [
      'E04 changes are sent as JSON',
      "return refuse(res, 415, 'wrong_content_type', 'Send JSON.');",
      'void 0;',
      'E04 · trpc .* refuses other content types',
    ],
  ),
  ...guards(
    { file: `${api}/storefront-html/shop-routes.ts`, test: `${attacks}/every-door.test.ts` },
    [
      'H09 paying is asked for by the shop’s own page',
      "router.post('/orders/:token/pay', form, sameOriginOnly,",
      "router.post('/orders/:token/pay', form,",
      'H09 · /orders',
    ],
    [
      'H11 the address of an order is not told to other sites',
      "'Referrer-Policy': 'no-referrer'",
      "'Referrer-Policy': 'same-origin'",
      'H11 · a link is',
    ],
  ),
  ...guards({ file: `${api}/http/request-start.ts`, test: `${attacks}/secrets.test.ts` }, [
    'L01 the links of orders are not written into the log',
    'path: pathForLog(path),',
    'path,',
    'L01 · the log',
  ]),
  ...guards(
    {
      file: 'packages/domain/src/identity/email.ts',
      test: 'packages/domain/src/identity/identity.test.ts',
      project: 'pure',
    },
    ['L03 addresses are compared folded', ".normalize('NFKC')", '', 'L03 · '],
  ),
  ...guards({ file: `${db}/commerce/checkout-pressure.ts`, test: `${attacks}/abuse.test.ts` }, [
    'B02 what an address holds unpaid is added up',
    'else coalesce(h.quantity, 0) end',
    'else 0 end',
    'B02 · ',
  ]),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${attacks}/procedures.test.ts` }, [
    'E07 a session that was ended opens nothing',
    'where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2',
    'where s.token_hash = $1 and s.expires_at > $2',
    'E07 · ',
  ]),
  ...guards(
    { file: `${api}/trpc/procedures.ts`, test: `${flows}/step-up.test.ts` },
    [
      'I7 what is dangerous in a site waits for a proof',
      'if (meta?.fresh === true) access.site.requireProof();',
      '',
      'I7 · what is dangerous',
    ],
    [
      'I7 what is dangerous for an account waits for a proof',
      'if (meta?.fresh === true && !found.isFresh) throw proofNeeded();',
      '',
      'I7 · what is dangerous',
    ],
  ),
  ...guards({ file: `${api}/identity/team.admin.ts`, test: `${flows}/step-up.test.ts` }, [
    'I7 a role that chooses people is given after a proof',
    "if (holds(role.permissions, 'MANAGE_TEAM')) site.requireProof();",
    '',
    'I7 · somebody who may choose people',
  ]),
  ...guards(
    { file: `${db}/identity/platform-lookups.ts`, test: `${flows}/account.test.ts` },
    [
      'E07 a session of another epoch opens no site',
      's.proved_at > $6 as is_fresh from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch',
      's.proved_at > $6 as is_fresh from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id',
      'E07 · another password',
    ],
    [
      'E07 a session of another epoch opens no account',
      's.last_seen_at < $5 as unseen from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch',
      's.last_seen_at < $5 as unseen from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id',
      'E07 · another password',
    ],
    [
      'E09 a stream of a session of another epoch ends',
      '(select a.admin_id from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id and a.session_epoch = s.epoch',
      '(select a.admin_id from admin_sessions s join admin_accounts a on a.admin_id = s.admin_id',
      'E09 · what is open',
    ],
  ),
  ...guards({ file: `${api}/identity/account.admin.ts`, test: `${flows}/account.test.ts` }, [
    'E07 a sign-in is of the epoch in which its password was right',
    'else await startSession(ctx, found.adminId, { epoch: found.sessionEpoch });',
    'else await startSession(ctx, found.adminId, { epoch: 2 });',
    'E07 · a sign-in that was on its way',
  ]),
  ...guards(
    { file: `${db}/identity/account-statements.ts`, test: `${flows}/account.test.ts` },
    [
      'E07 of two changes at once one counts',
      'a.admin_id = s.admin_id and a.session_epoch = s.epoch returning a.admin_id, a.session_epoch',
      'a.admin_id = s.admin_id returning a.admin_id, a.session_epoch',
      'E07 · two sessions',
    ],
    [
      'E02 a session is ended by whose it is',
      'where session_id = $1 and admin_id = $2 and revoked_at is null',
      'where session_id = $1 and $2::uuid is not null and revoked_at is null',
      'E02 · nobody ends',
    ],
  ),
  ...guards(
    { file: `${db}/identity/account-statements.ts`, test: `${flows}/account-mails.test.ts` },
    [
      'C15 a link sets a password once',
      'update password_resets set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2',
      'update password_resets set used_at = $2 where token_hash = $1 and expires_at > $2',
      'C15 · of fifty who use',
    ],
    [
      'H04 a locked account gets no link',
      "from admin_accounts where email = $1 and status = 'active' returning admin_id),\n        m as",
      'from admin_accounts where email = $1 returning admin_id),\n        m as',
      'a locked account gets no link',
    ],
    [
      'H04 a used link ends the others',
      'where p.admin_id = r.admin_id and p.reset_id <> r.reset_id and p.used_at is null',
      'where p.admin_id = r.admin_id and p.reset_id <> r.reset_id and p.used_at is not null',
      'H04 · a link is good',
    ],
    [
      'E07 a reset ends every session',
      'set password_hash = $3, session_epoch = a.session_epoch + 1, updated_at = $2 from r',
      'set password_hash = $3, updated_at = $2 from r',
      'C15 · of fifty who use',
    ],
    [
      'L03 an address changes only when both have confirmed',
      'and c.old_confirmed_at is not null and c.new_confirmed_at is not null returning a.admin_id',
      'and c.new_confirmed_at is not null returning a.admin_id',
      'is set when both have confirmed',
    ],
  ),
  ...guards({ file: `${api}/identity/account.admin.ts`, test: `${flows}/account-mails.test.ts` }, [
    'H04 a known browser has tries of its own',
    "...(isKnown ? { countedAs: `device ${device.toString('hex')} ${email}` } : {}),",
    '',
    'H04 · nobody who guesses keeps',
  ]),
  ...guards(
    { file: `${db}/identity/account-statements.ts`, test: `${flows}/second-factor.test.ts` },
    [
      'C15 a code of the app works once',
      'and confirmed_at is not null and last_step < $2 returning',
      'and confirmed_at is not null returning',
      'C15 · of fifty who come',
    ],
    [
      'C15 a recovery code works once',
      'where admin_id = $1 and code_hash = $2 and used_at is null',
      'where admin_id = $1 and code_hash = $2',
      'C15 · a recovery code',
    ],
    [
      'H04 half a sign-in has an end',
      'where c.token_hash = $1 and c.used_at is null and c.expires_at > $2',
      'where c.token_hash = $1 and c.used_at is null and $2::timestamptz is not null',
      'is over after ten minutes',
      [
        [
          'update sign_in_challenges set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2',
          'update sign_in_challenges set used_at = $2 where token_hash = $1 and used_at is null',
        ],
      ],
    ],
    [
      'E07 half a sign-in ends with the password',
      'join admin_accounts a on a.admin_id = c.admin_id and a.session_epoch = c.epoch',
      'join admin_accounts a on a.admin_id = c.admin_id',
      'is over after ten minutes',
    ],
  ),
  ...guards(
    { file: `${api}/identity/account.admin.ts`, test: `${flows}/second-factor.test.ts` },
    [
      'H04 the second factor is asked for',
      'if (found.hasSecondFactor) await startChallenge(ctx, found);',
      'if (!found) await startChallenge(ctx, found);',
      'opens nothing; with a code',
    ],
    [
      'I7 a proof is a code where there is one',
      'hasSecondFactor ? proveByCode',
      'input.code ? proveByCode',
      'I7 · is a code',
    ],
  ),
  ...guards({ file: `${api}/trpc/procedures.ts`, test: `${flows}/required-factor.test.ts` }, [
    'I8 who has no second factor sees nothing',
    'if (entry.site.requiresSecondFactor && !entry.hasSecondFactor)',
    'if (entry.site.requiresSecondFactor && entry.sessionId === handle)',
    'I8 · who has none',
  ]),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${flows}/required-factor.test.ts` }, [
    'I8 what they have open ends',
    'where c.site_id = ask.site_id and c.requires_second_factor)\n        or exists',
    'where c.site_id = ask.site_id and c.requires_second_factor and ask.n < 0)\n        or exists',
    'I8 · who has none',
  ]),
  ...guards({ file: `${api}/identity/team.admin.ts`, test: `${flows}/required-factor.test.ts` }, [
    'I8 whoever requires one has one',
    'if (isRequired && !site.hasSecondFactor)',
    "if (isRequired && site.handle === '')",
    'I8 · whoever requires one',
  ]),
  ...guards({ file: `${api}/identity/try-second-factor.ts`, test: `${flows}/second-factor.test.ts` }, [
    'H04 guesses of codes are counted',
    "await countTry(services, 'sign-in', who, address);",
    '',
    'H04 · codes are guessed',
  ]),
  ...guards({ file: `${api}/identity/totp.ts`, test: `${flows}/second-factor.test.ts` }, [
    'a clock may be half a minute off',
    'window: 1 }',
    'window: 2 }',
    'a clock may be half a minute off',
  ]),
  ...guards({ file: `${api}/identity/password-reset.admin.ts`, test: `${flows}/account-mails.test.ts` }, [
    'B04 links to a mailbox are few',
    "await countTry(services, 'account mail', `account ${parsed.value}`, address);",
    '',
    'B04 · a mailbox gets five',
  ]),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${flows}/account-mails.test.ts` }, [
    'a known browser is not told of',
    'and not exists (select from k)',
    '',
    'is told to the account’s owner',
  ]),
  ...guards({ file: `${api}/identity/account.admin.ts`, test: `${flows}/step-up.test.ts` }, [
    'I7 only who one is proves it',
    "if (!found) throw notThis('password', 'This is not your password.');",
    '',
    'I7 · a proof is the password',
  ]),
  ...guards({ file: `${db}/identity/account-statements.ts`, test: `${flows}/step-up.test.ts` }, [
    'I7 a session gets another token once',
    'where session_id = $1 and token_hash = $2 and revoked_at is null',
    'where session_id = $1 and $2::bytea is not null and revoked_at is null',
    'I7 · of many proofs at once',
  ]),
  ...guards({ file: `${api}/http/live-events.ts`, test: `${flows}/live-stream.test.ts` }, [
    'E09 a stream is asked before each event',
    'for (const { opened, send } of await stillOpen([...site.streams]))',
    'for (const { opened, send } of [...site.streams])',
    'E09 · ',
  ]),
  ...guards({ file: `${api}/http/live-events.ts`, test: `${api}/http/live-events.test.ts` }, [
    'E09 a stream is asked while nothing happens',
    'void stillOpen([...sites.values()].flatMap(({ streams }) => [...streams]))',
    'void Promise.resolve([...sites.values()].flatMap(({ streams }) => [...streams]))',
    'E09 · ',
  ]),
  ...guards({ file: `${api}/http/live-events.ts`, test: `${flows}/live-stream.test.ts` }, [
    'I4 a member hears what they may see',
    'return needed !== undefined && holds(permissions, needed);',
    'return needed !== undefined;',
    'I4 · a member hears',
  ]),
  ...guards({ file: `${api}/http/admin-files.ts`, test: `${flows}/product-import.test.ts` }, [
    'H02 a file is sent from the same origin',
    'if (!isSameOrigin(req))',
    'if (false)',
    'H02 · ',
  ]),
  ...guards(
    { file: `${api}/content/media-files.ts`, test: `${api}/content/media-files.test.ts` },
    [
      'H06 a picture’s kind is told by its first bytes',
      'if (drawnAt === undefined && (!type || !TYPES.has(type.mime)))',
      'if (false)',
      'H06 · ',
    ],
    ['H06 a bomb of pixels is refused', 'limitInputPixels: MAX_PIXELS', 'limitInputPixels: false', 'H06 · '],
  ),
  ...guards(
    { file: `${db}/with-site.ts`, test: `${db}/with-site.test.ts` },
    [
      'G1 one site’s transaction opens no other’s',
      'if (outer.siteId !== siteId) throw',
      'if (false) throw',
      'G1 · a transaction of one site',
    ],
    ['G1 a transaction is dead when its work is done', 'open.delete(tx);', '', 'G1 · a store called after'],
  ),
  ...guards(
    { file: `${db}/orm.ts`, test: `${db}/orm.test.ts` },
    ['K02 a statement has a longest time', '  statement_timeout: patience.statement,\n', '', 'K02 · '],
    ['K02 a forgotten transaction is ended', '  idle_in_transaction_session_timeout: 60_000,\n', '', 'K02 · '],
    ['K02 the other pools have both limits', '    ...session(patience),\n', '', 'K02 · '],
  ),
  ...guards(
    { file: `${db}/sealing.ts`, test: `${db}/sealing.test.ts` },
    [
      'IN3 what is sealed for one purpose opens for no other',
      "createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose))",
      "createCipheriv('aes-256-gcm', key, nonce)",
      '',
    ],
    ['K08 a key has 32 bytes', 'bytes.length === 32 ?', 'bytes.length > 0 ?', 'K08 · '],
  ),
  ...guards(
    { file: `${db}/boot-checks.ts`, test: `${db}/boot-checks.test.ts` },
    ['D08 a superuser is refused', 'if (found.superuser) add(', 'if (false) add(', 'D08 · a superuser'],
    [
      'D08 a role that bypasses row security is refused',
      'if (found.bypass) add(',
      'if (false) add(',
      'D08 · a role that bypasses',
    ],
    ['D08 an owner is refused', 'if (found.owns) add(', 'if (false) add(', 'D08 · a role that owns'],
    ['D08 a member of a role is refused', 'if (found.member) add(', 'if (false) add(', 'D08 · a role that is a member'],
    ['D08 unsafe settings are refused', "if (setting === 'off') {", 'if (false) {', 'D08 · synchronous_commit'],
    [
      'K08 another key is refused',
      'return installation.rows[0]?.key_fingerprint === keyFingerprint(key)',
      'return installation',
      'D08 K08 · another key',
    ],
  ),
  ...guards(
    { file: `${db}/activity/outbox-store.ts`, test: `${flows}/relay.test.ts` },
    // The lock of the relay and the locks of its rows cover one another.
    [
      'K06 relays move each event once',
      'select pg_try_advisory_xact_lock($1) as got',
      'select $1::bigint is not null as got',
      'C01 · relays',
      [[' for update skip locked', '']],
    ],
  ),
  ...guards({ file: `${db}/site-scoped.ts`, test: `${db}/entities.test.ts` }, [
    'G1 the ORM’s filter is on without being asked for',
    'default: true',
    'default: false',
    'G1 · with row-level security away',
  ]),
  ...guards({ file: `${db}/catalog/stock-store.ts`, test: `${db}/domain-tables.test.ts` }, [
    'G2 a domain writes its own tables',
    'insert into stock_locations (site_id,',
    'insert into tax_rates (site_id,',
    'G2 · ',
  ]),
  ...guards({ file: `${api}/jobs/send-noted.ts`, test: `${attacks}/canary.test.ts` }, [
    'G6 a recipient is sealed',
    "sealFor(await personKey(tx, services.key, about.personId), 'recipient', mail.to)",
    'Buffer.from(mail.to)',
    'G6 · ',
  ]),
  ...guards({ file: `${api}/jobs/order-mail.ts`, test: `${flows}/mail.test.ts` }, [
    'K01 a mail that was accepted is not sent again',
    " || found.progress.status === 'accepted') return;",
    ') return;',
    'the same event again',
  ]),
  ...guards(
    { file: `${db}/passing-fault.ts`, test: `${faults}/database-faults.test.ts` },
    [
      'K02 what is cancelled by the server is "not now"',
      "'57014', // cancelled",
      '// cancelled',
      'K02 · a stuck query is struck down by an operator \\(pg_cancel',
    ],
    [
      'K02 a connection that cannot be had is "not now"',
      'WORDS.test(error.message) ||',
      '',
      'K02 · it has gone silent',
    ],
  ),
  ...guards(
    { file: `${db}/orm.ts`, test: `${faults}/database-faults.test.ts` },
    [
      'K02 an answer that does not come is given up',
      '  query_timeout: patience.answer,\n',
      '',
      'K02 · it has gone silent',
    ],
    [
      'K02 a lock is not waited for without end',
      '  lock_timeout: patience.lock,\n',
      '',
      'K02 · somebody holds a lock',
      [
        ['  statement_timeout: patience.statement,\n', ''],
        ['  query_timeout: patience.answer,\n', ''],
      ],
    ],
  ),
  ...guards({ file: `${api}/http/live-events.ts`, test: `${faults}/clock.test.ts` }, [
    'K02 a live screen begins where the clock of the database stands',
    'withSite(db, stream.siteId, placeNow)',
    'Promise.resolve(eventPlace(now()))',
    'K02 · a live screen',
  ]),
  ...guards({ file: `${db}/embedded/start-embedded.ts`, test: `${faults}/disk-full.test.ts` }, [
    'K02 the embedded server is tried again until it starts',
    'await pause();\n      }\n    }',
    'return;\n      }\n    }',
    'K02 · a full disk',
  ]),
  ...guards({ file: `${api}/start-api.ts`, test: `${faults}/rolling-restart.test.ts` }, [
    'K03 balancers are told before nobody is let in',
    'await sleep(environment.drainSeconds * 1000);',
    '',
    'K03 · both processes',
  ]),
  ...guards({ file: `${api}/server.ts`, test: `${faults}/rolling-restart.test.ts` }, [
    'K03 connections that are kept are let go',
    "if (!res.headersSent) res.setHeader('Connection', 'close');",
    '',
    'K03 · a connection that is kept',
  ]),
  ...guards({ file: `${api}/integrations/sandbox-provider.ts`, test: `${flows}/time-and-provider.test.ts` }, [
    'K05 an answer of the provider is read up to a bound',
    'if (size > MAX_ANSWER_BYTES)',
    'if (size < 0)',
    'an answer that has no end',
  ]),
  ...guards({ file: `${api}/jobs/timers.ts`, test: `${flows}/time-and-provider.test.ts` }, [
    'K05 a silent provider is asked once a round',
    'if (silent.has(siteId)) continue;',
    '',
    'K05 · a provider that stays silent',
  ]),
  ...guards({ file: `${db}/migrate.ts`, test: `${faults}/migration-faults.test.ts` }, [
    'K04 a migration whose connection is lost ends',
    '    driverOptions: { onPoolCreated: letGoOfLost },\n',
    '',
    'K04 · a migration cut anywhere',
  ]),
  ...guards(
    { file: `${db}/identity/founder-store.ts`, test: `${flows}/set-up.test.ts` },
    [
      'I5 callers with one link wait for each other',
      'and expires_at > ${tx.at} for update`',
      'and expires_at > ${tx.at}`',
      'I5 · of many callers',
    ],
    ['I5 a link that is used makes nobody', 'if (held === 0) return false;', '', 'I5 · of many callers'],
  ),
  ...guards(
    { file: `${db}/identity/platform-lookups.ts`, test: `${flows}/set-up.test.ts` },
    [
      'I5 a link is dead once somebody has an account',
      'isOpen: r.is_open && !r.is_set_up',
      'isOpen: r.is_open',
      'I5 · it dies with the first account',
    ],
    [
      'I5 no link is made where somebody has an account',
      'select $1, $2, $3 where not exists (select from admin_accounts)',
      'select $1, $2, $3',
      'I5 · it dies with the first account',
    ],
    [
      'I5 a link is good for a day',
      'and used_at is null and expires_at > $2) as is_open',
      'and used_at is null and $2::timestamptz is not null) as is_open',
      'I5 · it is good for a day',
    ],
  ),
  ...guards({ file: `${api}/identity/set-up.ts`, test: `${flows}/set-up.test.ts` }, [
    'I5 a link that is not held ends the whole',
    'if (!isFounder) throw linkIsDead();',
    '',
    'I5 · of many callers',
  ]),
  ...guards({ file: 'scripts/start-command.ts', test: 'scripts/start-command.test.ts' }, [
    'I5 what somebody has made their own is not made again',
    '(await isSomebodysOwn(server.ownerUrl)))\n      await recreateDatabase',
    'false)\n      await recreateDatabase',
    'I5 · a start prints a link',
  ]),
  ...guards(
    {
      file: 'packages/domain/src/identity/team.ts',
      test: 'packages/domain/src/identity/team.test.ts',
      project: 'pure',
    },
    [
      'I6 what is not held is beyond',
      'role.filter((permission) => !holds(granted, permission))',
      'role.filter((permission) => holds(granted, permission) && false)',
      'I6 · of every set',
    ],
    [
      'I6 the last owner stays',
      "if (target.isOwner && owners <= 1) return 'last_owner';",
      '',
      'I6 · the last owner stays',
    ],
    [
      'I6 who removes others holds what they hold',
      "if (!isSelf && beyond(actor.permissions, target.permissions).length > 0) return 'more_than_yours';",
      '',
      'I6 · everybody may go',
    ],
  ),
  ...guards(
    { file: `${api}/identity/team.admin.ts`, test: `${flows}/team.test.ts` },
    [
      'I6 a role is given only by who holds all of it',
      'if (beyond(actor.permissions, role.permissions).length > 0) throw moreThanYours(role.roleName);',
      '',
      'I6 · who may choose people',
    ],
    [
      'I6 an invitation is sent again or taken back only by who could give it',
      'if (!role || beyond(permissions, role.permissions).length > 0)',
      'if (!role)',
      'I6 · who may choose people',
    ],
    [
      'H04 an address without an account is looked for like any other',
      'if (await findMember(tx, account?.adminId ?? NOBODY))',
      'if (account && (await findMember(tx, account.adminId)))',
      'asks the database as often',
    ],
    [
      'L01 invitations have an end in number',
      'if (limit) throw tooMany(LIMIT_WORDS[limit]);',
      '',
      'has an end in number',
    ],
  ),
  ...guards(
    { file: `${api}/identity/join-site.ts`, test: `${flows}/team.test.ts` },
    [
      'I6 an invitation is worth what its giver holds now',
      'if (beyond(giver.permissions, role.permissions).length > 0) throw invitationIsDead();',
      '',
      'I6 · an invitation is worth',
    ],
    [
      'I6 an invitation outlives no right to invite',
      "if (!giver || !role || !holds(giver.permissions, 'MANAGE_TEAM')) throw invitationIsDead();",
      'if (!giver || !role) throw invitationIsDead();',
      'I6 · an invitation is worth',
    ],
  ),
  ...guards(
    { file: `${db}/identity/team-store.ts`, test: `${flows}/team.test.ts` },
    [
      'I6 owners who go wait for each other',
      'order by m.membership_id for update of m`',
      'order by m.membership_id`',
      'I6 · two owners who go',
    ],
    [
      'one invitation is used by one',
      '${open(tx)} and i.invitation_id = ${invitationId} for update of i`',
      '${open(tx)} and i.invitation_id = ${invitationId}`',
      'of two who use it in the same moment',
      // Whoever invited is held before, and that alone lets one pass after the other.
      [['order by m.membership_id for update of m`', 'order by m.membership_id`']],
    ],
    [
      'I6 an invitation changes nobody’s role',
      "updated_at = excluded.updated_at where m.status <> 'active'`",
      'updated_at = excluded.updated_at`',
      'changes nobody’s role',
    ],
    [
      'I6 who goes takes their invitations along',
      "and invited_by = ${adminId} and status = 'pending'`",
      "and invited_by = ${adminId} and status = 'accepted'`",
      'I6 · who goes takes',
    ],
  ),
  ...guards(
    {
      file: 'packages/domain/src/identity/role.ts',
      test: 'packages/domain/src/identity/role.test.ts',
      project: 'pure',
    },
    ['I6 the owner’s role stays as it is', "if (role.isOwner) return 'owner_role';", '', 'I6 · the owner’s role stays'],
    [
      'I6 a role is not given more than one holds',
      '[...role.now, ...role.wanted]',
      '[...role.now]',
      'I6 · nobody makes or changes',
    ],
    [
      'I6 a role beyond one’s own is not touched',
      '[...role.now, ...role.wanted]',
      '[...role.wanted]',
      'I6 · nobody makes or changes',
    ],
    [
      'I6 whose role is changed holds no more than who changes it',
      '[...target.permissions, ...next.permissions]',
      '[...next.permissions]',
      'I6 · nobody gives themselves',
    ],
    [
      'I6 nobody is given more than the giver holds',
      '[...target.permissions, ...next.permissions]',
      '[...target.permissions]',
      'I6 · nobody gives themselves',
    ],
    [
      'I6 the last owner stays one',
      "!next.isOwner && owners <= 1 ? 'last_owner'",
      "!next.isOwner && owners <= 0 ? 'last_owner'",
      'I6 · nobody gives themselves',
    ],
    [
      'names of roles are of one script',
      ".length > 1) return refuse('mixed_scripts')",
      ".length > 9) return refuse('mixed_scripts')",
      'is none: mixed_scripts',
    ],
  ),
  ...guards(
    { file: `${api}/identity/roles.admin.ts`, test: `${flows}/roles.test.ts` },
    [
      'I6 a role is made of what one holds',
      'refuseBeyond(granted, { isOwner: false, now: [], wanted: role.permissions });',
      '',
      'I6 · by making',
    ],
    [
      'I6 a role is changed within what one holds',
      'refuseBeyond(granted, { isOwner: role.isOwner, now: role.permissions, wanted });',
      '',
      'I6 · by making',
    ],
    [
      'V1 a role that somebody else changed is refused',
      'if (role.version !== version)',
      'if (version < 0)',
      'V1 · a change',
    ],
  ),
  ...guards(
    { file: `${api}/identity/team.admin.ts`, test: `${flows}/roles.test.ts` },
    [
      'a change of role was decided of the role they have',
      'if (target.roleId !== fromRoleId)',
      'if (!fromRoleId)',
      'not changed by who',
    ],
    [
      'I6 a change of role is refused',
      'const refusal = roleChangeRefusal(actor, target, role, owners);',
      'const refusal = undefined as ReturnType<typeof roleChangeRefusal>;',
      'I6 · by making',
    ],
    [
      'I6 only an owner makes another in their place',
      "if (!actor.isOwner) throw moreThanYours('owner');",
      '',
      'I6 · nobody but an owner',
    ],
  ),
  ...guards({ file: `${db}/identity/team-store.ts`, test: `${flows}/roles.test.ts` }, [
    'I6 a role that is given is held',
    'order by role_id for share`',
    'order by role_id`',
    'I6 · nobody comes into a role',
  ]),
  ...guards(
    { file: `${db}/identity/role-store.ts`, test: `${flows}/roles.test.ts` },
    [
      'I6 roles are held while one is changed',
      'order by role_id for no key update`',
      'order by role_id`',
      'I6 · what is taken from somebody',
    ],
    [
      'a role that somebody is in stays',
      "m.role_id = r.role_id and m.status = 'active')",
      "m.role_id = r.role_id and m.status = 'nothing')",
      'is made, given, changed',
    ],
    [
      'a role that somebody is invited to stays',
      "i.role_id = r.role_id and i.status = 'pending')",
      "i.role_id = r.role_id and i.status = 'nothing')",
      'is made, given, changed',
    ],
  ),
  ...guards(
    { file: `${api}/identity/keys.admin.ts`, test: `${flows}/api-keys.test.ts` },
    [
      'I6 a key is made of what one holds',
      'refuseBeyond(await grantedTo(tx, site), permissions);',
      '',
      'I6 · nobody gives a key',
    ],
    [
      'I6 a key is renewed within what one holds',
      'refuseBeyond(granted, old.permissions);',
      '',
      'I6 · nobody gives a key',
    ],
  ),
  ...guards(
    { file: `${db}/identity/api-key-store.ts`, test: `${flows}/api-keys.test.ts` },
    [
      'a key has one successor',
      'api_key_id = ${apiKeyId} and replaced_by is null and revoked_at is null',
      'api_key_id = ${apiKeyId} and revoked_at is null',
      'has one successor',
    ],
    [
      'a key that is renewed ends no later',
      'expires_at = least(expires_at, ${endsAt})',
      'expires_at = ${endsAt}',
      'not kept longer',
    ],
  ),
  ...guards({ file: `${api}/trpc/procedures.ts`, test: `${flows}/api-keys.test.ts` }, [
    'a key is held to its rate',
    'if (uses > KEY_RATE.requests)',
    'if (uses < 0)',
    'held to its rate',
  ]),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${flows}/api-keys.test.ts` }, [
    'a key’s uses are counted one by one',
    'then 1 else u.uses + 1 end, window_ends',
    'then 1 else u.uses end, window_ends',
    'held to its rate',
  ]),
  ...guards(
    { file: `${db}/backup/manifest.ts`, test: `${faults}/backup.test.ts` },
    [
      'K09 a manifest is signed',
      'if (mac.length !== right.length || !timingSafeEqual(mac, right))',
      'if (mac.length !== right.length)',
      'K09 · with the manifest changed',
    ],
    [
      'K09 another key is told',
      'if (manifest.keyFingerprint !== keyFingerprint(master))',
      'if (manifest.keyFingerprint === undefined)',
      'opens with no other key',
    ],
  ),
  ...guards(
    { file: `${db}/backup/load-backup.ts`, test: `${faults}/backup.test.ts` },
    [
      'K09 a table is what was written',
      'if (content.sha256 !== table.sha256 || rowCount !== table.rows)',
      'if (rowCount < 0)',
      'a table by another of the same form',
    ],
    [
      'K09 what was erased stays erased',
      '(one) => existsSync(paths.personKeys(one.name))',
      '(one) => one.name === name',
      'of before an erasure',
    ],
    [
      'K09 the list of files is what was written',
      'if (sha256 !== manifest.files.sha256)',
      "if (sha256 === '')",
      'the list of files by another',
    ],
  ),
  ...guards(
    { file: `${db}/backup/restore-backup.ts`, test: `${faults}/backup.test.ts` },
    [
      'K09 sessions end with a restore',
      "await client.query('update admin_sessions set revoked_at = now() where revoked_at is null');",
      '',
      'K09 · taken while',
    ],
    [
      'K09 what was restored waits to be looked at',
      "await client.query('update installations set held_since = now()');",
      '',
      'K09 · what was restored is whole',
    ],
    [
      'K09 a copy takes no live payments',
      'await client.query("update payment_configurations set is_enabled = false where mode = \'live\'");',
      '',
      'K09 · restored as a copy',
    ],
    [
      'K09 a copy leaves undone what waited',
      "await client.query('update outbox_events set relayed_at = now() where relayed_at is null');",
      '',
      'K09 · restored as a copy',
    ],
  ),
  ...guards({ file: `${db}/backup/backup-folder.ts`, test: `${faults}/backup.test.ts` }, [
    'K09 the newest that was proved stays',
    '...(lastProved ? [lastProved] : [])',
    '',
    'the newest that was proved stays',
  ]),
  ...guards({ file: `${db}/backup/make-backup.ts`, test: `${faults}/backup.test.ts` }, [
    'K09 a backup is one moment',
    "await client.query('begin isolation level repeatable read read only');",
    "await client.query('begin read only');",
    'K09 · taken while',
  ]),
  ...guards({ file: `${api}/start-api.ts`, test: `${faults}/backup.test.ts` }, [
    'K09 a copy mails nobody',
    'environment.smtpUrl && !services.isCopy ? smtpMailer',
    'environment.smtpUrl ? smtpMailer',
    'K09 · a copy writes',
  ]),
  ...guards({ file: `${db}/identity/platform-lookups.ts`, test: `${flows}/team.test.ts` }, [
    'an invitation that is over opens nothing',
    "i.status = 'pending' and i.expires_at > $2`",
    "i.status = 'pending' and $2::timestamptz is not null`",
    'wrong, foreign, revoked',
  ]),
  ...guards(
    { file: `${api}/identity/check-domains.ts`, test: `${flows}/domains.test.ts` },
    [
      'H10 pointing a name here proves nothing',
      "if (finding.record === 'right') {",
      "if (finding.record === 'right' || finding.pointing === 'records') {",
      'is proved by the record alone',
    ],
    [
      'H10 a claim runs out',
      'if (claim.expiresAt <= tx.at) {',
      'if (claim.expiresAt === tx.at) {',
      'runs out after two weeks',
    ],
    [
      'I1 a name in grace is not primary',
      "if (held.isPrimary && next.status !== 'verified' && stand) await makePrimary(tx, stand.mappingId, { forNow: true });",
      '',
      'gives 72 hours',
    ],
    [
      'H10 whoever holds a name that another proves is looked at',
      "if (outcome === 'taken') await checkMappingSoon(services.database, claim.domainName, services.now());",
      '',
      'a name that was sold',
    ],
  ),
  ...guards(
    { file: `${api}/identity/domain-finding.ts`, test: `${flows}/domains.test.ts` },
    [
      'H10 a claim is proved by its own record',
      'values.some((value) => value.replace(/^["\\s]+|["\\s]+$/g, \'\') === wanted);',
      'values.some((value) => value.includes(wanted.slice(0, 20)));',
      'is proved by its own record',
    ],
    [
      'H03 what strangers write is printed as text',
      "const clean = text.replace(/[\\p{C}\\p{Zl}\\p{Zp}]/gu, ' ').trim();",
      'const clean = text.trim();',
      'a little plain text',
    ],
  ),
  ...guards(
    { file: `${api}/identity/domains.admin.ts`, test: `${flows}/domains.test.ts` },
    [
      'H10 the address that came with the site stays',
      "if (mapping.type !== 'custom')",
      'if (false as boolean)',
      'is removed: the address that came',
    ],
    [
      'L01 claims have an end in number',
      'if (limit) throw wrongDomain(LIMIT_WORDS[limit]);',
      '',
      'a bounded number of claims',
    ],
  ),
  ...guards(
    { file: `${db}/identity/domain-store.ts`, test: `${flows}/domains.test.ts` },
    [
      'a claim is looked at by one at a time',
      "and status = 'pending' and (checked_at is null or checked_at <= ${before})`",
      "and status = 'pending' and ${before}::timestamptz is not null`",
      'is looked at once in ten seconds',
    ],
    [
      'I1 only a verified and active name becomes primary',
      "and mapping_id = ${mappingId} and verification_status = 'verified' and is_active`",
      'and mapping_id = ${mappingId}`',
      'a person who has set it again',
    ],
    [
      'C14 who switches the primary waits for the other',
      'order by m.mapping_id for update of m`',
      'order by m.mapping_id`',
      'C14 · it is switched by ten',
    ],
    [
      'H10 a claim whose name is taken waits on',
      "update domain_claims set status = 'pending', next_check_at",
      "update domain_claims set status = 'expired', next_check_at",
      'I1 C14 · of ten sites',
    ],
  ),
  ...guards(
    { file: `${db}/identity/platform-lookups.ts`, test: `${flows}/domains.test.ts` },
    [
      'H10 a name in grace is served',
      "m.is_primary or m.verification_status = 'grace' as is_served_here",
      'm.is_primary as is_served_here',
      'gives 72 hours',
    ],
    [
      'what is due is taken by one process',
      'limit $3 for update skip locked)\n      update domain_mappings m set next_check_at = $2',
      'limit $3)\n      update domain_mappings m set next_check_at = $1',
      'looks that are due are shared',
      // Each look takes its turn beside that, which alone lets one look.
    ],
  ),
  ...guards(
    { file: `${api}/server.ts`, test: `${flows}/domains.test.ts` },
    [
      'C04 a cart finishes where it was filled',
      'if (cartSession(readCookies(req.headers.cookie), services.mode, handle) !== NO_CART) return false;',
      '',
      'whoever has a cart where',
    ],
    [
      'I1 no browser remembers where a shop was',
      "res.set('Cache-Control', 'no-store').redirect(308,",
      'res.redirect(308,',
      'the others lead to it',
    ],
  ),
  ...guards({ file: `${api}/commerce/checkout.ts`, test: `${flows}/domains.test.ts` }, [
    'a payment keeps its way back',
    "const returnOrigin = payment.returnOrigin ?? services.shopOrigin(site.primaryDomain ?? '');",
    "const returnOrigin = services.shopOrigin(site.primaryDomain ?? '');",
    'a payment that was left is begun again',
  ]),
  ...guards(
    { file: `${api}/http/tls-ask.ts`, test: `${flows}/domains.test.ts` },
    [
      'H10 what a proxy passes on is not its question',
      "headers['x-forwarded-for'] === undefined &&",
      '',
      'only the proxy itself is answered',
    ],
    [
      'H10 an archived site gets no certificate',
      "return site && (site.status === 'active' || site.status === 'suspended') ? 200 : 404;",
      'return site ? 200 : 404;',
      'an archived one gets none',
    ],
    ['B06 names are looked up in a bounded number', 'if (isTooMuch()) return 503;', '', 'without end'],
  ),
  ...guards(
    {
      file: 'packages/domain/src/identity/domain-claim.ts',
      test: 'packages/domain/src/identity/domain-claim.test.ts',
      project: 'pure',
    },
    [
      'H10 no answer takes no name away',
      "return seen === 'unanswered'\n",
      "return seen === ('never' as string)\n",
      'no answer changes nothing',
    ],
    [
      'H10 a name is let go when its grace is over',
      'if (graceEndsInMs <= 0) return',
      'if (graceEndsInMs < -1e12) return',
      'away when the time is over',
    ],
  ),
  ...guards({ file: `${api}/activity/activity-export.ts`, test: `${flows}/activity.test.ts` }, [
    'I7 a download is its person’s',
    'if (given.length !== right.length || !timingSafeEqual(given, right) || Number(until) < at.getTime()) return undefined;',
    '',
    'I7 · it wants a fresh proof',
  ]),
  ...guards({ file: `${db}/activity/action-log-store.ts`, test: `${flows}/activity.test.ts` }, [
    'a look that came to its end is told from one that did not',
    'low: look.scanned < WINDOW ? FIRST : (look.low ?? FIRST)',
    'low: FIRST',
    'every filter and each two|rare only together',
  ]),
  ...guards(
    { file: `${db}/activity/seal-store.ts`, test: `${flows}/activity-seals.test.ts` },
    [
      'a log is sealed by one at a time',
      'on conflict (site_id, n) do nothing`',
      'returning n`',
      'K06 · two that seal one log',
    ],
    [
      'only what has settled is sealed',
      'const SETTLED_MS = 15 * MINUTE_MS;',
      'const SETTLED_MS = 0;',
      'take in every settled row once',
    ],
    [
      'a row committed late is taken in',
      'leastIdAt(new Date(timeOfId(sealedUntil).getTime() - LATE_MS));',
      'sealedUntil;',
      'a row that is committed late',
    ],
    [
      'K09 a row of a time that is sealed is never sealed',
      '${last ? openSince(last.sealed_until) : FIRST}',
      '${FIRST}',
      'put in afterwards, between others',
    ],
  ),
  ...guards(
    { file: `${db}/activity/verify-seals.ts`, test: `${flows}/activity-seals.test.ts` },
    [
      'K09 a changed row is named',
      'if (!leafHash(leaf.fields).equals(leaf.leaf_hash))',
      'if (false as boolean)',
      'a row of which .* was changed',
    ],
    [
      'K09 a row put in afterwards is named',
      'message ??= await addedLater(owner, siteId, chain.at(-1)?.sealed_until);',
      '',
      'put in afterwards, between others',
    ],
    [
      'K09 a chain that was broken is named',
      'if (!seal.prev_seal.equals(prevSeal)) return',
      'if (false as boolean) return',
      'a seal that was taken out of the middle',
    ],
  ),
];
