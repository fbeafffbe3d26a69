/** Version of Myelon, stamped on every record and report. Equal to the version in package.json (tested). */
export const MYELON_VERSION = '0.1.0';
