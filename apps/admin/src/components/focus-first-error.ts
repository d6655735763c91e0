/** Leads to the first field that is not right, once it says so. */
export function focusFirstError(form: HTMLFormElement | null): void {
  requestAnimationFrame(() =>
    form?.querySelector<HTMLElement>('input[data-invalid], select[data-invalid], textarea[data-invalid]')?.focus(),
  );
}
