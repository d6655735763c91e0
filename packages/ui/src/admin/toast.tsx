import { i18n } from '@lingui/core';
import { Toast as BaseToast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

const manager = BaseToast.createToastManager();

/** Says quietly that something was done, with the way back where there is one. Failures stay where they happened. */
export function toast(message: {
  readonly title: string;
  readonly description?: string;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}): void {
  manager.add({
    title: message.title,
    description: message.description,
    timeout: message.action ? 10_000 : 5_000,
    ...(message.action ? { actionProps: { children: message.action.label, onClick: message.action.onClick } } : {}),
  });
}

/** Where toasts appear; once, around the app. */
export function ToastArea({ children }: { readonly children: ReactNode }) {
  return (
    <BaseToast.Provider toastManager={manager}>
      {children}
      <BaseToast.Portal>
        <BaseToast.Viewport
          aria-label={i18n.t('Notices')}
          className="fixed inset-e-3 bottom-20 z-50 w-[calc(100vw-1.5rem)] sm:inset-e-6 sm:bottom-6 sm:w-96"
        >
          <ToastList />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  );
}

function ToastList() {
  const { toasts } = BaseToast.useToastManager();
  return toasts.map((item) => (
    <BaseToast.Root
      key={item.id}
      toast={item}
      className="absolute inset-e-0 bottom-0 w-full origin-bottom translate-y-[calc(var(--toast-offset-y)*-1-var(--toast-index)*0.5rem)] rounded-card bg-ink text-ink-inverse shadow-float transition-[translate,opacity] duration-(--motion-calm) data-ending-style:opacity-0 data-limited:opacity-0 data-starting-style:translate-y-4 data-starting-style:opacity-0"
    >
      <BaseToast.Content className="flex items-center gap-3 py-2.5 pe-2 ps-4">
        <div className="min-w-0 flex-1">
          <BaseToast.Title className="text-14 font-medium" />
          <BaseToast.Description className="text-13 opacity-85" />
        </div>
        <BaseToast.Action className="h-8 shrink-0 rounded-control px-2.5 text-13 font-semibold underline underline-offset-4 empty:hidden touch:h-11" />
        <BaseToast.Close
          aria-label={i18n.t('Dismiss')}
          className="flex size-8 shrink-0 items-center justify-center rounded-control touch:size-11"
        >
          <X size={14} aria-hidden />
        </BaseToast.Close>
      </BaseToast.Content>
    </BaseToast.Root>
  ));
}
