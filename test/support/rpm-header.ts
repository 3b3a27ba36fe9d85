/** Writes one rpm header blob as databases hold it (rpm, docs/manual/format_header.md). */
export function rpmHeader(fields: {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly architecture?: string;
  readonly epoch?: number;
  readonly sourceRpm?: string;
  readonly vendor?: string;
  readonly modularityLabel?: string;
  /** Seconds since 1970. */
  readonly installTime?: number;
}): Buffer {
  const strings: [number, string | undefined][] = [
    [1000, fields.name],
    [1001, fields.version],
    [1002, fields.release],
    [1022, fields.architecture],
    [1011, fields.vendor],
    [1044, fields.sourceRpm],
    [5096, fields.modularityLabel],
  ];
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  const add = (tag: number, type: number, bytes: Buffer): void => {
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(tag, 0);
    entry.writeUInt32BE(type, 4);
    entry.writeUInt32BE(offset, 8);
    entry.writeUInt32BE(1, 12);
    index.push(entry);
    data.push(bytes);
    offset += bytes.length;
  };
  for (const [tag, number] of [
    [1003, fields.epoch],
    [1008, fields.installTime],
  ] as const) {
    if (number === undefined) continue;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(number);
    add(tag, 4, bytes);
  }
  for (const [tag, text] of strings) if (text !== undefined) add(tag, 6, Buffer.from(`${text}\0`));
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(index.length, 0);
  counts.writeUInt32BE(offset, 4);
  return Buffer.concat([counts, ...index, ...data]);
}

/** Writes an ndb `Packages.db` with these blobs: header, slots, blobs in blocks of 16 bytes. */
export function ndbFile(blobs: readonly Buffer[]): Buffer {
  const slotPage = Buffer.alloc(4096);
  slotPage.write('RpmP', 0);
  slotPage.writeUInt32LE(1, 12);
  for (let at = 32; at < 4096; at += 16) slotPage.write('Slot', at);
  const parts = [slotPage];
  let start = 4096;
  for (const [i, blob] of blobs.entries()) {
    const padded = Buffer.alloc(Math.ceil((16 + blob.length) / 16) * 16);
    padded.write('BlbS', 0);
    padded.writeUInt32LE(i + 1, 4);
    padded.writeUInt32LE(blob.length, 12);
    blob.copy(padded, 16);
    const slot = 32 + i * 2 * 16; // Every other slot stays free, as after removals.
    slotPage.writeUInt32LE(i + 1, slot + 4);
    slotPage.writeUInt32LE(start / 16, slot + 8);
    slotPage.writeUInt32LE(padded.length / 16, slot + 12);
    parts.push(padded);
    start += padded.length;
  }
  return Buffer.concat(parts);
}
