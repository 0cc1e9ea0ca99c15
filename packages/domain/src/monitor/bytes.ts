/** Writes counts as varints (seven bits a byte, the lowest first) and numbers as doubles. */
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

  end(): void {
    const left = this.#view.byteLength - this.#at;
    if (left !== 0) throw new RangeError(`${left} bytes are left at the end`);
  }
}
