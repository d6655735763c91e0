import { i18n } from '@lingui/core';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { classNames } from './class-names.ts';
import { BareIconButton } from './button.tsx';

type DialogProps = {
  readonly open: boolean;
  /** Without it the dialog can only be left by what it asks for. */
  readonly onClose?: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the one that acts last. */
  readonly actions?: ReactNode;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly wide?: boolean;
};

const popup =
  'pointer-events-auto relative flex max-h-[calc(100dvh-2rem)] w-full flex-col overflow-hidden bg-raised shadow-float outline-none transition-[opacity,scale,translate] duration-(--motion-calm) data-ending-style:opacity-0 data-starting-style:opacity-0 rounded-dialog data-starting-style:translate-y-2';

/** A question that must be answered before anything else. On a phone it rises from the bottom. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  actions,
  initialFocus,
  wide = false,
}: DialogProps) {
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next) => !next && onClose?.()}
      disablePointerDismissal={onClose === undefined}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--motion-calm) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Viewport className="fixed inset-0 z-40 flex items-end justify-center p-3 sm:items-center sm:p-4">
          <BaseDialog.Popup
            {...(initialFocus ? { initialFocus } : {})}
            className={classNames(popup, wide ? 'sm:max-w-2xl' : 'sm:max-w-md')}
          >
            <div className="flex items-start gap-4 px-5 pt-5">
              <div className="min-w-0 flex-1">
                <BaseDialog.Title className="text-16 font-semibold">{title}</BaseDialog.Title>
                {description !== undefined && (
                  <BaseDialog.Description className="mt-1 text-14 text-ink-soft">{description}</BaseDialog.Description>
                )}
              </div>
              {onClose && (
                <BareIconButton label={i18n.t('Close')} onClick={onClose} className="-mt-1 -me-2">
                  <X size={16} aria-hidden />
                </BareIconButton>
              )}
            </div>
            {children !== undefined && <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-1">{children}</div>}
            {actions !== undefined && <div className="flex flex-wrap justify-end gap-2 p-5">{actions}</div>}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** A dialog without a frame of its own, near the top: for the command menu. */
export function BareDialog({
  open,
  onClose,
  title,
  children,
  initialFocus,
}: Pick<DialogProps, 'open' | 'title' | 'children' | 'initialFocus'> & { readonly onClose: () => void }) {
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Viewport className="pointer-events-none fixed inset-0 z-40 flex justify-center p-3 sm:pt-[12dvh]">
          <BaseDialog.Popup
            {...(initialFocus ? { initialFocus } : {})}
            className={classNames(popup, 'h-fit sm:max-w-xl')}
          >
            <BaseDialog.Title className="sr-only">{title}</BaseDialog.Title>
            {children}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
