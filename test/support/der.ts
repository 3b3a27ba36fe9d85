/** Just enough DER to make certificates (ITU-T X.690). */

function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const length = Buffer.from(
    body.length.toString(16).padStart(body.length > 0xffff ? 6 : body.length > 0xff ? 4 : 2, '0'),
    'hex',
  );
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body]);
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => tlv(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => tlv(0x31, ...items);
export const octets = (bytes: Uint8Array): Buffer => tlv(0x04, bytes);
export const bits = (bytes: Uint8Array): Buffer => tlv(0x03, Buffer.of(0), bytes);
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text));
export const isTrue = Buffer.of(0x01, 0x01, 0xff);
/** A non-negative number. */
export const integer = (value: number): Buffer =>
  tlv(0x02, Buffer.from(`0${value.toString(16)}`.slice(value.toString(16).length % 2 === 0 ? 1 : 0), 'hex'));
/** `[n]`, with something inside or in place of its own tag. */
export const explicit = (n: number, content: Uint8Array): Buffer => tlv(0xa0 + n, content);
export const implicit = (n: number, content: Uint8Array): Buffer => tlv(0x80 + n, content);
export const time = (date: Date): Buffer =>
  tlv(
    0x18,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(0, 14)}Z`,
    ),
  );

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tlv(0x06, Buffer.from(bytes));
}
