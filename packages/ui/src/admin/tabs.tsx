import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** The look of one view among several; also for links that choose a saved view. */
export const tabClass = (active: boolean): string =>
  classNames(
    'relative inline-flex h-9 shrink-0 items-center gap-2 rounded-control px-2.5 text-14 whitespace-nowrap transition-colors touch:h-11',
    active
      ? 'font-semibold text-ink after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:rounded-full after:bg-accent'
      : 'text-ink-soft hover:text-ink',
  );

export const TabCount = ({ children }: { readonly children: ReactNode }) => (
  <span className="tabular text-12 font-normal text-ink-faint">{children}</span>
);

export function Tabs<Value extends string>({
  label,
  value,
  onChange,
  tabs,
  children,
}: {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly tabs: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly children?: ReactNode;
}) {
  return (
    <BaseTabs.Root value={value} onValueChange={(next: Value) => onChange(next)}>
      <BaseTabs.List aria-label={label} className="flex gap-1">
        {tabs.map((tab) => (
          <BaseTabs.Tab key={tab.value} value={tab.value} className={tabClass(tab.value === value)}>
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {children !== undefined && <BaseTabs.Panel value={value}>{children}</BaseTabs.Panel>}
    </BaseTabs.Root>
  );
}

/** Two or three ways to look at the same thing. */
export function Segments<Value extends string>({
  label,
  value,
  onChange,
  options,
}: {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
}) {
  return (
    <div role="radiogroup" aria-label={label} className="inline-flex rounded-control bg-pressed/60 p-0.5">
      {options.map((option) => (
        <label
          key={option.value}
          className="inline-flex h-7 items-center rounded-[5px] px-2.5 text-13 text-ink-soft transition-colors has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-control has-checked:ring-1 has-checked:ring-line has-focus-visible:outline-2 has-focus-visible:outline-focus touch:h-11"
        >
          <input
            type="radio"
            className="sr-only"
            name={label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
