import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { Field, inputClass } from './field.tsx';

type Option<Value extends string> = { readonly value: Value; readonly label: string };

/** Chooses one of a few. */
export function Select<Value extends string>({
  label,
  help,
  error,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly help?: string;
  readonly error?: string | undefined;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Field label={label} {...(help === undefined ? {} : { help })} error={error}>
      <BaseSelect.Root items={[...options]} value={value} onValueChange={(next) => next !== null && onChange(next)}>
        <BaseSelect.Trigger className={`${inputClass} flex items-center justify-between gap-2 text-start`}>
          <BaseSelect.Value />
          <BaseSelect.Icon className="text-ink-faint">
            <ChevronsUpDown size={14} aria-hidden />
          </BaseSelect.Icon>
        </BaseSelect.Trigger>
        <BaseSelect.Portal>
          <BaseSelect.Positioner alignItemWithTrigger={false} sideOffset={6} className="z-50 outline-none">
            <BaseSelect.Popup className="max-h-(--available-height) w-(--anchor-width) overflow-y-auto rounded-card bg-raised p-1 shadow-float ring-1 ring-line outline-none">
              {options.map((option) => (
                <BaseSelect.Item
                  key={option.value}
                  value={option.value}
                  className="flex min-h-8 items-center gap-2 rounded-control px-2.5 py-1.5 text-14 outline-none select-none data-highlighted:bg-hover touch:min-h-11"
                >
                  <BaseSelect.ItemText className="flex-1">{option.label}</BaseSelect.ItemText>
                  <BaseSelect.ItemIndicator className="text-accent">
                    <Check size={14} aria-hidden />
                  </BaseSelect.ItemIndicator>
                </BaseSelect.Item>
              ))}
            </BaseSelect.Popup>
          </BaseSelect.Positioner>
        </BaseSelect.Portal>
      </BaseSelect.Root>
    </Field>
  );
}
