/** A form of filters sends itself when something is chosen; what the default says is left out of the address. */
export function autoSubmit(element: HTMLElement): void {
  if (!(element instanceof HTMLFormElement)) return;
  element.addEventListener('change', () => element.requestSubmit());
  // A page kept whole by the browser comes back with the choice that led away from it.
  addEventListener('pageshow', (event) => {
    if (event.persisted) element.reset();
  });
  element.addEventListener('formdata', (event) => {
    if (event.formData.get('sort') === 'newest') event.formData.delete('sort');
  });
}
