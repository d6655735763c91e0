import { TextDecoder } from 'node:util';

const PIECE_BYTES = 65_536;
const LONGEST_MARK_BYTES = 3;

/** Takes a byte order mark off; a decoder is given when the mark says UTF-16. */
function withoutMark(start: Buffer): { readonly rest: Buffer; readonly utf16: TextDecoder | undefined } {
  if (start[0] === 0xff && start[1] === 0xfe) return { rest: start.subarray(2), utf16: new TextDecoder('utf-16le') };
  if (start[0] === 0xfe && start[1] === 0xff) return { rest: start.subarray(2), utf16: new TextDecoder('utf-16be') };
  const isUtf8Mark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  return { rest: isUtf8Mark ? start.subarray(3) : start, utf16: undefined };
}

/** The bytes of a file in small pieces, without its byte order mark; a file marked as UTF-16 becomes UTF-8. */
export async function* utf8Pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  let utf16: TextDecoder | undefined;
  for await (const bytes of source) {
    let chunk: Buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (start) {
      start = Buffer.concat([start, chunk]);
      if (start.length < LONGEST_MARK_BYTES) continue;
      ({ rest: chunk, utf16 } = withoutMark(start));
      start = undefined;
    }
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      yield utf16 ? Buffer.from(utf16.decode(piece, { stream: true })) : piece;
    }
  }
  if (start) yield withoutMark(start).rest;
  if (utf16) yield Buffer.from(utf16.decode());
}
