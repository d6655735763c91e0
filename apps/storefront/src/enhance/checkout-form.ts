type Words = { readonly required: string; readonly email: string; readonly sending: string };

type Control = HTMLInputElement | HTMLSelectElement;

const DRAFT_KEY = 'checkout-draft';

/**
 * The checkout is whole without this. With it, a field says what is wrong when it is left, the total follows the delivery
 * method and says so, the order is sent once, and what was typed survives a reload of the tab (and only of this tab).
 */
export function checkoutForm(element: HTMLElement): void {
  if (!(element instanceof HTMLFormElement)) return;
  const form = element;
  const words = JSON.parse(form.dataset['words'] ?? '{}') as Words;
  const controls = (): readonly Control[] =>
    [...form.elements].filter(
      (item): item is Control => item instanceof HTMLInputElement || item instanceof HTMLSelectElement,
    );

  // The fields' own words instead of the browser's bubbles.
  form.noValidate = true;
  restoreDraft(controls());
  followShipping(form);

  form.addEventListener('focusout', (event) => {
    const control = event.target;
    if (!isControl(control) || control.type === 'radio') return;
    if (control.value.trim() !== '' || control.getAttribute('aria-invalid') === 'true')
      showFault(control, faultOf(control, words));
  });
  form.addEventListener('input', (event) => {
    if (isControl(event.target)) showFault(event.target, undefined);
    keepDraft(controls());
  });
  form.addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === 'shippingMethodId')
      followShipping(form, true);
  });
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    const faulty = controls().filter((control) => {
      const fault = faultOf(control, words);
      showFault(control, fault);
      return fault !== undefined;
    });
    if (faulty[0]) {
      event.preventDefault();
      faulty[0].focus();
      return;
    }
    sent = true;
    const button = form.querySelector<HTMLButtonElement>('[data-place-order]');
    if (button) {
      button.setAttribute('aria-disabled', 'true');
      button.textContent = words.sending;
    }
  });
  // Coming back with the browser's back button finds a form that can be sent again.
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    sent = false;
    form.querySelector('[data-place-order]')?.removeAttribute('aria-disabled');
    followShipping(form);
  });
  form.querySelector<HTMLElement>('[data-error-summary]:not([hidden])')?.focus();
}

const isControl = (target: EventTarget | null): target is Control =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement;

function faultOf(control: Control, words: Words): string | undefined {
  if (control.type === 'hidden' || control.disabled) return undefined;
  const missing = control.validity.valueMissing || (control.required && control.value.trim() === '');
  const label =
    control.dataset['label'] ?? control.closest('fieldset')?.querySelector('legend')?.textContent ?? control.name;
  if (missing) return words.required.replace('{label}', () => label.trim());
  return control.validity.typeMismatch ? words.email : undefined;
}

function showFault(control: Control, fault: string | undefined): void {
  const place = document.getElementById(`error-${control.name}`);
  if (!place) return;
  place.textContent = fault ?? '';
  place.hidden = fault === undefined;
  if (control.type !== 'radio') control.setAttribute('aria-invalid', String(fault !== undefined));
}

/** The sums of the chosen method were sent with it; `news` tells a person what moved and why. */
function followShipping(form: HTMLFormElement, news = false): void {
  const chosen = form.querySelector<HTMLInputElement>('input[name="shippingMethodId"]:checked');
  const expected = form.querySelector<HTMLInputElement>('input[name="expectedTotal"]');
  if (!chosen || !expected) return;
  const { price = '', total = '', totalDecimal = '', tax = '' } = chosen.dataset;
  const moved = expected.value !== totalDecimal;
  expected.value = totalDecimal;
  setText(form, '[data-shipping-price]', price);
  setText(form, '[data-total]', total, 'DD');
  if (tax !== '') setText(form, 'p[data-tax]', tax);
  const button = form.querySelector<HTMLElement>('[data-place-order]');
  if (button) button.textContent = (button.dataset['placeOrder'] ?? '').replace('{total}', () => total);
  if (news) setText(form, '[data-total-news]', moved ? (chosen.dataset['news'] ?? '') : '');
}

function setText(form: HTMLFormElement, selector: string, text: string, tag?: string): void {
  for (const element of form.querySelectorAll(selector))
    if (tag === undefined || element.tagName === tag) element.textContent = text;
}

const isTyped = (control: Control): boolean =>
  control.type !== 'hidden' && control.type !== 'radio' && control.name !== '';

function keepDraft(controls: readonly Control[]): void {
  const draft = Object.fromEntries(controls.filter(isTyped).map((control) => [control.name, control.value]));
  try {
    sessionStorage.setItem(DRAFT_KEY, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing for this page loses only the convenience.
  }
}

/** Fills only what the server left empty: what came back with a refusal is newer. */
function restoreDraft(controls: readonly Control[]): void {
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(DRAFT_KEY) ?? '{}');
    if (typeof draft !== 'object' || draft === null) return;
    const kept = new Map(Object.entries(draft));
    for (const control of controls.filter(isTyped)) {
      const value: unknown = kept.get(control.name);
      if (control.value === '' && typeof value === 'string') control.value = value;
    }
  } catch {
    // As above.
  }
}
