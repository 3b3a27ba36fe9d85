/* Lines with their length before them, as git's protocols send them. Source: gitprotocol-common(5), "pkt-line format". */

const flush = '0000';

/** Some lines and the mark that ends them. */
export function pktLines(lines: readonly string[]): Buffer {
  const text = lines.map((line) => `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`);
  return Buffer.from(`${text.join('')}${flush}`);
}

/** A line, or `null` for the mark that ends some. */
export type Packet = Buffer | null;

/** Every line of an answer that came whole; `rest` is what stands behind them and begins none. */
export function readPackets(bytes: Buffer): { readonly packets: readonly Packet[]; readonly rest: Buffer } {
  const packets: Packet[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const digits = bytes.toString('latin1', at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(digits)) break;
    const length = Number.parseInt(digits, 16);
    if (length > 0 && length < 4) break;
    if (at + length > bytes.length) break;
    packets.push(length === 0 ? null : bytes.subarray(at + 4, at + length));
    at += Math.max(4, length);
  }
  return { packets, rest: bytes.subarray(at) };
}

/** What comes in one stream: what was asked for, and what the server says to people (and of its failure). */
export interface Bands {
  readonly data: Buffer;
  readonly said: string;
  readonly fatal: string;
}

/** Source: gitprotocol-pack(5), "Packfile Data", side-band-64k. */
export function readBands(packets: readonly Packet[]): Bands {
  const of = (band: number): Buffer =>
    Buffer.concat(packets.flatMap((one) => (one?.[0] === band ? [one.subarray(1)] : [])));
  return { data: of(1), said: of(2).toString(), fatal: of(3).toString() };
}
