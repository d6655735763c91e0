import { Field as BaseField } from '@base-ui/react/field';
import { ChevronsUpDown } from 'lucide-react';
import { Field, inputClass } from './field.tsx';

/** Chooses one of many, such as countries: the browser's own list, with its search by typing and its wheel on a phone. */
export function LongSelect({
  label,
  help,
  error,
  name,
  value,
  options,
  onChange,
  className,
}: {
  readonly label: string;
  readonly help?: string;
  readonly error?: string | undefined;
  readonly name?: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly className?: string;
}) {
  return (
    <Field label={label} {...(help === undefined ? {} : { help })} error={error} className={className}>
      <span className="relative">
        <BaseField.Control
          name={name}
          value={value}
          onValueChange={onChange}
          render={
            <select>
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          }
          className={`${inputClass} appearance-none truncate pe-8`}
        />
        <ChevronsUpDown
          size={14}
          aria-hidden
          className="pointer-events-none absolute top-1/2 inset-e-3 -translate-y-1/2 text-ink-faint"
        />
      </span>
    </Field>
  );
}
