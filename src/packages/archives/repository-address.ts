/** Why an address is not asked: the end of a sentence, and a word for programs. */
export interface RefusedAddress {
  readonly code: 'file' | 'method' | 'credentials' | 'unreadable';
  readonly message: string;
}

/** An http(s) address as an image names it, or why nobody asks it. Nothing is ever sent that the address carries as a secret. */
export function repositoryAddress(text: string): URL | RefusedAddress {
  const method = /^[a-z0-9+.-]+(?=:)/i.exec(text)?.[0]?.toLowerCase() ?? '';
  if (method === 'file' || text.startsWith('/')) {
    return {
      code: 'file',
      message: 'names a folder inside the image or of the machine it was built on, which is not read',
    };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return { code: 'unreadable', message: 'is no address' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return {
      code: 'method',
      message: `uses the method ${JSON.stringify(method.slice(0, 40))}; only http and https are asked`,
    };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'credentials',
      message: 'has a user or password in its address, which is not sent; what it offers is not known',
    };
  }
  return url;
}

/** The address of a folder, so that names can be put behind it. */
export function folderAddress(url: URL): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
}
