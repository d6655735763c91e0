import { Trans } from '@lingui/react';
import { i18n } from '../../../../words.ts';
import { Button, Dialog, Notice, Select, TextField, formatMoney, toast, useReader } from '@souk/ui/admin';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Api } from '../../../../api.ts';
import { useKept } from '../../../../kept.ts';
import { ORDER_STATUS_WORDS, actorWords, reasonWords, stepWords } from '../../../../order-words.ts';
import { isToldElsewhere, refusalOf, wordsOf } from '../../../../refusal.ts';

export type Order = Awaited<ReturnType<Api['client']['orders']['get']['query']>>;

type DialogProps = { readonly api: Api; readonly order: Order; readonly open: boolean; readonly onClose: () => void };

/**
 * The order as the person saw it when they began to decide. When it moves meanwhile, what changed is said and must be
 * looked at before the decision counts; what was typed stays.
 */
function useSeen(order: Order) {
  const [seen, setSeen] = useState({ version: order.version, steps: order.transitions.length });
  const changes = order.version === seen.version ? [] : order.transitions.slice(seen.steps);
  return {
    version: seen.version,
    hasMoved: order.version !== seen.version,
    changes,
    look: () => setSeen({ version: order.version, steps: order.transitions.length }),
  };
}

function Moved({
  order,
  changes,
  canStill,
  onLook,
}: {
  readonly order: Order;
  readonly changes: Order['transitions'];
  readonly canStill: boolean;
  readonly onLook: () => void;
}) {
  return (
    <Notice
      tone="warning"
      title={i18n.t('This order changed while you were here')}
      {...(canStill
        ? {
            action: (
              <Button size="small" onClick={onLook}>
                {i18n.t('Go on with it as it is now')}
              </Button>
            ),
          }
        : {})}
    >
      <ul>
        {changes.map((step) => (
          <li key={step.n}>
            {i18n.t('{step} by {who}: {reason}', {
              step: stepWords(step.from, step.to),
              who: actorWords(step),
              reason: reasonWords(step.reasonCode),
            })}
          </li>
        ))}
      </ul>
      <p>
        {i18n.t('It is now “{status}”.', { status: ORDER_STATUS_WORDS[order.status].label })}{' '}
        {canStill ? i18n.t('What you typed is kept.') : i18n.t('This can no longer be done with it.')}
      </p>
    </Notice>
  );
}

/** The whole order leaves in one parcel. */
export function FulfilDialog({ api, order, open, onClose }: DialogProps) {
  const queries = useQueryClient();
  const { version, hasMoved, changes, look } = useSeen(order);
  const [typed, change, clear] = useKept(`fulfil.${order.orderId}`, { carrier: '', trackingNumber: '' });
  const canStill = order.transitionsAllowed.includes('complete');
  const fulfil = useMutation(
    api.orders.fulfil.mutationOptions({
      onSettled: () => queries.invalidateQueries(api.orders.pathFilter()),
      onSuccess: () => {
        clear();
        onClose();
        toast({
          title: i18n.t('{orderNumber} is marked as sent', { orderNumber: order.orderNumber }),
          description: i18n.t('The customer gets an e-mail about it.'),
        });
      },
    }),
  );
  const refusal = refusalOf(fulfil.error);
  const pieces = order.items.reduce((sum, item) => sum + item.quantity, 0);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={i18n.t('Mark {orderNumber} as sent', { orderNumber: order.orderNumber })}
      description={i18n.t(
        '{n, plural, one {The one item leaves the stock, and the customer gets an e-mail with what you enter here.} other {All # items leave the stock, and the customer gets an e-mail with what you enter here.}}',
        { n: pieces },
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Not yet')}</Button>
          <Button
            type="submit"
            form="fulfil"
            variant="primary"
            disabled={hasMoved || !canStill}
            busyLabel={fulfil.isPending && i18n.t('Marking …')}
          >
            {i18n.t('Mark as sent')}
          </Button>
        </>
      }
    >
      <form
        id="fulfil"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!hasMoved && canStill)
            fulfil.mutate({
              orderId: order.orderId,
              version,
              carrier: typed.carrier.trim(),
              trackingNumber: typed.trackingNumber.trim(),
            });
        }}
      >
        {(hasMoved || !canStill) && <Moved order={order} changes={changes} canStill={canStill} onLook={look} />}
        {fulfil.error && !isToldElsewhere(fulfil.error) && !refusal?.field && (
          <Notice tone="danger">{wordsOf(fulfil.error)}</Notice>
        )}
        <TextField
          label={i18n.t('Carrier')}
          optional
          help={i18n.t('For example DHL, UPS or Yamato.')}
          value={typed.carrier}
          onValueChange={(carrier) => change({ carrier })}
          maxLength={60}
          error={refusal?.fields?.['carrier']}
          autoComplete="off"
          autoFocus
        />
        <TextField
          label={i18n.t('Tracking number')}
          optional
          value={typed.trackingNumber}
          onValueChange={(trackingNumber) => change({ trackingNumber })}
          maxLength={100}
          error={refusal?.fields?.['trackingNumber']}
          autoComplete="off"
          spellCheck={false}
        />
      </form>
    </Dialog>
  );
}

const REASONS = [
  { value: 'customer_asked', label: i18n.t('The customer asked for it') },
  { value: 'out_of_stock', label: i18n.t('Something is out of stock') },
  { value: 'looks_like_fraud', label: i18n.t('It looks like fraud') },
  { value: 'other', label: i18n.t('Another reason') },
] as const;
type Reason = (typeof REASONS)[number]['value'];

/** Ends an order. What that means for goods, money and customer is said before. */
export function CancelDialog({ api, order, open, onClose }: DialogProps) {
  const queries = useQueryClient();
  const { locale } = useReader();
  const { version, hasMoved, changes, look } = useSeen(order);
  const [kept, change, clear] = useKept<{ readonly reason: Reason }>(`cancel.${order.orderId}`, {
    reason: 'customer_asked',
  });
  const canStill = order.transitionsAllowed.includes('cancel');
  const cancel = useMutation(
    api.orders.cancel.mutationOptions({
      onSettled: () => queries.invalidateQueries(api.orders.pathFilter()),
      onSuccess: () => {
        clear();
        onClose();
        toast({
          title: i18n.t('{orderNumber} is cancelled', { orderNumber: order.orderNumber }),
          description: i18n.t('Its goods are back on the shelf.'),
        });
      },
    }),
  );
  const received = order.payments.filter((payment) => payment.status === 'captured').map((payment) => payment.amount);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={i18n.t('Cancel {orderNumber}?', { orderNumber: order.orderNumber })}
      description={i18n.t('This cannot be undone.')}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep the order')}</Button>
          <Button
            variant="danger"
            disabled={hasMoved || !canStill}
            busyLabel={cancel.isPending && i18n.t('Cancelling …')}
            onClick={() => cancel.mutate({ orderId: order.orderId, version, reason: kept.reason })}
          >
            {i18n.t('Cancel the order')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {(hasMoved || !canStill) && <Moved order={order} changes={changes} canStill={canStill} onLook={look} />}
        {cancel.error && !isToldElsewhere(cancel.error) && <Notice tone="danger">{wordsOf(cancel.error)}</Notice>}
        <ul className="flex list-disc flex-col gap-1 ps-5 text-14 text-ink-soft">
          <li>{i18n.t('The goods go back on the shelf and can be sold again.')}</li>
          {received.map((amount, i) => (
            <li key={i}>
              <Trans
                id="<0>{amount} has been paid.</0> Cancelling does not send it back: do that at the payment provider."
                values={{ amount: formatMoney(amount, locale) }}
                components={{ 0: <strong className="font-semibold text-ink" /> }}
              />
            </li>
          ))}
          <li>{i18n.t('The customer sees it on their order page.')}</li>
        </ul>
        <Select
          label={i18n.t('Why')}
          help={i18n.t('Kept in the order’s history.')}
          value={kept.reason}
          options={REASONS}
          onChange={(reason) => change({ reason })}
        />
      </div>
    </Dialog>
  );
}
