/** One authentication challenge of a `WWW-Authenticate` header. */
export interface Challenge {
    /** Lower case: `bearer`, `basic`, `negotiate`. */
    readonly scheme: string;
    /** Names in lower case; values unquoted and unescaped. */
    readonly params: Readonly<Record<string, string>>;
    readonly token68?: string;
}
/**
 * Parses one or several `WWW-Authenticate` values (RFC 9110 §11.6.1); several challenges may share one value.
 * Never throws: text that fits no challenge ends the reading of its value, and what stood before it counts.
 */
export declare function parseChallenge(headers: string | readonly string[]): Challenge[];
