import { i18n } from '../words.ts';
import { toast } from '@souk/ui/admin';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Api } from '../api.ts';
import { publishedWords, unpublishedWords } from '../product-words.ts';

type Product = {
  readonly productId: string;
  readonly newestVersion: number;
  readonly publishedVersion?: number | undefined;
};

/** Publishing and taking off the shop, with the way back wherever it leads to exactly what was before. */
export function usePublishing(api: Api, onDone?: () => void) {
  const queries = useQueryClient();
  const refresh = (): void => {
    void queries.invalidateQueries(api.products.pathFilter());
    void queries.invalidateQueries(api.dashboard.pathFilter());
  };
  const publish = useMutation(api.products.publish.mutationOptions({ onSettled: refresh }));
  const unpublish = useMutation(api.products.unpublish.mutationOptions({ onSettled: refresh }));
  const idsOf = (products: readonly Product[]): string[] => products.map((product) => product.productId);
  return {
    isPublishing: publish.isPending,
    isUnpublishing: unpublish.isPending,
    error: publish.error ?? unpublish.error,
    publish: (products: readonly Product[]): void =>
      publish.mutate(
        { productIds: idsOf(products) },
        {
          onSuccess: ({ published, unchanged }) => {
            onDone?.();
            const before = new Map(products.map((product) => [product.productId, product]));
            const wereHidden = published.every(
              ({ productId }) => before.get(productId)?.publishedVersion === undefined,
            );
            const undo = published.map(({ productId }) => productId);
            toast({
              ...publishedWords(published.length, unchanged),
              ...(undo.length > 0 && wereHidden
                ? { action: { label: i18n.t('Undo'), onClick: () => unpublish.mutate({ productIds: undo }) } }
                : {}),
            });
          },
        },
      ),
    unpublish: (products: readonly Product[]): void =>
      unpublish.mutate(
        { productIds: idsOf(products) },
        {
          onSuccess: ({ unpublished }) => {
            onDone?.();
            const before = new Map(products.map((product) => [product.productId, product]));
            const sameAgain = unpublished.every(
              (id) => before.get(id)?.publishedVersion === before.get(id)?.newestVersion,
            );
            toast({
              ...unpublishedWords(unpublished.length, products.length),
              ...(unpublished.length > 0 && sameAgain
                ? { action: { label: i18n.t('Undo'), onClick: () => publish.mutate({ productIds: unpublished }) } }
                : {}),
            });
          },
        },
      ),
  };
}
