import type { Money } from '@souk/domain/shared';
import { percentBelow } from '../formats.ts';
import type { Reader } from '../reader.ts';

type Props = {
  readonly reader: Reader;
  readonly price: Money;
  readonly compareAt?: Money | undefined;
  readonly hasRange?: boolean;
};

/** A price and, when there was a higher one, that one struck through and said in words for those who do not see the line. */
export function Price({ reader, price, compareAt, hasRange = false }: Props) {
  const { t, money } = reader;
  const words = hasRange ? t.from(money(price)) : money(price);
  const percent = percentBelow(price, compareAt);
  if (percent === undefined || compareAt === undefined) return <span className="price">{words}</span>;
  return (
    <span className="price price-reduced">
      <ins>
        <span className="visually-hidden">{t.nowPrice} </span>
        {words}
      </ins>{' '}
      <del>
        <span className="visually-hidden">{t.wasPrice('')} </span>
        {money(compareAt)}
      </del>{' '}
      <span className="price-percent">{t.percentOff(percent)}</span>
    </span>
  );
}
