import { toDecimal } from '@souk/domain/shared';
import type { ReactNode } from 'react';
import { CART, CHECKOUT } from '../addresses.ts';
import { WarningIcon } from '../components/icons.tsx';
import { Picture, PicturePlaceholder } from '../components/picture.tsx';
import type { CheckoutField, CheckoutPage, ShippingMethod } from '../page-data.ts';
import type { Reader } from '../reader.ts';

type Props = { readonly page: CheckoutPage; readonly reader: Reader };

/** One page and one form; `checkout-form.ts` checks fields on leaving them and lets the total follow the delivery method. */
export function CheckoutView({ page, reader }: Props) {
  const { t, money } = reader;
  const total = money(page.total);
  return (
    <div className="checkout">
      <h1 className="page-title">{t.checkout}</h1>
      <ol className="checkout-steps" aria-label={t.progress}>
        <li>
          <a href="#step-details">{t.stepAddress}</a>
        </li>
        <li>
          <a href="#step-delivery">{t.stepDelivery}</a>
        </li>
        <li>
          <a href="#step-payment">{t.stepPayment}</a>
        </li>
      </ol>
      <form
        className="checkout-form"
        method="post"
        action={CHECKOUT}
        data-enhance="checkout"
        data-words={JSON.stringify({ required: t.required('{label}'), email: t.emailLooks, sending: t.sending })}
      >
        <input type="hidden" name="expectedTotal" value={toDecimal(page.total)} />
        <input type="hidden" name="idempotencyKey" value={page.idempotencyKey} />
        {/* The first button of a form is the one that Enter in a field presses: it sends the order, as the one below does. */}
        <button type="submit" className="visually-hidden" tabIndex={-1} aria-hidden="true" disabled={!canOrder(page)} />
        <Problems page={page} reader={reader} />

        <section className="checkout-step" id="step-details" aria-labelledby="title-details">
          <h2 id="title-details">{t.stepAddress}</h2>
          <fieldset>
            <legend>{t.contact}</legend>
            <Field
              page={page}
              reader={reader}
              name="email"
              label={t.email}
              type="email"
              autoComplete="email"
              help={t.contactWhy}
            />
          </fieldset>
          <fieldset className="address-fields">
            <legend>{t.deliverTo}</legend>
            <Field page={page} reader={reader} name="name" label={t.fullName} autoComplete="shipping name" />
            <Field page={page} reader={reader} name="line1" label={t.line1} autoComplete="shipping address-line1" />
            <Field
              page={page}
              reader={reader}
              name="line2"
              label={t.line2}
              autoComplete="shipping address-line2"
              optional
            />
            <Field
              page={page}
              reader={reader}
              name="postalCode"
              label={t.postalCode}
              autoComplete="shipping postal-code"
            />
            <Field page={page} reader={reader} name="city" label={t.city} autoComplete="shipping address-level2" />
            <CountryField page={page} reader={reader} />
            <Field
              page={page}
              reader={reader}
              name="phone"
              label={t.phone}
              type="tel"
              autoComplete="shipping tel"
              optional
              help={t.phoneWhy}
            />
          </fieldset>
        </section>

        <section className="checkout-step" id="step-delivery" aria-labelledby="title-delivery">
          <h2 id="title-delivery">{t.stepDelivery}</h2>
          <Choices legend={t.shippingMethod} name="shippingMethodId" error={page.errors.shippingMethodId}>
            {page.shippingMethods.length === 0 && <p>{t.noShipping}</p>}
            {page.shippingMethods.map((method) => (
              <ShippingChoice key={method.id} method={method} page={page} reader={reader} />
            ))}
          </Choices>
          <button
            className="button button-quiet without-script"
            type="submit"
            name="intent"
            value="update"
            formNoValidate
          >
            {t.updateTotal}
          </button>
        </section>

        <section className="checkout-step" id="step-payment" aria-labelledby="title-payment">
          <h2 id="title-payment">{t.stepPayment}</h2>
          <Choices
            legend={t.paymentMethod}
            name="paymentConfigId"
            error={page.errors.paymentConfigId}
            help={t.paymentWhy}
          >
            {page.paymentMethods.map((method) => (
              <label key={method.configId} className="choice">
                <input
                  type="radio"
                  name="paymentConfigId"
                  value={method.configId}
                  required
                  defaultChecked={page.values.paymentConfigId === method.configId}
                />
                <span className="choice-words">
                  <span className="choice-label">{method.label}</span>
                  {method.words && <span className="choice-help">{method.words}</span>}
                </span>
              </label>
            ))}
          </Choices>
        </section>

        <Summary page={page} reader={reader} />

        <div className="checkout-submit">
          {page.totalChanged && (
            <div className="notice notice-attention" role="alert">
              <WarningIcon />
              <div>
                <p>
                  <strong>{t.totalChanged(money(page.totalChanged.was), money(page.totalChanged.now))}</strong>
                </p>
                {page.totalChanged.why.map((reason) => (
                  <p key={reason}>{reason}</p>
                ))}
                <p>{t.totalChangedText}</p>
              </div>
            </div>
          )}
          <p className="total-news" role="status" data-total-news />
          {page.legalWords && <p className="checkout-legal">{page.legalWords}</p>}
          <button
            type="submit"
            className="button button-wide"
            data-place-order={t.placeOrder('{total}')}
            disabled={!canOrder(page)}
          >
            {t.placeOrder(total)}
          </button>
        </div>
      </form>
    </div>
  );
}

const canOrder = (page: CheckoutPage): boolean =>
  page.cart.canCheckOut && page.shippingMethods.length > 0 && page.paymentMethods.length > 0;

const LABELS = (reader: Reader): Readonly<Record<CheckoutField, string>> => ({
  email: reader.t.email,
  name: reader.t.fullName,
  line1: reader.t.line1,
  line2: reader.t.line2,
  city: reader.t.city,
  postalCode: reader.t.postalCode,
  country: reader.t.country,
  phone: reader.t.phone,
  shippingMethodId: reader.t.shippingMethod,
  paymentConfigId: reader.t.paymentMethod,
});

function Problems({ page, reader }: Props) {
  const fields = Object.entries(page.errors) as [CheckoutField, string][];
  const count = fields.length + page.problems.length;
  const labels = LABELS(reader);
  return (
    <div className="error-summary" tabIndex={-1} data-error-summary hidden={count === 0} role="alert">
      <WarningIcon />
      <div>
        <h2>{reader.t.errorsTitle(Math.max(1, count))}</h2>
        <ul>
          {page.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
          {fields.map(([field, words]) => (
            <li key={field}>
              <a href={`#field-${field}`}>
                {labels[field]}: {words}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

type FieldProps = Props & {
  readonly name: CheckoutField;
  readonly label: string;
  readonly autoComplete: string;
  readonly type?: 'text' | 'email' | 'tel';
  readonly optional?: boolean;
  readonly help?: string;
};

function Field({ page, reader, name, label, autoComplete, type = 'text', optional = false, help }: FieldProps) {
  const error = page.errors[name];
  const describedBy = [help && `help-${name}`, `error-${name}`].filter(Boolean).join(' ');
  return (
    <div className={`field field-${name}`} data-field={name}>
      <label htmlFor={`field-${name}`}>
        {label}
        {optional && <span className="field-optional"> ({reader.t.optional})</span>}
      </label>
      <input
        id={`field-${name}`}
        name={name}
        type={type}
        autoComplete={autoComplete}
        defaultValue={page.values[name] ?? ''}
        required={!optional}
        maxLength={200}
        aria-describedby={describedBy}
        aria-invalid={error !== undefined}
        data-label={label}
        {...(type === 'email' ? { autoCapitalize: 'none', spellCheck: false } : {})}
      />
      {help && (
        <p className="field-help" id={`help-${name}`}>
          {help}
        </p>
      )}
      <FieldError name={name} error={error} />
    </div>
  );
}

const FieldError = ({ name, error }: { readonly name: CheckoutField; readonly error: string | undefined }) => (
  <p className="field-error" id={`error-${name}`} hidden={error === undefined}>
    {error}
  </p>
);

function CountryField({ page, reader }: Props) {
  const error = page.errors.country;
  return (
    <div className="field field-country" data-field="country">
      <label htmlFor="field-country">{reader.t.country}</label>
      <select
        id="field-country"
        name="country"
        autoComplete="shipping country"
        defaultValue={page.values.country ?? page.countries[0]?.code ?? ''}
        required
        aria-describedby="error-country"
        aria-invalid={error !== undefined}
        data-label={reader.t.country}
      >
        {page.countries.map((country) => (
          <option key={country.code} value={country.code}>
            {country.name}
          </option>
        ))}
      </select>
      <FieldError name="country" error={error} />
    </div>
  );
}

function Choices({
  legend,
  name,
  error,
  help,
  children,
}: {
  readonly legend: string;
  readonly name: CheckoutField;
  readonly error: string | undefined;
  readonly help?: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="choices" id={`field-${name}`} data-field={name} aria-describedby={`error-${name}`}>
      <legend className="visually-hidden">{legend}</legend>
      {help && <p className="field-help">{help}</p>}
      {children}
      <FieldError name={name} error={error} />
    </fieldset>
  );
}

function ShippingChoice({ method, page, reader }: Props & { readonly method: ShippingMethod }) {
  const { t, money } = reader;
  const price = method.price.minorUnits === 0 ? t.free : money(method.price);
  const total = money(method.total);
  return (
    <label className="choice">
      <input
        type="radio"
        name="shippingMethodId"
        value={method.id}
        required
        defaultChecked={page.values.shippingMethodId === method.id}
        data-price={price}
        data-total={total}
        data-total-decimal={toDecimal(method.total)}
        data-tax={method.taxWords ?? ''}
        data-news={t.totalIsNow(total, `${method.label} (${price})`)}
      />
      <span className="choice-words">
        <span className="choice-label">{method.label}</span>
        {method.words && <span className="choice-help">{method.words}</span>}
      </span>
      <span className="choice-price">{price}</span>
    </label>
  );
}

function Summary({ page, reader }: Props) {
  const { t, money } = reader;
  const chosen = page.shippingMethods.find((method) => method.id === page.values.shippingMethodId);
  return (
    <section className="checkout-summary" aria-labelledby="summary-title">
      <header>
        <h2 id="summary-title">{t.yourOrder}</h2>
        <a href={CART}>{t.changeCart}</a>
      </header>
      <ul className="summary-lines">
        {page.cart.lines.map((line) => (
          <li key={line.lineId}>
            <span className="summary-picture">
              {line.image ? (
                <Picture picture={line.image} sizes="4rem" alt="" />
              ) : (
                <PicturePlaceholder title={line.title} />
              )}
            </span>
            <span className="summary-words">
              <span className="summary-title">{line.title}</span>
              {line.options !== '' && <span className="summary-options">{line.options}</span>}
              <span className="summary-options">
                {t.quantityTimes(line.quantity)} {money(line.unitPrice)}
              </span>
              {line.problem && <span className="cart-line-problem">{line.problem.words}</span>}
            </span>
            <span className="summary-amount">{money(line.lineTotal)}</span>
          </li>
        ))}
      </ul>
      <dl className="sums">
        <div>
          <dt>{t.subtotal}</dt>
          <dd>{money(page.cart.subtotal)}</dd>
        </div>
        <div>
          <dt>{t.shipping}</dt>
          <dd data-shipping-price>
            {chosen ? (chosen.price.minorUnits === 0 ? t.free : money(chosen.price)) : page.cart.shippingWords}
          </dd>
        </div>
        <div className="sums-total">
          <dt>{t.total}</dt>
          <dd data-total>{money(page.total)}</dd>
        </div>
      </dl>
      <p className="sums-tax" data-tax>
        {page.taxWords ?? page.cart.taxWords}
      </p>
    </section>
  );
}
