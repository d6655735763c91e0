import { Progress as BaseProgress } from '@base-ui/react/progress';

/** How far something is. Null while nobody can know. */
export function Progress({
  label,
  value,
  detail,
}: {
  readonly label: string;
  readonly value: number | null;
  readonly detail?: string;
}) {
  return (
    <BaseProgress.Root value={value} className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4 text-14">
        <BaseProgress.Label className="font-medium">{label}</BaseProgress.Label>
        <span className="tabular text-13 text-ink-soft">
          {detail ?? (value === null ? '' : `${Math.round(value)} %`)}
        </span>
      </div>
      <BaseProgress.Track className="h-1.5 overflow-hidden rounded-full bg-pressed">
        <BaseProgress.Indicator className="h-full rounded-full bg-accent-fill transition-[width] duration-300 data-indeterminate:w-1/3 data-indeterminate:animate-skeleton" />
      </BaseProgress.Track>
    </BaseProgress.Root>
  );
}
