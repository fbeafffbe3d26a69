import type { SiteConfiguration, SiteSource } from './schema';
import { SCORE_MODEL_PATH } from './score-model';

const extensionName = '@myelon/extension-cervical-myelopathy';
const modeName = '@myelon/mode-cervical-myelopathy';
const dataSourceNamespace = `${extensionName}.dataSourcesModule.myelon-dicomweb`;

/** OHIF's general modes, always compiled into the viewer; a site may keep them off the study list. */
const generalModes = ['@ohif/mode-longitudinal', '@ohif/mode-basic', '@ohif/mode-segmentation'];
/**
 * PET quantification has no place here. The other special modes of the prebuilt viewer (slides, ultrasound, 4D)
 * offer no way to hide them; they are offered for studies of their own modality only.
 */
const unrelatedModes = ['@ohif/mode-tmtv'];

/** Where the viewer reaches a source: always through our own origin. */
export function dicomWebPath(sourceName: string): string {
  return `/dicom-web/${sourceName}`;
}

/** The text of `app-config.js` for a site: pure data, so it needs no freedom from the content security policy. */
export function appConfigScript(site: SiteConfiguration): string {
  // "<" could end a script element if somebody inlined this file.
  const data = JSON.stringify(appConfig(site), null, 2).replaceAll('<', '\\u003c');
  return `window.config = ${data};\n`;
}

/** OHIF's application configuration (the part of `AppTypes.Config` that we set). */
export function appConfig(site: SiteConfiguration): Record<string, unknown> {
  return {
    name: site.name,
    routerBasename: '/',
    extensions: [extensionName],
    modes: [modeName],
    modesConfiguration: hiddenModes(site),
    customizationService: {
      global: {
        // OHIF's own segmentation export: LABELMAP with RLE, its default, is refused by most archives.
        'segmentation.store.defaultMode': { $set: 'bitmap' },
        'segmentation.store.transferSyntaxUID': { $set: '1.2.840.10008.1.2.1' },
      },
    },
    genericViewports: { enabled: false },
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: true,
    showCPUFallbackMessage: true,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    groupEnabledModesFirst: true,
    allowMultiSelectExport: false,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    showErrorDetails: 'always',
    investigationalUseDialog: { option: site.features.researchNotice, days: 30 },
    defaultDataSourceName: site.defaultSource,
    dataSources: site.sources.filter((source) => source.read).map((source) => dataSource(site, source)),
    ...(site.login ? { oidc: [openIdConnect(site.login)] } : {}),
  };
}

function hiddenModes(site: SiteConfiguration): Record<string, unknown> {
  const hidden = site.features.otherModes ? unrelatedModes : [...generalModes, ...unrelatedModes];
  return Object.fromEntries(hidden.map((mode) => [mode, { hide: { $set: true } }]));
}

function dataSource(site: SiteConfiguration, source: SiteSource): Record<string, unknown> {
  const root = dicomWebPath(source.name);
  const target = resultsTarget(site, source);
  return {
    namespace: dataSourceNamespace,
    sourceName: source.name,
    configuration: {
      friendlyName: source.friendlyName,
      name: source.name,
      wadoUriRoot: root,
      qidoRoot: root,
      wadoRoot: root,
      qidoSupportsIncludeField: true,
      supportsFuzzyMatching: false,
      supportsWildcard: true,
      supportsReject: false,
      imageRendering: 'wadors',
      thumbnailRendering: 'wadors',
      enableStudyLazyLoad: true,
      omitQuotationForMultipartRequest: true,
      bulkDataURI: { enabled: true },
      supportsStow: source.write,
      dicomUploadEnabled: source.upload,
      ...source.viewer,
      ...(target ? { writeTo: target } : {}),
      ...(site.scoreModel
        ? { scoreModel: { url: SCORE_MODEL_PATH, trustedKeys: site.scoreModel.trustedKeys } }
        : {}),
    },
  };
}

/** Where results of a study from `source` go; undefined when the site stores none. */
function resultsTarget(
  site: SiteConfiguration,
  source: SiteSource,
): { name: string; wadoRoot: string } | undefined {
  if (site.resultsTo === 'none') return undefined;
  const name = site.resultsTo === 'same' ? source.name : site.resultsTo;
  return { name, wadoRoot: dicomWebPath(name) };
}

/** Code flow with PKCE; the viewer renews in a hidden frame through our silent-refresh page. */
function openIdConnect(login: NonNullable<SiteConfiguration['login']>): Record<string, unknown> {
  return {
    authority: login.authority,
    client_id: login.clientId,
    redirect_uri: '/callback',
    response_type: 'code',
    scope: login.scope,
    post_logout_redirect_uri: '/',
    automaticSilentRenew: true,
    silent_redirect_uri: '/silent-refresh.html',
    revokeAccessTokenOnSignout: true,
    useAuthorizationCodeFlow: true,
  };
}
