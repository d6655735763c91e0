import { classNames } from '@souk/ui/admin';
import { useParams } from '@tanstack/react-router';
import { ImageIcon } from 'lucide-react';

/** A product's picture in a small square; its title stands beside it, so it is not read out. */
export function ProductPicture({
  hash,
  small = false,
}: {
  readonly hash: string | undefined;
  readonly small?: boolean;
}) {
  const { site } = useParams({ from: '/s/$site' });
  const box = classNames('shrink-0 rounded-control bg-sunken ring-1 ring-line', small ? 'size-8' : 'size-12');
  if (hash === undefined) {
    return (
      <span aria-hidden className={classNames(box, 'flex items-center justify-center text-ink-faint')}>
        <ImageIcon size={small ? 14 : 18} />
      </span>
    );
  }
  return (
    <img
      src={pictureUrl(site, hash, 320)}
      alt=""
      loading="lazy"
      decoding="async"
      className={classNames(box, 'object-cover')}
    />
  );
}

/** The address of a picture in one of its widths, in pixels. */
export const pictureUrl = (site: string, hash: string, width: 320 | 640 | 960 | 1280): string =>
  `/s/${encodeURIComponent(site)}/media/${hash}/${width}.webp`;
