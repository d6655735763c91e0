import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';

const popupClass =
  'min-w-52 max-w-80 origin-(--transform-origin) rounded-card bg-raised p-1 shadow-float ring-1 ring-line outline-none transition-[opacity,scale] data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0';
const itemClass =
  'flex min-h-8 w-full items-center gap-2.5 rounded-control px-2.5 py-1.5 text-start text-14 outline-none select-none data-disabled:text-ink-faint data-highlighted:bg-hover touch:min-h-11';

export function Menu({
  trigger,
  children,
  side = 'bottom',
  align = 'end',
}: {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly side?: 'top' | 'bottom' | 'right';
  readonly align?: 'start' | 'end';
}) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner side={side} align={align} sideOffset={6} className="z-50 outline-none">
          <BaseMenu.Popup className={popupClass}>{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

type ItemProps = {
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly onSelect?: () => void;
  readonly render?: ReactElement;
  readonly danger?: boolean;
};

/** One thing to do, or with `render` a link to go to. */
export function MenuItem({ icon, children, onSelect, render, danger = false }: ItemProps) {
  const content = (
    <>
      {icon !== undefined && <span className={danger ? 'text-danger' : 'text-ink-faint'}>{icon}</span>}
      <span className={classNames('min-w-0 flex-1 truncate', danger && 'text-danger')}>{children}</span>
    </>
  );
  return render ? (
    <BaseMenu.LinkItem render={render} closeOnClick className={itemClass}>
      {content}
    </BaseMenu.LinkItem>
  ) : (
    <BaseMenu.Item {...(onSelect ? { onClick: onSelect } : {})} className={itemClass}>
      {content}
    </BaseMenu.Item>
  );
}

/** A choice of one, ticked. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
      <BaseMenu.Group>
        <BaseMenu.GroupLabel className="px-2.5 pt-2 pb-1 text-12 font-medium text-ink-faint">
          {label}
        </BaseMenu.GroupLabel>
        {options.map((option) => (
          <BaseMenu.RadioItem key={option.value} value={option.value} className={itemClass}>
            <span className="flex size-4 items-center justify-center text-accent">
              <BaseMenu.RadioItemIndicator>
                <Check size={14} aria-hidden />
              </BaseMenu.RadioItemIndicator>
            </span>
            {option.label}
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.Group>
    </BaseMenu.RadioGroup>
  );
}

export const MenuSeparator = () => <BaseMenu.Separator className="mx-1 my-1 h-px bg-line" />;
