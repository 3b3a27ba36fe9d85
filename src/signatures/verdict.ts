/** What is known of an image's signatures. */
export type SignatureVerdict =
  /** `by`: a key's file, or an identity with its issuer. */
  | { readonly kind: 'verified'; readonly by: string }
  | { readonly kind: 'unsigned' }
  /** There are signatures, and none is the wanted one. */
  | { readonly kind: 'wrong'; readonly why: string }
  /** Whoever knows could not be asked, which is not the same as unsigned. */
  | { readonly kind: 'unknown'; readonly why: string };
