/** A public key, as its file was named in the configuration. */
export interface SignerKey {
  readonly file: string;
  /** PEM: SubjectPublicKeyInfo of an ECDSA, RSA or Ed25519 key. */
  readonly pem: string;
}

/** Who must have signed an image: somebody with one of these keys, or somebody who logged in as this identity. */
export type SignerWish =
  | { readonly kind: 'key'; readonly keys: readonly SignerKey[] }
  | {
      readonly kind: 'identity';
      /** A glob over the certificate's subject: the address of a workflow, a mail address. */
      readonly identity: string;
      /** Who vouched for it: `https://token.actions.githubusercontent.com`. */
      readonly issuer: string;
      /** The text of a trusted_root.json; absent: the one that sigstore's public instance publishes. */
      readonly trustedRoot?: string;
    };
