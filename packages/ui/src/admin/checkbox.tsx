import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { classNames } from './class-names.ts';

type CheckboxProps = {
  readonly checked: boolean;
  readonly mixed?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly onClick?: (event: MouseEvent) => void;
  /** Seen, or only read out where the place leaves no room. */
  readonly label: ReactNode;
  readonly labelHidden?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
};

export function Checkbox({
  checked,
  mixed = false,
  onChange,
  onClick,
  label,
  labelHidden = false,
  disabled = false,
  className,
}: CheckboxProps) {
  return (
    <label
      className={classNames(
        'inline-flex items-center gap-2.5 align-middle text-14 touch:min-h-11',
        labelHidden && 'touch:min-w-11 touch:justify-center',
        className,
      )}
    >
      <BaseCheckbox.Root
        checked={checked}
        indeterminate={mixed}
        disabled={disabled}
        onCheckedChange={onChange}
        onClick={onClick}
        className="flex size-4 shrink-0 items-center justify-center rounded-small bg-surface ring-1 ring-inset ring-line-control transition-colors hover:ring-ink-soft data-disabled:opacity-45 data-disabled:hover:ring-line-control data-checked:bg-accent-fill data-checked:ring-accent-fill data-indeterminate:bg-accent-fill data-indeterminate:ring-accent-fill"
      >
        <BaseCheckbox.Indicator className="text-on-fill">
          {mixed ? <Minus size={12} strokeWidth={3} aria-hidden /> : <Check size={12} strokeWidth={3} aria-hidden />}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className={labelHidden ? 'sr-only' : 'min-w-0'}>{label}</span>
    </label>
  );
}
