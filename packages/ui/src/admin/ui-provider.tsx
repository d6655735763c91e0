import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { ToastArea } from './toast.tsx';

/** Once, around the app. Base UI's style elements are off: the pages are served without permission for inline styles. */
export function UiProvider({ children }: { readonly children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={400}>
        <ToastArea>{children}</ToastArea>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
