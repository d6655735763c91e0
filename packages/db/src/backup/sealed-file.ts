import { createHash, hkdfSync } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { PassThrough, Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { bech32 } from '@scure/base';
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import type { MasterKey } from '../sealing.ts';

/** What was read or written: bytes before packing and sealing, and their hash. */
export type Content = { readonly bytes: number; readonly sha256: string };

/** The master key's own identity for backups, as `age` writes it (age-encryption.org/v1): who has the master key can open them with that tool too. */
export const backupIdentity = (master: MasterKey): string =>
  bech32
    .encodeFromBytes('age-secret-key-', new Uint8Array(hkdfSync('sha256', master, 'souk', 'backup', 32)))
    .toUpperCase();

function measured(): { through: Transform; content: () => Content } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, content: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** What is in a file that is not sealed. */
export async function contentOf(file: string): Promise<Content> {
  const { through, content } = measured();
  await pipeline(createReadStream(file), through, async (pieces) => {
    for await (const _piece of pieces) void _piece;
  });
  return content();
}

/** Packs and seals a stream into a file that is there whole or not at all. */
export async function writeSealed(file: string, master: MasterKey, source: Readable): Promise<Content> {
  const { through, content } = measured();
  const packed = new PassThrough();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(backupIdentity(master)));
  const packing = pipeline(source, through, createZstdCompress(), packed);
  const writing = encrypter
    .encrypt(Readable.toWeb(packed) as unknown as globalThis.ReadableStream<Uint8Array>)
    .then((sealed) =>
      pipeline(
        Readable.fromWeb(sealed as unknown as ReadableStream<Uint8Array>),
        createWriteStream(`${file}.part`, { mode: 0o600, flush: true }),
      ),
    );
  const [read, written] = await Promise.allSettled([packing, writing]);
  // What could not be read is the cause; what could not be written then follows from it.
  if (read.status === 'rejected') throw read.reason;
  if (written.status === 'rejected') throw written.reason;
  await rename(`${file}.part`, file);
  return content();
}

/**
 * Opens a sealed file into whatever takes it. Rejects when the key is another one or a byte is not as it was written; what
 * came before that byte has been handed on by then.
 */
export async function readSealed(file: string, master: MasterKey, openSink: () => Writable): Promise<Content> {
  const { through, content } = measured();
  const decrypter = new Decrypter();
  decrypter.addIdentity(backupIdentity(master));
  const source = await open(file);
  const plain = await decrypter.decrypt(
    source.readableWebStream({ autoClose: true }) as unknown as globalThis.ReadableStream<Uint8Array>,
  );
  // Only now, when there is something to come: a sink that nothing reaches would be waited for.
  const sink = openSink();
  await pipeline(
    Readable.fromWeb(plain as unknown as ReadableStream<Uint8Array>),
    createZstdDecompress(),
    through,
    sink,
  );
  return content();
}
