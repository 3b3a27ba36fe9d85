import { type Traced } from '../text/traced.js';
/** The value of a variable, with its places where it stands in a file. */
export type Variables = (name: string) => Traced | undefined;
/** What a value comes to, or why it comes to nothing. */
export type Interpolated = {
    readonly kind: 'text';
    readonly text: Traced /** Without a value, and taken as empty. */;
    readonly unset: readonly string[];
} | {
    readonly kind: 'required';
    readonly name: string;
    readonly message: string;
} | {
    readonly kind: 'invalid';
    readonly message: string;
};
/**
 * Expands variables as compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `-`, `:+`, `+`, `:?`, `?`, nested in defaults
 * and replacements; `$$` is a `$`. Source: compose-spec, 12-interpolation.md; compose-go, template/template.go. Linear but
 * for nesting, which is bounded.
 */
export declare function interpolate(text: Traced, variables: Variables): Interpolated;
/**
 * A template as compose expands it with these variables: own keys of `env` only; unset is empty. Throws PlimsollError
 * 'INTERPOLATION' for what is no template, and for a variable that is required and has no value.
 */
export declare function interpolateCompose(template: string, env: Readonly<Record<string, string>>): string;
