import type { Picture as PictureFacts } from '../page-data.ts';

type Props = {
  readonly picture: PictureFacts;
  /** How wide it is shown, for the browser's choice among the renditions. */
  readonly sizes: string;
  /** The largest picture in view: fetched first. Others wait until they are near. */
  readonly first?: boolean;
  /** Empty where the words beside it already say what is to be seen. */
  readonly alt?: string;
  readonly className?: string;
};

export const srcSetOf = (picture: PictureFacts): string | undefined =>
  picture.sources && picture.sources.length > 0
    ? picture.sources.map((source) => `${source.url} ${source.width}w`).join(', ')
    : undefined;

/** Its box is reserved by width and height, so that nothing moves when it arrives. */
export function Picture({ picture, sizes, first = false, alt, className }: Props) {
  const srcSet = srcSetOf(picture);
  return (
    <img
      {...(className === undefined ? {} : { className })}
      {...(srcSet === undefined ? {} : { srcSet, sizes })}
      src={picture.url}
      alt={alt ?? picture.alt}
      width={picture.width}
      height={picture.height}
      loading={first ? 'eager' : 'lazy'}
      fetchPriority={first ? 'high' : 'auto'}
      decoding={first ? 'sync' : 'async'}
    />
  );
}

/** In the place of a picture that is not there (yet): the first letter, set large. */
export function PicturePlaceholder({ title }: { readonly title: string }) {
  return (
    <span className="picture-placeholder" aria-hidden="true">
      {Array.from(title.trim())[0]?.toUpperCase() ?? ''}
    </span>
  );
}
