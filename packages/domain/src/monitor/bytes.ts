/** Writes counts as varints (seven bits a byte, the lowest first), numbers as doubles, and small counts together in bits. */
export class ByteWriter {
  readonly #view: DataView;
  #at = 0;

  constructor(capacity: number) {
    this.#view = new DataView(new ArrayBuffer(capacity));
  }

  /** A whole number from 0, up to 2⁵³. */
  count(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#view.setUint8(this.#at++, (rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#view.setUint8(this.#at++, rest);
  }

  number(value: number): void {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /**
   * Counts below 2¹⁶ in exponential Golomb codes: the lowest `width` bits of each stand as they are, and each bit beyond takes two.
   * What is left of the last byte is zeros.
   */
  golomb(counts: Uint16Array, width: number): void {
    const least = 1 << width;
    let [word, held] = [0, 0];
    for (const count of counts) {
      const code = count + least;
      const length = 32 - Math.clz32(code);
      // As many zeros as there are bits beyond, then the code. In two steps, as a word holds 32 bits.
      for (let left = 2 * length - width - 1; left > 0; ) {
        const part = Math.min(left, 24);
        left -= part;
        word = (word << part) | ((code >>> left) & ((1 << part) - 1));
        for (held += part; held >= 8; ) {
          held -= 8;
          this.#view.setUint8(this.#at++, (word >>> held) & 255);
        }
      }
    }
    if (held > 0) this.#view.setUint8(this.#at++, (word << (8 - held)) & 255);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#at).slice();
  }
}

/** Reads what `ByteWriter` wrote; throws `RangeError` where the bytes end too early or too late. */
export class ByteReader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  count(): number {
    let value = 0;
    for (let place = 1; place < 2 ** 53; place *= 128) {
      const byte = this.#view.getUint8(this.#at++);
      value += (byte % 128) * place;
      if (byte < 128) return value;
    }
    throw new RangeError("A count is longer than any can be");
  }

  number(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  /** As many counts as there is room for, as `golomb` wrote them with this width. */
  golomb(counts: Uint16Array, width: number): void {
    let [word, held] = [0, 0];
    for (let i = 0; i < counts.length; i++) {
      let beyond = 0;
      for (;;) {
        if (held === 0) [word, held] = [this.#view.getUint8(this.#at++), 8];
        const zeros = Math.min(held, Math.clz32((word << (32 - held)) >>> 0));
        beyond += zeros;
        held -= zeros;
        if (held > 0) break;
      }
      const length = beyond + width + 1;
      if (length > 17) throw new RangeError("A count is longer than any can be");
      for (; held < length; held += 8) word = (word << 8) | this.#view.getUint8(this.#at++);
      held -= length;
      counts[i] = ((word >>> held) & ((1 << length) - 1)) - (1 << width);
    }
  }

  end(): void {
    const left = this.#view.byteLength - this.#at;
    if (left !== 0) throw new RangeError(`${left} bytes are left at the end`);
  }
}
