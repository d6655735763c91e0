import { Migration } from '@mikro-orm/migrations';

/**
 * The same rule in PL/pgSQL. A CHECK is prepared anew for every statement, and a function in SQL is read and unfolded each
 * time: it was half of what an order costs the database. PL/pgSQL is compiled once a connection. The checks stay as they are.
 */
export class ExactAmounts extends Migration {
  override up(): void {
    this
      .addSql(`create or replace function is_exact_amount(amount numeric, currency text) returns boolean language plpgsql immutable parallel safe
     as $$ begin
       return case
         when currency in ('CLP','ISK','JPY','KRW','VND') then amount = round(amount, 0)
         when currency in ('BHD','JOD','KWD','OMR','TND') then amount = round(amount, 3)
         when currency in ('AED','AUD','BGN','BRL','CAD','CHF','CNY','COP','CZK','DKK','EGP','EUR','GBP','HKD','HUF','IDR','ILS','INR',
           'KES','MAD','MXN','MYR','NGN','NOK','NZD','PEN','PHP','PLN','QAR','RON','SAR','SEK','SGD','THB','TRY','TWD','UAH','USD','ZAR')
           then amount = round(amount, 2)
         else false end;
     end $$`);
  }
}
