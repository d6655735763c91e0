import { i18n } from './words.ts';
import { UploadRefused } from './refusal.ts';

type Refusal = UploadRefused['refusal'];

export class UploadCancelled extends Error {}

const isRefusal = (value: unknown): value is { readonly refusal: Refusal } =>
  typeof value === 'object' &&
  value !== null &&
  'refusal' in value &&
  typeof value.refusal === 'object' &&
  value.refusal !== null &&
  'message' in value.refusal;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends a product file as it is. XMLHttpRequest, because it alone tells how far an upload is.
 * @param onProgress share sent, from 0 to 1.
 * @returns the import's id. Rejects with UploadRefused, UploadCancelled, or an Error when the server was not reached.
 */
export function uploadProducts(
  handle: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(
      'POST',
      `/s/${encodeURIComponent(handle)}/uploads/product-imports?name=${encodeURIComponent(file.name)}`,
    );
    request.setRequestHeader('Content-Type', 'text/csv');
    request.upload.addEventListener(
      'progress',
      (event) => event.lengthComputable && onProgress(event.loaded / event.total),
    );
    request.addEventListener('load', () => {
      const answer = parsed(request.responseText);
      if (
        request.status === 201 &&
        typeof answer === 'object' &&
        answer !== null &&
        'importId' in answer &&
        typeof answer.importId === 'string'
      )
        return resolve(answer.importId);
      if (isRefusal(answer)) return reject(new UploadRefused(answer.refusal));
      reject(new Error(i18n.t('The file could not be taken in. Nothing was changed; try again.')));
    });
    request.addEventListener('error', () =>
      reject(new Error(i18n.t('The connection broke while the file was being sent. Nothing was changed; try again.'))),
    );
    request.addEventListener('abort', () => reject(new UploadCancelled()));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
