export { appConfig, appConfigScript, dicomWebPath } from './site/app-config';
export { parseSite, readSite, siteOfPacs } from './site/read-site';
export { siteSchema, type SiteConfiguration, type SiteSource } from './site/schema';
export { start, type StartOptions } from './start';
