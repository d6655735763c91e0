import { bag } from './bag.ts';
import { blanket } from './blanket.ts';
import { bowl } from './bowl.ts';
import { candle } from './candle.ts';
import { cap } from './cap.ts';
import { chair } from './chair.ts';
import { hoodie } from './hoodie.ts';
import { lamp } from './lamp.ts';
import { group, mix, type Painter, painter, tone } from './paint.ts';
import { sneaker } from './sneaker.ts';
import { socks } from './socks.ts';
import { grainOver, HEIGHT, type Room, room, studio, WIDTH } from './stage.ts';
import { tee } from './tee.ts';
import { vase } from './vase.ts';

const SUBJECTS = { lamp, vase, chair, blanket, bowl, candle, hoodie, cap, sneaker, bag, tee, socks } as const;

export type SceneKind = keyof typeof SUBJECTS;

export type Mood = 'aurora' | 'kumo';

export type Scene = {
  readonly kind: SceneKind;
  /** Of the thing itself, as `#rrggbb`. */
  readonly colour: string;
  /** Which of the kind's forms, patterns and prints: a product keeps one seed for all its colours. */
  readonly variantSeed: number;
  readonly mood: Mood;
  readonly view: 'front' | 'detail';
  /** Of the wall or the paper; chosen by the colour when not given. */
  readonly backdrop?: string;
};

/** All pictures have the ratio 4:5; drawn for this many pixels and sharp at any other number. */
export const SCENE_WIDTH = WIDTH;
export const SCENE_HEIGHT = HEIGHT;

/** How a kind is framed: middle of the picture and how much closer than the whole ground. */
const FRAMES: Readonly<Record<SceneKind, { readonly front: Frame; readonly detail: Frame }>> = {
  lamp: { front: [600, 800, 1.06], detail: [590, 640, 1.85] },
  vase: { front: [595, 860, 1.12], detail: [600, 860, 2.3] },
  chair: { front: [600, 900, 1.1], detail: [540, 760, 2.1] },
  blanket: { front: [600, 830, 1.08], detail: [560, 960, 2.5] },
  bowl: { front: [600, 1010, 1.36], detail: [560, 950, 2.4] },
  candle: { front: [600, 900, 1.18], detail: [600, 820, 2.2] },
  hoodie: { front: [600, 690, 1.14], detail: [620, 420, 2.2] },
  cap: { front: [540, 730, 1.2], detail: [540, 700, 2.3] },
  sneaker: { front: [640, 770, 1.02], detail: [600, 740, 2.1] },
  bag: { front: [600, 720, 1.14], detail: [600, 820, 2.2] },
  tee: { front: [600, 720, 1.16], detail: [600, 420, 2.2] },
  socks: { front: [640, 730, 1.12], detail: [560, 460, 2.2] },
};

type Frame = readonly [cx: number, cy: number, zoom: number];

/**
 * One product's picture as a complete SVG document. The same scene gives the same text on every machine.
 * @param pixelsWide of the rendered picture; the time to render grows with its area.
 */
export function drawScene(scene: Scene, pixelsWide: number = SCENE_WIDTH): string {
  const seed = seedOf(scene);
  const paint = painter(seed);
  const [cx, cy, zoom] = FRAMES[scene.kind][scene.view];
  const [width, height] = [WIDTH / zoom, HEIGHT / zoom];
  const x = Math.max(0, Math.min(WIDTH - width, cx - width / 2));
  const y = Math.max(0, Math.min(HEIGHT - height, cy - height / 2));
  const body = group(
    '',
    backdropOf(paint, scene, seed),
    subjectOf(paint, scene),
    grainOver(paint, scene.mood === 'aurora' ? 0.1 : 0.07),
  );
  return paint.picture(
    pixelsWide,
    Math.round((pixelsWide * HEIGHT) / WIDTH),
    [round(x), round(y), round(width), round(height)],
    body,
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Clothes are drawn narrow and worn wide. */
const WIDENED: ReadonlySet<SceneKind> = new Set(['hoodie', 'tee']);

function subjectOf(paint: Painter, { kind, colour, variantSeed }: Scene): string {
  const subject = SUBJECTS[kind](paint, colour, variantSeed);
  return WIDENED.has(kind)
    ? group(
        `transform="translate(600 0) scale(${kind === 'tee' ? 1.22 : 1.14} ${kind === 'tee' ? 0.97 : 1}) translate(-600 0)"`,
        subject,
      )
    : subject;
}

const WALLS = ['#e7dbc9', '#dcd1c3', '#d5d3c5', '#e6d2c0', '#d9d5cd', '#e9dfce'] as const;
const TABLES = ['#c2976a', '#e9e0d1', '#d5ccbf', '#94704f', '#eee6d9', '#b58a5f'] as const;
const SURFACES = ['wood', 'linen', 'stone', 'wood', 'linen', 'wood'] as const;
const LIGHTS = ['window', 'soft', 'leaves', 'window'] as const;

const PAPERS = ['#e8e8e7', '#dcdedf', '#e4e3de', '#eeeeec', '#d3d7da'] as const;

function backdropOf(paint: Painter, scene: Scene, seed: number): string {
  if (scene.mood === 'kumo') return studio(paint, scene.backdrop ?? at(PAPERS, seed));
  const index = seed % WALLS.length;
  // A breath of the thing's own colour on the wall ties the picture together.
  const wall = scene.backdrop ?? mix(at(WALLS, index), scene.colour, 0.09);
  const chosen: Room = { wall, table: at(TABLES, index), surface: at(SURFACES, index), light: at(LIGHTS, seed) };
  return room(
    paint,
    scene.kind === 'chair' ? { ...chosen, table: tone(at(TABLES, index), -0.04), surface: 'wood' } : chosen,
  );
}

const at = <Item>(items: readonly [Item, ...Item[]], index: number): Item => items[index % items.length] ?? items[0];

/** From the scene's own words, so that neighbours in a list do not share a room; both views of one thing do. */
function seedOf({ kind, colour, variantSeed }: Scene): number {
  return Array.from(`${kind}${colour}${variantSeed}`).reduce(
    (hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0,
    17,
  );
}
