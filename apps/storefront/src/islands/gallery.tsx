import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { ArrowLeftIcon, ArrowRightIcon } from '../components/icons.tsx';
import { Picture, PicturePlaceholder } from '../components/picture.tsx';
import type { Picture as PictureFacts } from '../page-data.ts';
import type { Reader } from '../reader.ts';

type Props = {
  readonly images: readonly PictureFacts[];
  /** The picture of the chosen variant. */
  readonly shown: number;
  readonly title: string;
  readonly reader: Reader;
};

/** How wide the gallery shows a picture; the one in view is preloaded in this width. */
export const STAGE_SIZES = '(min-width: 64rem) 55vw, 100vw';

/** A row that snaps: swiped on touch, moved with the arrow keys, by the thumbnails (links without JavaScript) and by the chosen variant. */
export function Gallery({ images, shown, title, reader }: Props) {
  const { t } = reader;
  const [current, setCurrent] = useState(shown);
  const stage = useRef<HTMLDivElement>(null);
  const previouslyShown = useRef(shown);

  useEffect(() => {
    // A variant chosen in the address (`?variant=`) shows its picture at once; one chosen by hand moves there.
    scrollTo(stage.current, shown, previouslyShown.current === shown ? 'instant' : 'auto');
    previouslyShown.current = shown;
  }, [shown]);

  if (images.length === 0) {
    return (
      <div className="gallery gallery-empty">
        <PicturePlaceholder title={title} />
        <span className="visually-hidden">{t.noPicture}</span>
      </div>
    );
  }

  function show(index: number): void {
    scrollTo(stage.current, Math.max(0, Math.min(images.length - 1, index)));
  }

  function onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    show(current + step);
  }

  function onScroll(): void {
    const row = stage.current;
    if (row && row.clientWidth > 0) setCurrent(Math.round(row.scrollLeft / row.clientWidth));
  }

  function onThumbnail(event: MouseEvent, index: number): void {
    event.preventDefault();
    show(index);
  }

  const several = images.length > 1;
  return (
    <section className="gallery" aria-label={t.pictures}>
      <div className="gallery-frame">
        <div
          ref={stage}
          className="gallery-stage"
          onScroll={onScroll}
          onKeyDown={onKey}
          // Focusable only where there is something to scroll to.
          {...(several ? { tabIndex: 0, role: 'group', 'aria-label': t.pictures } : {})}
        >
          {images.map((image, index) => (
            <div key={image.url} className="gallery-picture" id={`picture-${index + 1}`}>
              <Picture picture={image} sizes={STAGE_SIZES} first={index === shown} />
            </div>
          ))}
        </div>
        {several && (
          <div className="gallery-arrows">
            <button
              type="button"
              aria-label={t.previousPicture}
              disabled={current === 0}
              onClick={() => show(current - 1)}
            >
              <ArrowLeftIcon />
            </button>
            <button
              type="button"
              aria-label={t.nextPicture}
              disabled={current === images.length - 1}
              onClick={() => show(current + 1)}
            >
              <ArrowRightIcon />
            </button>
          </div>
        )}
      </div>
      {several && (
        <ul className="gallery-thumbnails">
          {images.map((image, index) => (
            <li key={image.url}>
              <a
                href={`#picture-${index + 1}`}
                aria-label={t.picture(index + 1, images.length)}
                {...(index === current ? { 'aria-current': 'true' as const } : {})}
                onClick={(event) => onThumbnail(event, index)}
              >
                <Picture picture={image} sizes="6rem" alt="" />
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function scrollTo(row: HTMLElement | null, index: number, behavior: ScrollBehavior = 'auto'): void {
  row?.scrollTo({ left: index * row.clientWidth, behavior });
}
