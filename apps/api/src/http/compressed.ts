import { constants } from 'node:zlib';
import compression from 'compression';
import type { RequestHandler } from 'express';

/**
 * Answers of text in Brotli or gzip, at a level that costs less time than it saves on a slow line. Streams of events are
 * left alone: they would be held back until a block is full.
 */
export const compressed = (): RequestHandler =>
  compression({
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
    filter: (req, res) =>
      !String(res.getHeader('Content-Type')).startsWith('text/event-stream') && compression.filter(req, res),
  });
