import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { NavigationItem } from '../navigation.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) &&
  !(target instanceof HTMLInputElement && ['checkbox', 'radio'].includes(target.type));

/** Whether something lies over the page; toasts do not. */
const isCovered = (): boolean =>
  document.querySelector('[role="dialog"]:not([aria-modal="false"]), [role="menu"], [role="listbox"]') !== null;

/** Rows that can be walked: the links that name them, where they can be seen. */
const rowLinks = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>('[data-row-link]')].filter((link) => link.offsetParent !== null);

const rowOfFocus = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>('[data-row]') ?? null;

function walk(step: 1 | -1): void {
  const links = rowLinks();
  const row = rowOfFocus();
  const at = links.findIndex((link) => link.closest('[data-row]') === row);
  const next = links[row === null || at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
  next?.focus();
  next?.closest('[data-row]')?.scrollIntoView({ block: 'nearest' });
}

/** Keys that work everywhere in a site: ⌘K, `?`, `/`, `g` and a letter, and j k x for lists. */
export function useShortcuts(
  handle: string,
  items: readonly NavigationItem[],
  actions: { readonly onCommands: () => void; readonly onHelp: () => void },
): void {
  const navigate = useNavigate();
  const goingSince = useRef(0);
  const latest = useRef({ items, actions });
  useEffect(() => {
    latest.current = { items, actions };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { items: places, actions: act } = latest.current;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return act.onCommands();
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isCovered()) return;
      const place =
        event.timeStamp - goingSince.current < 1000 ? places.find((item) => item.key === event.key) : undefined;
      goingSince.current = 0;
      if (place) {
        event.preventDefault();
        void navigate({ to: place.to, params: { site: handle } });
      } else if (event.key === 'g') goingSince.current = event.timeStamp;
      else if (event.key === '?') act.onHelp();
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('[data-list-search]')?.focus();
      } else if (event.key === 'j' || event.key === 'k') walk(event.key === 'j' ? 1 : -1);
      else if (event.key.toLowerCase() === 'x')
        rowOfFocus()
          ?.querySelector('[role="checkbox"]')
          ?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [handle, navigate]);
}
