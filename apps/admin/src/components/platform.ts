import { i18n } from '../words.ts';
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys that open the command menu on this computer. */
export const COMMAND_KEYS: readonly [string, string] = isMac ? ['⌘', 'K'] : [i18n.t('Ctrl'), 'K'];
