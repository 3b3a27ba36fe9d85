const secretKey = /secret|token|passw|pwd|passphrase|credential|private_?key|api_?key|access_?key|auth/i;

/** Does the name of a variable say that its value is for few? */
export function isSecretKey(name: string): boolean {
  return secretKey.test(name);
}
