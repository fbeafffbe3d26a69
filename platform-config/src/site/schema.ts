import { z } from 'zod';

const environmentVariable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'must be the name of an environment variable, like PACS_AUTHORIZATION');

/** How a request to a source gets its Authorization header. The browser never sees what the environment holds. */
export const authorizationSchema = z
  .discriminatedUnion('from', [
    z.strictObject({ from: z.literal('none') }),
    z.strictObject({
      from: z.literal('environment'),
      variable: environmentVariable.describe(
        'environment variable of the server that holds the whole header, e.g. `Basic dXNlcjpzZWNyZXQ=`; never write it into this file',
      ),
    }),
    z.strictObject({ from: z.literal('viewer-login') }),
    z.strictObject({
      from: z.literal('client-credentials'),
      tokenUrl: z
        .url({ protocol: /^https?$/, error: 'must be an http or https address' })
        .describe('token endpoint of the login provider that this PACS trusts'),
      clientId: z.string().min(1).describe('confidential client registered there for this server'),
      secretVariable: environmentVariable.describe(
        'environment variable of the server that holds the secret of that client',
      ),
      scope: z.string().min(1).optional().describe('scopes to ask for, separated by spaces'),
      resource: z
        .string()
        .min(1)
        .optional()
        .describe('resource the token is for (RFC 8707), where the provider asks for one'),
    }),
  ])
  .describe(
    '`{"from": "none"}`; `{"from": "environment", "variable": "NAME"}`: a fixed header from the environment of the server; `{"from": "viewer-login"}`: the header of the person logged in (needs `login`; one source only, so that a token never reaches a second PACS); `{"from": "client-credentials", "tokenUrl": ..., "clientId": ..., "secretVariable": "NAME"}`: a token that this server fetches for itself and renews (OAuth 2 client credentials; `scope` and `resource` where needed)',
  );

const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and hyphens, at most 31');

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine((text) => !URL.canParse(text) || !new URL(text).username, {
    message: 'must not hold a user name or password: use authorization from the environment',
  })
  .transform((text) => text.replace(/\/+$/, ''));

export const sourceSchema = z.strictObject({
  name: sourceName.describe('short name; becomes part of addresses (`/dicom-web/NAME`)'),
  friendlyName: z.string().min(1).describe('name people read in the viewer'),
  url: z
    .union([z.literal('embedded'), webAddress])
    .describe('DICOMweb root of the PACS as this server reaches it, or `embedded` for the built-in archive'),
  read: z.boolean().default(true).describe('offer the studies of this source'),
  write: z.boolean().default(false).describe('let results be stored here (STOW-RS)'),
  upload: z
    .boolean()
    .default(false)
    .describe('offer the upload of DICOM files in the study list; needs `write`'),
  authorization: authorizationSchema.default({ from: 'none' }),
  timeoutSeconds: z
    .number()
    .positive()
    .max(300)
    .default(60)
    .describe(
      'how long the PACS may take to begin its answer before the request is given up with status 504',
    ),
  answersAs: z
    .array(webAddress)
    .default([])
    .describe(
      'other DICOMweb roots that this PACS writes into its answers (public names of it); they are led back through this server',
    ),
  viewer: z
    .record(z.string(), z.json())
    .default({})
    .describe('OHIF settings of this source that differ from ours, e.g. `{"supportsFuzzyMatching": true}`'),
});

const rolesGranting = (role: string) => z.array(z.string().min(1)).default([role]);

export const loginSchema = z.strictObject({
  authority: webAddress.describe('OpenID Connect issuer'),
  clientId: z.string().min(1).describe('public client registered there (code flow with PKCE)'),
  scope: z.string().min(1).default('openid').describe('scopes to ask for, separated by spaces'),
  audience: z
    .string()
    .min(1)
    .optional()
    .describe(
      'what an access token has to be issued for (its `aud`) to be taken here; without it: `clientId`',
    ),
  resource: z
    .string()
    .min(1)
    .optional()
    .describe(
      'resource to ask a token for (RFC 8707), where the provider needs one to issue a JSON Web Token',
    ),
  roleClaim: z
    .string()
    .min(1)
    .default('roles')
    .describe('claim of the access token that holds the roles, with dots for depth (`realm_access.roles`)'),
  roles: z
    .strictObject({
      read: rolesGranting('myelon-read').describe('roles of the provider that may open studies'),
      draft: rolesGranting('myelon-draft').describe('roles that may also store unverified results'),
      sign: rolesGranting('myelon-sign').describe('roles that may also store verified reports'),
      administer: rolesGranting('myelon-administer').describe(
        'roles that may see the state of the server and the audit records, and nothing of a patient',
      ),
    })
    .prefault({}),
});

export const limitsSchema = z.strictObject({
  storesPerMinute: z
    .number()
    .int()
    .positive()
    .default(600)
    .describe('store requests a minute from one person (or one address, without login) before status 429'),
  uploadMegabytes: z
    .number()
    .positive()
    .max(4096)
    .default(1024)
    .describe('the largest store request, in megabytes; above that status 413'),
});

const modelPath = z.string().min(1);

export const scoreModelSchema = z.strictObject({
  file: modelPath.describe(
    'model file in force (`myelon model recalibrate`), relative to this configuration; panel and reports name it',
  ),
  previous: modelPath.optional().describe('the model that was in force before, kept for going back'),
  use: z
    .enum(['current', 'previous'])
    .default('current')
    .describe('`previous` goes back to the model before in one step'),
  trustedKeys: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, 'must be a public key of 64 hexadecimal digits'))
    .min(1)
    .describe('public keys of which one must have signed the model (`myelon model key`)'),
});

export const featuresSchema = z.strictObject({
  otherModes: z
    .boolean()
    .default(true)
    .describe("offer OHIF's own general modes (basic viewer, segmentation) beside ours"),
  researchNotice: z
    .enum(['always', 'configure', 'never'])
    .default('never')
    .describe("OHIF's banner for investigational use: at every visit, once a month, or never"),
});

/** The shape of `platform-config/sites/*.json`. Descriptions here are the reference in docs/site-configuration.md. */
export const siteSchema = z
  .strictObject({
    name: z.string().min(1).describe('name of the site, shown as the title of the page'),
    hosts: z
      .array(
        z.string().regex(/^[a-z0-9.-]+(:\d+)?$/i, 'must be a host name, with :port if it is not 80 or 443'),
      )
      .default([])
      .describe(
        'names under which browsers reach this server, when it is not only this computer (`imaging.example.org`)',
      ),
    sources: z.array(sourceSchema).min(1).describe('the DICOMweb sources, any number'),
    defaultSource: sourceName.describe('name of the source the study list opens with'),
    resultsTo: z
      .string()
      .default('same')
      .describe(
        '`same`: results go back to the source the study came from; the name of a source: they all go there; `none`: nothing is stored',
      ),
    login: loginSchema.optional().describe('log in at an OpenID Connect provider before anything is shown'),
    scoreModel: scoreModelSchema
      .optional()
      .describe("the site's own score in place of the one that comes with the software"),
    features: featuresSchema.prefault({}),
    limits: limitsSchema.prefault({}),
    audit: z
      .boolean()
      .optional()
      .describe(
        'keep audit records of who opened, stored, signed and exported what; without it: with `login` yes, else no',
      ),
  })
  .check((context) => {
    for (const problem of contradictions(context.value)) {
      context.issues.push({ code: 'custom', input: context.value, ...problem });
    }
  });

export type SiteConfiguration = z.output<typeof siteSchema>;
export type SiteLogin = z.output<typeof loginSchema>;
export type SiteSource = z.output<typeof sourceSchema>;

interface Problem {
  path: (string | number)[];
  message: string;
}

type Draft = Omit<SiteConfiguration, 'login'> & { login?: SiteConfiguration['login'] };

/** What no single key can show: names that lead nowhere, results with nowhere to go. */
function contradictions(site: Draft): Problem[] {
  const names = site.sources.map((source) => source.name);
  const byLogin = site.sources.filter((source) => source.authorization.from === 'viewer-login');
  const known = `the sources are ${names.join(', ')}`;
  const problems: Problem[] = site.sources.flatMap((source, index) => sourceProblems(site, source, index));
  for (const source of byLogin.slice(1)) {
    problems.push({
      path: ['sources', site.sources.indexOf(source), 'authorization'],
      message: `the login of a person would reach ${byLogin.map(({ name }) => name).join(' and ')}; only one source may take it, the others need credentials of their own`,
    });
  }
  const home = site.sources.find((source) => source.name === site.defaultSource);
  if (!home) {
    problems.push({
      path: ['defaultSource'],
      message: `no source is called ${site.defaultSource}; ${known}`,
    });
  } else if (!home.read) {
    problems.push({ path: ['defaultSource'], message: `${home.name} is not for reading` });
  }
  if (site.scoreModel?.use === 'previous' && site.scoreModel.previous === undefined) {
    problems.push({ path: ['scoreModel', 'previous'], message: 'is needed to go back to it' });
  }
  return [...problems, ...resultProblems(site, known)];
}

function sourceProblems(site: Draft, source: SiteSource, index: number): Problem[] {
  const problems: Problem[] = [];
  const earlier = site.sources.slice(0, index);
  if (earlier.some((other) => other.name === source.name)) {
    problems.push({ path: ['sources', index, 'name'], message: `${source.name} is used twice` });
  }
  if (source.url === 'embedded' && earlier.some((other) => other.url === 'embedded')) {
    problems.push({ path: ['sources', index, 'url'], message: 'there is only one embedded archive' });
  }
  if (source.url === 'embedded' && source.authorization.from !== 'none') {
    problems.push({
      path: ['sources', index, 'authorization'],
      message: 'the embedded archive knows no authorization',
    });
  }
  if (source.authorization.from === 'viewer-login' && !site.login) {
    problems.push({
      path: ['sources', index, 'authorization'],
      message: 'viewer-login needs `login` at the top',
    });
  }
  if (source.upload && !source.write) {
    problems.push({ path: ['sources', index, 'upload'], message: 'upload needs `"write": true`' });
  }
  return problems;
}

function resultProblems(site: Draft, known: string): Problem[] {
  if (site.resultsTo === 'none') return [];
  if (site.resultsTo === 'same') {
    return site.sources
      .map((source, index) => ({ source, index }))
      .filter(({ source }) => source.read && !source.write)
      .map(({ source, index }) => ({
        path: ['sources', index, 'write'],
        message: `results of studies from ${source.name} would have nowhere to go: set "write": true, or name a source in "resultsTo", or "resultsTo": "none"`,
      }));
  }
  const target = site.sources.find((source) => source.name === site.resultsTo);
  if (!target) return [{ path: ['resultsTo'], message: `no source is called ${site.resultsTo}; ${known}` }];
  if (!target.write) {
    return [{ path: ['resultsTo'], message: `${target.name} is not for writing: set its "write": true` }];
  }
  return [];
}
