import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

type Variant = 'primary' | 'secondary' | 'quiet' | 'danger';
type Size = 'regular' | 'small';

const VARIANTS: Readonly<Record<Variant, string>> = {
  primary:
    'bg-accent-fill text-on-fill shadow-control hover:bg-accent-fill-hover data-disabled:bg-pressed data-disabled:text-ink-faint',
  secondary:
    'bg-surface text-ink shadow-control ring-1 ring-inset ring-line-control/55 hover:bg-hover data-disabled:text-ink-faint',
  quiet: 'text-ink-soft hover:bg-pressed/60 hover:text-ink data-disabled:text-ink-faint',
  danger:
    'bg-danger-fill text-on-fill shadow-control hover:bg-danger-fill-hover data-disabled:bg-pressed data-disabled:text-ink-faint',
};

const SIZES: Readonly<Record<Size, string>> = {
  regular: 'h-9 px-3.5 text-14 touch:h-11',
  small: 'h-8 px-2.5 text-13 touch:h-11',
};

/** The look of a button, for links that act like one. */
export const buttonClass = (variant: Variant = 'secondary', size: Size = 'regular'): string =>
  classNames(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors select-none',
    VARIANTS[variant],
    SIZES[size],
  );

type ButtonProps = Omit<ComponentProps<typeof BaseButton>, 'className'> & {
  readonly variant?: Variant;
  readonly size?: Size;
  readonly icon?: ReactNode;
  /** Says that the work has begun; the button cannot be pressed twice. */
  readonly busyLabel?: string | false | undefined;
  readonly className?: string;
};

export function Button({
  variant = 'secondary',
  size = 'regular',
  icon,
  busyLabel,
  children,
  disabled = false,
  className,
  ...rest
}: ButtonProps) {
  const busy = typeof busyLabel === 'string';
  return (
    <BaseButton
      {...rest}
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={classNames(buttonClass(variant, size), className)}
    >
      {icon}
      {busy ? busyLabel : children}
    </BaseButton>
  );
}

type IconButtonProps = Omit<ButtonProps, 'icon' | 'size' | 'busyLabel'> & { readonly label: string };

/** A button that is only an icon; its name is read out and shown in a tooltip. */
export const IconButton = (props: IconButtonProps) => (
  <Tooltip text={props.label}>
    <BareIconButton {...props} />
  </Tooltip>
);

/** Without a tooltip: for what closes a dialog, where Escape would have to be pressed twice, once for the tooltip. */
export function BareIconButton({ label, children, className, ...rest }: IconButtonProps) {
  return (
    <BaseButton
      {...rest}
      aria-label={label}
      className={classNames(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-control text-ink-soft transition-colors hover:bg-pressed/60 hover:text-ink touch:size-11',
        className,
      )}
    >
      {children}
    </BaseButton>
  );
}
