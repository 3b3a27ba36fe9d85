import type { Html } from './page.ts';
import { attribute, markup } from './pages/markup.ts';
import { plainDocument } from './plain-document.ts';

/**
 * The form in which a person gives a token. It says what went wrong with the last one. Password managers keep it under the name
 * that nobody sees.
 */
export function loginPage({
  back,
  complaint,
  keepsCookie,
}: {
  readonly back: string;
  readonly complaint?: string;
  /** Would the browser keep the login? Over plain http it does so on this machine alone. */
  readonly keepsCookie: boolean;
}): Html {
  const warning = keepsCookie
    ? ''
    : markup`<p class="banner" role="status">A browser keeps no login over plain http from another machine: put this behind https, and name the address in serve.publicUrl.</p>`;
  const said = complaint === undefined ? '' : markup`<p class="banner" role="alert">${complaint}</p>`;
  return plainDocument(
    'Sign in',
    markup`<h1>Plimsoll</h1>
${warning}${said}
<form method="post" action="/login">
<input type="text" name="username" value="plimsoll" autocomplete="username" hidden>
<p><label for="token">Token</label> <input id="token" name="token" type="password" autocomplete="current-password" required></p>
<input type="hidden" name="back" value="${attribute(back)}">
<p><button>Sign in</button></p>
</form>`,
  );
}
