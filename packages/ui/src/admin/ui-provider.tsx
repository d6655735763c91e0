import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { ToastArea } from './toast.tsx';

/** Once, around the app. Base UI's style elements are off: the pages are served without permission for inline styles. */
export function UiProvider({
  direction,
  children,
}: {
  readonly direction: 'ltr' | 'rtl';
  readonly children: ReactNode;
}) {
  return (
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={direction}>
        <Tooltip.Provider delay={400}>
          <ToastArea>{children}</ToastArea>
        </Tooltip.Provider>
      </DirectionProvider>
    </CSPProvider>
  );
}
