export interface PolicyOptions {
  /** Hashes of the scripts written into the page. */
  readonly scriptHashes: readonly string[];
  /** Address of the login provider, when the site has one. */
  readonly loginAuthority?: string;
}

/** Content security policy of every response but the decode worker. */
export function pagePolicy(options: PolicyOptions): string {
  return policy(["'self'", "'wasm-unsafe-eval'", ...options.scriptHashes], options.loginAuthority);
}

/**
 * Policy of the decode worker alone: its codecs (JPEG-LS, JPEG 2000) make functions from text. A worker has the
 * policy of its own response, so the page stays strict.
 */
export function decodeWorkerPolicy(): string {
  return policy(["'self'", "'wasm-unsafe-eval'", "'unsafe-eval'"]);
}

function policy(scriptSources: readonly string[], loginAuthority?: string): string {
  const login = loginAuthority === undefined ? '' : ` ${new URL(loginAuthority).origin}`;
  return [
    "default-src 'self'",
    `script-src ${scriptSources.join(' ')}`,
    "worker-src 'self' blob:",
    // OHIF and Cornerstone set styles on elements and write style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' blob: data:${login}`,
    `frame-src 'self' blob:${login}`,
    "object-src 'none'",
    "base-uri 'self'",
    `form-action 'self'${login}`,
    "frame-ancestors 'self'",
  ].join('; ');
}

/** Headers of every response. COOP and COEP isolate the origin, which allows SharedArrayBuffer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};
