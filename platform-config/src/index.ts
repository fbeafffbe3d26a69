export { preparePlugins, type Plugins } from './plugins/prepare-plugins';
export { createServer, type ServerParts } from './server/create-server';
export { fileInMemory, type StaticFile } from './server/static-file';
export { appConfig, appConfigScript, dicomWebPath } from './site/app-config';
export { parseSite, readSite, siteOfPacs } from './site/read-site';
export { siteSchema, type SiteConfiguration, type SiteSource } from './site/schema';
export { start, type StartOptions } from './start';
export { prepareViewer, type Viewer } from './viewer/prepare-viewer';
