/** `npm run draw`: makes the pictures of the demo shops anew where their drawings have changed. */
export async function draw(): Promise<number> {
  const { drawPictures } = await import('@souk/api/demo/draw-pictures');
  const { drawn, removed, all } = await drawPictures();
  process.stdout.write(`${drawn} drawn, ${removed} removed, ${all} in all\n`);
  return 0;
}
