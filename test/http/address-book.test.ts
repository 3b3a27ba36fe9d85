import { expect, it } from 'vitest';
import { AddressBook } from '../../src/http/address-book.ts';

it('asks once for a name, however many wait, and again later', async () => {
  const book = new AddressBook();
  const first = book.of('localhost');
  expect(book.of('localhost')).toBe(first);
  const addresses = await first;
  expect(addresses.map(({ address }) => address)).toSatisfy((all: string[]) =>
    all.every((one) => one === '127.0.0.1' || one === '::1'),
  );
  expect(book.of('localhost')).not.toBe(first);
});

it('says of a name that there is none', async () => {
  await expect(new AddressBook().of('no-such-host.invalid')).rejects.toMatchObject({ syscall: 'getaddrinfo' });
});
