/** os/architecture[/variant], in the spelling of the OCI image-spec (GOOS, GOARCH). */
export interface Platform {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
    /** Windows build, such as `10.0.17763`. */
    readonly osVersion?: string;
    readonly osFeatures?: readonly string[];
}
/**
 * Parses `os`, `architecture`, `os/architecture` or `os/architecture/variant`, by containerd's rules
 * (github.com/containerd/platforms, platforms.go); a bare os or architecture is completed with linux/amd64.
 * Throws PlimsollError 'PLATFORM'.
 */
export declare function parsePlatform(text: string): Platform;
/**
 * The same for what a person typed: an operating system and an architecture that nobody has are a slip. Throws
 * PlimsollError 'PLATFORM' with those that there are.
 */
export declare function parseKnownPlatform(text: string): Platform;
/** `linux/arm/v7`; os version and features are left out, as in `docker build --platform`. */
export declare function formatPlatform(platform: Platform): string;
/**
 * Would a build for `wanted` take an image of platform `offered`? Equal after normalisation, so `arm` and `arm/v7`,
 * `arm64` and `arm64/v8`, `amd64` and `amd64/v1` are the same. A wanted Windows build must match in its first three numbers.
 */
export declare function platformMatches(wanted: Platform, offered: Platform): boolean;
/** The build of a version of Windows, `10.0.20348` of `10.0.20348.2582`: what a machine's own must be equal to. */
export declare function windowsBuild(osVersion: string): string;
