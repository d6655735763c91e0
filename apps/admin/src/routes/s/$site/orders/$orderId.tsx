import { formatNumber, readerLocale } from '../../../../language.ts';
import { Trans } from '@lingui/react';
import { i18n } from '../../../../words.ts';
import {
  Badge,
  Button,
  Card,
  Fact,
  Facts,
  LoadingState,
  Menu,
  MenuItem,
  Money,
  Notice,
  PageHeader,
  RelativeTime,
  Skeleton,
  StatusDot,
  classNames,
  formatExact,
  placeOf,
  useReader,
} from '@souk/ui/admin';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ArrowLeft, Banknote, CircleDot, Mail, MoreHorizontal, Truck, Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ProductPicture } from '../../../../components/product-picture.tsx';
import { may } from '../../../../navigation.ts';
import { ORDER_STATUS_WORDS, exceptionWords, mailTone, mailWords, paymentWords } from '../../../../order-words.ts';
import { CancelDialog, FulfilDialog, type Order } from './-order-dialogs.tsx';
import { type HistoryLine, historyOf } from './-order-history.ts';

export const Route = createFileRoute('/s/$site/orders/$orderId')({
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(context.api.orders.get.queryOptions({ orderId: params.orderId })),
  head: ({ match, loaderData }) => ({
    meta: [{ title: `${loaderData?.orderNumber ?? i18n.t('Order')} · ${match.context.site?.name ?? ''}` }],
  }),
  pendingComponent: OrderSkeleton,
  component: OrderPage,
});

function OrderPage() {
  const { api, site } = Route.useRouteContext();
  const { orderId } = Route.useParams();
  const { data: order } = useSuspenseQuery(api.orders.get.queryOptions({ orderId }));
  const [dialog, setDialog] = useState<{ readonly kind: 'fulfil' | 'cancel'; readonly n: number }>();
  const [isOpen, setOpen] = useState(false);
  const reader = useReader();
  const status = ORDER_STATUS_WORDS[order.status];
  const mayManage = may(site.permissions, 'MANAGE_ORDERS');
  const canFulfil = mayManage && order.transitionsAllowed.includes('complete');
  const canCancel = mayManage && order.transitionsAllowed.includes('cancel');
  const begin = (kind: 'fulfil' | 'cancel'): void => {
    setDialog((old) => ({ kind, n: (old?.n ?? 0) + 1 }));
    setOpen(true);
  };
  const dialogProps = { api, order, open: isOpen, onClose: () => setOpen(false) };

  return (
    <>
      <Link
        from={Route.fullPath}
        to="/s/$site/orders"
        className="mb-2 inline-flex h-8 items-center gap-1.5 text-13 text-ink-soft hover:text-ink touch:h-11"
      >
        <ArrowLeft size={14} aria-hidden /> {i18n.t('Orders')}
      </Link>
      <PageHeader
        title={order.orderNumber}
        status={
          <>
            <span className="text-14">
              <StatusDot tone={status.tone} hollow={status.hollow ?? false}>
                {status.label}
              </StatusDot>
            </span>
            {order.mode === 'test' && <Badge>{i18n.t('Test order')}</Badge>}
          </>
        }
        actions={
          <>
            {canFulfil && (
              <Button
                variant="primary"
                icon={<Truck size={16} aria-hidden />}
                onClick={() => begin('fulfil')}
                className="max-sm:fixed max-sm:inset-x-3 max-sm:bottom-[calc(4.25rem+env(safe-area-inset-bottom))] max-sm:z-10"
              >
                {i18n.t('Mark as sent')}
              </Button>
            )}
            {canCancel && (
              <Menu
                trigger={
                  <Button icon={<MoreHorizontal size={16} aria-hidden />} aria-label={i18n.t('More actions')}>
                    <span className="sr-only">{i18n.t('More')}</span>
                  </Button>
                }
              >
                <MenuItem danger icon={<Undo2 size={15} aria-hidden />} onSelect={() => begin('cancel')}>
                  {i18n.t('Cancel order …')}
                </MenuItem>
              </Menu>
            )}
          </>
        }
      >
        {order.expiresAt !== undefined && (order.status === 'pending_payment' || order.status === 'payment_failed') ? (
          <Trans
            id="Placed <0/>, its goods are kept until {when}"
            values={{ when: formatExact(new Date(order.expiresAt), reader.timeZone, reader.dateLocale) }}
            components={{ 0: <RelativeTime at={order.createdAt} /> }}
          />
        ) : (
          <Trans id="Placed <0/>" components={{ 0: <RelativeTime at={order.createdAt} /> }} />
        )}
      </PageHeader>

      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
        <div className="flex min-w-0 flex-col gap-4">
          {order.exceptions
            .filter((exception) => exception.status === 'open')
            .map((exception) => (
              <Notice key={exception.exceptionId} tone="danger" title={exceptionWords(exception.kind).title}>
                <Money amount={exception.amount} />, <RelativeTime at={exception.createdAt} />.{' '}
                {exceptionWords(exception.kind).advice}
              </Notice>
            ))}
          <Items order={order} />
          <Payments order={order} />
          <History order={order} place={placeOf(site.timeZone)} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Customer order={order} />
          <Parcels order={order} />
          <Mails order={order} />
        </div>
      </div>
      {dialog?.kind === 'fulfil' && <FulfilDialog key={dialog.n} {...dialogProps} />}
      {dialog?.kind === 'cancel' && <CancelDialog key={dialog.n} {...dialogProps} />}
    </>
  );
}

function Items({ order }: { readonly order: Order }) {
  const { totals } = order;
  const pieces = order.items.reduce((sum, item) => sum + item.quantity, 0);
  const percent = formatNumber(totals.ratePerMillion / 10_000, { maximumFractionDigits: 2 });
  return (
    <Card title={i18n.t('Items')} aside={i18n.t('{n, plural, one {# piece} other {# pieces}}', { n: pieces })} flush>
      <ul className="divide-y divide-line border-t border-line">
        {order.items.map((item) => (
          <li key={item.n} className="flex items-center gap-3 px-4 py-3">
            <ProductPicture hash={item.imageHash} />
            <div className="min-w-0 flex-1">
              <Link
                from={Route.fullPath}
                to="/s/$site/products/$productId"
                params={{ productId: item.productId }}
                className="font-medium hover:underline"
              >
                {item.title}
              </Link>
              <p className="text-13 text-ink-soft">
                {[
                  ...item.options,
                  item.sku,
                  i18n.t('sold as version {versionNumber}', { versionNumber: item.versionNumber }),
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </p>
            </div>
            <div className="tabular shrink-0 text-end">
              <Money
                amount={{ ...item.price, minorUnits: item.price.minorUnits * item.quantity }}
                className="font-medium"
              />
              {item.quantity > 1 && (
                <p className="text-13 text-ink-soft">
                  {item.quantity} × <Money amount={item.price} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className="border-t border-line px-4 py-3">
        <Facts>
          <Fact name={i18n.t('Items')}>
            <Money amount={totals.items} />
          </Fact>
          {totals.discount.minorUnits !== 0 && (
            <Fact name={i18n.t('Discount')}>
              <Money amount={{ ...totals.discount, minorUnits: -Math.abs(totals.discount.minorUnits) }} />
            </Fact>
          )}
          <Fact
            name={
              totals.shippingName === ''
                ? i18n.t('Shipping')
                : i18n.t('Shipping, {method}', { method: totals.shippingName })
            }
          >
            <Money amount={totals.shipping} />
          </Fact>
          {totals.taxAdded.minorUnits > 0 && (
            <Fact name={`${totals.taxName} ${percent} %`}>
              <Money amount={totals.taxAdded} />
            </Fact>
          )}
          <Fact name={i18n.t('Total')} strong className="border-t border-line pt-2">
            <Money amount={order.total} />
          </Fact>
          {totals.taxIncluded.minorUnits > 0 && (
            <Fact name={i18n.t('of it {tax} {percent} %', { tax: totals.taxName, percent })}>
              <Money amount={totals.taxIncluded} className="text-ink-soft" />
            </Fact>
          )}
        </Facts>
      </div>
    </Card>
  );
}

function Payments({ order }: { readonly order: Order }) {
  const proof = order.evidence.at(-1);
  return (
    <Card title={i18n.t('Payment')}>
      {proof?.kind === 'zero_total' ? (
        <p className="mb-3 text-14">{i18n.t('There was nothing to pay.')}</p>
      ) : proof ? (
        <p className="mb-3 text-14">
          <Trans
            id="<0>Proof of payment:</0> <1/> of <2/> confirmed by a signed notice of the provider, <3/>."
            components={{
              0: <strong className="font-semibold" />,
              1: <Money amount={proof.covered} />,
              2: <Money amount={order.total} />,
              3: <RelativeTime at={proof.timestamp} />,
            }}
          />
        </p>
      ) : (
        <p className="mb-3 text-14 text-ink-soft">
          {order.exceptions.length > 0
            ? i18n.t('No proof of payment for this order. What arrived is described above and waits for a decision.')
            : i18n.t(
                'No proof of payment yet. The order is confirmed by itself as soon as the provider’s signed notice arrives.',
              )}
        </p>
      )}
      <ul className="flex flex-col gap-3">
        {order.payments.map((payment) => {
          const words = paymentWords(payment.status);
          return (
            <li key={payment.paymentId} className="rounded-control bg-ground px-3 py-2.5">
              <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
                <StatusDot tone={words.tone} hollow={words.hollow ?? false}>
                  {words.label}
                </StatusDot>
                <Money
                  amount={
                    payment.entries.findLast((entry) => entry.kind === 'captured' || entry.kind === 'authorised')
                      ?.amount ?? payment.amount
                  }
                  className="font-medium"
                />
              </div>
              <p className="mt-1 text-13 break-all text-ink-soft">
                {payment.providerName}
                {payment.providerReference !== undefined && (
                  <>
                    {' '}
                    <Trans
                      id="· reference <0>{providerReference}</0>"
                      values={{ providerReference: payment.providerReference }}
                      components={{ 0: <code className="font-mono text-12" /> }}
                    />
                  </>
                )}
              </p>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Customer({ order }: { readonly order: Order }) {
  const { address } = order;
  return (
    <Card title={i18n.t('Customer')}>
      {address ? (
        <address className="text-14 not-italic">
          <p className="font-medium">{address.name}</p>
          {order.customerEmail !== undefined && (
            <a href={`mailto:${order.customerEmail}`} className="break-all text-accent hover:underline">
              {order.customerEmail}
            </a>
          )}
          <p className="mt-3 mb-0.5 text-12 text-ink-faint">{i18n.t('Ships to')}</p>
          {[address.line1, address.line2, `${address.postalCode} ${address.city}`.trim(), countryName(address.country)]
            .filter((line) => line !== '')
            .map((line) => (
              <p key={line}>{line}</p>
            ))}
          {address.phone !== '' && (
            <p className="mt-2">
              <a href={`tel:${address.phone}`} className="text-accent hover:underline">
                {address.phone}
              </a>
            </p>
          )}
        </address>
      ) : (
        <p className="text-14 text-ink-soft">{i18n.t('The address is no longer kept.')}</p>
      )}
    </Card>
  );
}

const regions = new Intl.DisplayNames([readerLocale()], { type: 'region' });
const countryName = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code);

function Parcels({ order }: { readonly order: Order }) {
  if (order.fulfilments.length === 0) return null;
  return (
    <Card title={i18n.t('Shipping')}>
      <ul className="flex flex-col gap-3 text-14">
        {order.fulfilments.map((parcel) => (
          <li key={parcel.fulfilmentId}>
            <p className="font-medium wrap-anywhere">
              {parcel.carrier === ''
                ? i18n.t('Sent without a carrier’s name')
                : i18n.t('Sent with {carrier}', { carrier: parcel.carrier })}
            </p>
            {parcel.trackingNumber !== '' && (
              <p>
                <Trans
                  id="Tracking <0>{trackingNumber}</0>"
                  values={{ trackingNumber: parcel.trackingNumber }}
                  components={{ 0: <code className="font-mono text-13 break-all select-all" /> }}
                />
              </p>
            )}
            {parcel.shippedAt !== undefined && (
              <p className="text-13 text-ink-soft">
                <RelativeTime at={parcel.shippedAt} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Mails({ order }: { readonly order: Order }) {
  return (
    <Card title={i18n.t('E-mails')}>
      {order.emails.length === 0 ? (
        <p className="text-14 text-ink-soft">
          {i18n.t('None yet. The customer gets one when the payment is confirmed and one when the order is sent.')}
        </p>
      ) : (
        <ul className="flex flex-col gap-2 text-14">
          {order.emails.map((mail, i) => (
            <li key={i} className="flex flex-wrap items-baseline justify-between gap-x-3">
              <StatusDot tone={mailTone(mail.status)}>{mailWords(mail.emailType, mail.status)}</StatusDot>
              <RelativeTime at={mail.timestamp} className="text-13 text-ink-soft" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const ICONS: Readonly<Record<HistoryLine['kind'], ReactNode>> = {
  step: <CircleDot size={14} aria-hidden />,
  money: <Banknote size={14} aria-hidden />,
  mail: <Mail size={14} aria-hidden />,
};

function History({ order, place }: { readonly order: Order; readonly place: string }) {
  const lines = historyOf(order);
  return (
    <Card title={i18n.t('History')} aside={i18n.t('Times are {place} time', { place })}>
      <ol className="flex flex-col">
        {lines.map((line, i) => (
          <li key={line.key} className="relative flex gap-3 pb-4 last:pb-0">
            {i < lines.length - 1 && (
              <span
                aria-hidden
                className="absolute top-6 bottom-0 inset-s-3 w-px -translate-x-1/2 bg-line rtl:translate-x-1/2"
              />
            )}
            <span
              className={classNames(
                'flex size-6 shrink-0 items-center justify-center rounded-full',
                line.kind === 'step' ? 'bg-accent-soft text-accent' : 'bg-pressed/70 text-ink-soft',
              )}
            >
              {ICONS[line.kind]}
            </span>
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4 pt-0.5">
              <p className="text-14">
                <span className={line.kind === 'step' ? 'font-medium' : ''}>{line.what}</span>
                {line.amount && (
                  <>
                    {' '}
                    <Money amount={line.amount} />
                  </>
                )}
                <span className="text-ink-soft">
                  {line.who !== undefined && ` · ${line.who}`}
                  {line.why !== undefined && ` · ${line.why}`}
                </span>
              </p>
              <RelativeTime at={line.at} className="text-13 text-ink-soft" />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function OrderSkeleton() {
  return (
    <LoadingState label={i18n.t('The order is being loaded')}>
      <Skeleton className="mb-4 h-4 w-16" />
      <Skeleton className="mb-6 h-7 w-56" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex flex-col gap-4">
          <Skeleton className="h-64 rounded-card" />
          <Skeleton className="h-40 rounded-card" />
        </div>
        <Skeleton className="h-56 rounded-card" />
      </div>
    </LoadingState>
  );
}
