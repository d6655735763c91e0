import { refuse } from '../../shared/result.ts';
import { accept, type CellResult } from './cell-rules.ts';
import { quoted } from './import-issue.ts';

const MAX_LENGTH = 2_048;
const ADDRESS = /^(https?):\/\/([^/?#]*)(?:[/?#].*)?$/is;
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const PRIVATE_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/i;

/** What makes an address unfit, or undefined. The words finish a sentence about the address. */
function unfit(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const [, , authority = ''] = ADDRESS.exec(text) ?? [];
  if (!authority) return 'does not start with https:// and the name of a site';
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text)) return 'holds a space, a line break or a backslash';
  if (authority.includes('@')) return 'holds a user name or a password';
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/.exec(authority) ?? [];
  if (port !== undefined && port !== '80' && port !== '443')
    return `names the port ${quoted(port)}; only 80 and 443 are allowed`;
  if (!HOST_NAME.test(host) || host.length > 253)
    return 'does not name a public site (numbers and private names are not allowed)';
  if (PRIVATE_NAME.test(host)) return 'names a computer of a private network';
  return undefined;
}

/**
 * An address that a picture may later be fetched from: http or https, a public host name, no credentials, port 80 or 443.
 * The name is not resolved here: whoever fetches must check the address it resolves to, and that of every redirect (H05).
 */
export function imageAddress(text: string): CellResult<string> {
  const fault = unfit(text);
  if (fault === undefined) return accept(text);
  return refuse({
    code: 'bad_url',
    sentence: `${quoted(text)} ${fault}. Write an address such as https://example.com/photo.jpg, or leave the cell empty.`,
  });
}
