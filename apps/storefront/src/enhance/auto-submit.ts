/** A form of filters sends itself when something is chosen; what the default says is left out of the address. */
export function autoSubmit(element: HTMLElement): void {
  if (!(element instanceof HTMLFormElement)) return;
  element.addEventListener('change', () => element.requestSubmit());
  element.addEventListener('formdata', (event) => {
    if (event.formData.get('sort') === 'newest') event.formData.delete('sort');
  });
}
