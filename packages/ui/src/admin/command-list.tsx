import { Autocomplete } from '@base-ui/react/autocomplete';
import { Search } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';

export type Command = {
  readonly id: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly icon?: ReactNode;
  readonly run: () => void;
};
export type CommandGroup = { readonly value: string; readonly items: readonly Command[] };

/** A line to type in and what it finds; arrows choose, Enter does it. */
export function CommandList({
  label,
  query,
  onQueryChange,
  groups,
  empty,
  inputRef,
}: {
  readonly label: string;
  readonly query: string;
  readonly onQueryChange: (query: string) => void;
  readonly groups: readonly CommandGroup[];
  readonly empty: ReactNode;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}) {
  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={groups}
      value={query}
      onValueChange={onQueryChange}
      itemToStringValue={(item: Command) => item.label}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={16} aria-hidden className="shrink-0 text-ink-faint" />
        <Autocomplete.Input
          ref={inputRef}
          aria-label={label}
          placeholder={label}
          className="h-12 w-full bg-transparent text-16 outline-none placeholder:text-ink-faint"
        />
      </div>
      <Autocomplete.Empty className="px-4 py-6 text-center text-14 text-ink-soft empty:hidden">
        {empty}
      </Autocomplete.Empty>
      <Autocomplete.List className="max-h-[min(60dvh,26rem)] overflow-y-auto overscroll-contain p-1.5 outline-none data-empty:p-0">
        {(group: CommandGroup) => (
          <Autocomplete.Group key={group.value} items={group.items}>
            <Autocomplete.GroupLabel className="px-2.5 pt-2.5 pb-1 text-12 font-medium text-ink-faint">
              {group.value}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: Command) => (
                <Autocomplete.Item
                  key={item.id}
                  value={item}
                  onClick={item.run}
                  className="flex min-h-9 cursor-pointer items-center gap-3 rounded-control px-2.5 text-14 outline-none select-none data-highlighted:bg-hover touch:min-h-11"
                >
                  <span className="text-ink-faint">{item.icon}</span>
                  <span className="min-w-0 flex-1 truncate">{item.label}</span>
                  {item.hint !== undefined && <span className="shrink-0 text-13 text-ink-soft">{item.hint}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
