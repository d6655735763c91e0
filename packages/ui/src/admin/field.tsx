import { i18n } from '@lingui/core';
import { Field as BaseField } from '@base-ui/react/field';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

export const inputClass =
  'h-9 w-full rounded-control bg-surface px-3 text-14 text-ink ring-1 ring-inset ring-line-control transition-shadow placeholder:text-ink-faint hover:ring-ink-soft focus-visible:outline-2 focus-visible:outline-offset-0 data-invalid:ring-danger-dot touch:h-11 touch:text-16';

type FieldProps = {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  readonly optional?: boolean;
  readonly className?: string | undefined;
};

/** Label above, help below, what is wrong under the field it is about. */
export function Field({
  label,
  help,
  error,
  optional = false,
  className,
  children,
}: FieldProps & { readonly children: ReactNode }) {
  return (
    <BaseField.Root invalid={error !== undefined} className={classNames('flex flex-col gap-1.5', className)}>
      <BaseField.Label className="text-13 font-medium text-ink">
        {label}
        {optional && <span className="ms-1.5 font-normal text-ink-faint">{i18n.t('optional')}</span>}
      </BaseField.Label>
      {children}
      {error !== undefined && (
        <BaseField.Error match className="text-13 text-danger">
          {error}
        </BaseField.Error>
      )}
      {help !== undefined && <BaseField.Description className="text-13 text-ink-soft">{help}</BaseField.Description>}
    </BaseField.Root>
  );
}

export function TextField({
  label,
  help,
  error,
  optional,
  className,
  ...input
}: FieldProps & Omit<ComponentProps<typeof BaseField.Control>, 'className'>) {
  return (
    <Field
      label={label}
      help={help}
      error={error}
      {...(optional === undefined ? {} : { optional })}
      className={className}
    >
      <BaseField.Control {...input} className={inputClass} />
    </Field>
  );
}
