const view = new DataView(new ArrayBuffer(8));

/** Bins to an octave: a bin is a quarter of the way from one power of two to the next. */
export const BINS_PER_OCTAVE = 4;

/**
 * The logarithmic bin of a size above 0: the number's exponent and the first two bits of its fraction.
 * Read from the number's bits, so that it is the same on every machine and costs no logarithm.
 */
export function binOf(size: number): number {
  view.setFloat64(0, size);
  return view.getUint32(0) >>> 18;
}

/** The size at which a bin begins. */
export function sizeOf(bin: number): number {
  view.setUint32(0, Math.max(0, bin) << 18);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}
