import { productAddress } from '../addresses.ts';
import { CheckIcon } from '../components/icons.tsx';
import { Picture, PicturePlaceholder } from '../components/picture.tsx';
import { formatTime } from '../formats.ts';
import type { OrderPage, OrderStep } from '../page-data.ts';
import type { Reader } from '../reader.ts';

type Props = { readonly page: OrderPage; readonly reader: Reader };

/** Carries what `order-live.ts` needs to ask for news; it replaces the whole of `<main>` when there are some. */
export function OrderView({ page, reader }: Props) {
  const { t, money } = reader;
  const time = (iso: string): string => formatTime(iso, reader.locale, page.shop.timeZone);
  const headline = { good: t.thanks, waiting: t.waiting, bad: undefined, neutral: undefined }[page.tone];
  return (
    <div
      className="order"
      {...(page.live
        ? { 'data-enhance': 'order-live', 'data-status-url': page.live.statusUrl, 'data-version': page.live.version }
        : {})}
    >
      <header className="order-head">
        {headline !== undefined && <p className="order-number">{t.order(page.orderNumber)}</p>}
        <h1 className="page-title">{headline ?? t.order(page.orderNumber)}</h1>
        <div className={`order-status order-status-${page.tone}`}>
          <p className="order-status-words" data-status-words>
            {page.statusWords}
          </p>
          {page.tone === 'waiting' && page.live && (
            <>
              <p className="with-script">{t.waitingText}</p>
              <p className="without-script">{t.waitingNoScript}</p>
            </>
          )}
        </div>
        <p className="order-placed">
          <time dateTime={page.placedAt}>{t.placedAt(time(page.placedAt))}</time>
        </p>
      </header>

      {page.retryPayment && (
        <form className="order-pay" method="post" action={page.retryPayment.action}>
          <input type="hidden" name="idempotencyKey" value={page.retryPayment.idempotencyKey} />
          {page.retryPayment.words && <p>{page.retryPayment.words}</p>}
          <button type="submit" className="button">
            {page.retryPayment.label ?? t.payNow}
          </button>
        </form>
      )}

      <section className="order-progress" aria-labelledby="progress-title">
        <h2 id="progress-title">{t.progress}</h2>
        <ol>
          {page.steps.map((step) => (
            <Step key={step.label} step={step} reader={reader} time={time} />
          ))}
        </ol>
      </section>

      <section className="order-items" aria-labelledby="items-title">
        <h2 id="items-title">{t.items}</h2>
        <ul className="summary-lines">
          {page.items.map((item, index) => (
            <li key={index}>
              <span className="summary-picture">
                {item.image ? (
                  <Picture picture={item.image} sizes="5rem" alt="" />
                ) : (
                  <PicturePlaceholder title={item.title} />
                )}
              </span>
              <span className="summary-words">
                {item.slug === undefined ? (
                  <span className="summary-title">{item.title}</span>
                ) : (
                  <a className="summary-title" href={productAddress(item.slug)}>
                    {item.title}
                  </a>
                )}
                {item.options !== '' && <span className="summary-options">{item.options}</span>}
                <span className="summary-options">
                  {t.quantityTimes(item.quantity)} {money(item.unitPrice)}
                </span>
              </span>
              <span className="summary-amount">{money(item.total)}</span>
            </li>
          ))}
        </ul>
        <dl className="sums">
          {page.totals.map((row, index) => (
            <div key={row.label} {...(index === page.totals.length - 1 ? { className: 'sums-total' } : {})}>
              <dt>{row.label}</dt>
              <dd>{money(row.amount)}</dd>
            </div>
          ))}
        </dl>
        {page.taxWords && <p className="sums-tax">{page.taxWords}</p>}
      </section>

      <div className="order-facts">
        <section>
          <h2>{t.address}</h2>
          <address>
            {page.address.map((line, index) => (
              <span key={index}>{line}</span>
            ))}
          </address>
          {page.email && <p>{page.email}</p>}
          {page.shippingWords && <p>{page.shippingWords}</p>}
        </section>
        <section>
          <h2>{t.payment}</h2>
          <p>{page.paymentWords}</p>
        </section>
      </div>
      <p className="order-keep">{t.keepLink}</p>
    </div>
  );
}

function Step({
  step,
  reader,
  time,
}: {
  readonly step: OrderStep;
  readonly reader: Reader;
  readonly time: (iso: string) => string;
}) {
  const { t } = reader;
  return (
    <li
      className={`step step-${step.state}`}
      {...(step.state === 'current' ? { 'aria-current': 'step' as const } : {})}
    >
      <span className="step-mark">{step.state === 'done' && <CheckIcon />}</span>
      <div>
        <p className="step-label">
          <span className="visually-hidden">
            {{ done: t.stepDone, current: t.stepCurrent, todo: t.stepTodo }[step.state]}:{' '}
          </span>
          {step.label}
        </p>
        {step.words && <p className="step-words">{step.words}</p>}
        {step.at && (
          <p className="step-at">
            <time dateTime={step.at}>{time(step.at)}</time>
          </p>
        )}
      </div>
    </li>
  );
}
