import { parseArgs } from 'node:util';

export const help = `Starts the Myelon viewer and its archive on this computer.

  npm start -- [options]

  --port N        port to listen on (default 3000; 0 takes a free one)
  --host NAME     address to listen on (default 127.0.0.1: this computer only)
  --pacs URL      read from and write to this DICOMweb server instead of the embedded archive;
                  its Authorization header, if it needs one, is taken from MYELON_PACS_AUTHORIZATION
  --site FILE     site configuration (default platform-config/sites/default.json);
                  see docs/site-configuration.md
  --data DIR      folder of the embedded archive (default .myelon/data)
  --no-demo       do not load the demo study
  --help          this text`;

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

const definitions = {
  port: { type: 'string', default: '3000' },
  host: { type: 'string', default: '127.0.0.1' },
  pacs: { type: 'string' },
  site: { type: 'string' },
  data: { type: 'string' },
  'no-demo': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/**
 * Checked options, or 'help' when help was asked for. Throws UsageError that names the wrong option.
 * @param {string[]} args
 */
export function parseOptions(args) {
  const { values } = parseStrictly(args);
  if (values.help) return 'help';
  for (const [name, value] of Object.entries(values)) {
    if (value === '') throw new UsageError(`--${name} is empty; it needs a value.`);
  }
  if (values.pacs !== undefined && values.site !== undefined) {
    throw new UsageError('--pacs and --site exclude each other: name the PACS in the site configuration.');
  }
  return {
    port: portNumber(values.port),
    host: values.host,
    demo: !values['no-demo'],
    ...(values.pacs === undefined ? {} : { pacs: webAddress(values.pacs) }),
    ...(values.site === undefined ? {} : { site: values.site }),
    ...(values.data === undefined ? {} : { data: values.data }),
  };
}

function parseStrictly(args) {
  try {
    return parseArgs({ args, options: definitions, strict: true, allowPositionals: false });
  } catch (error) {
    // Node's message may go on with advice about positionals that does not apply here.
    throw new UsageError(error.message.split('. To specify')[0]);
  }
}

function portNumber(text) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new UsageError(`--port ${text} is not a port number; give a whole number from 0 to 65535.`);
  }
  return port;
}

function webAddress(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(
      `--pacs ${text} is not a web address; give the DICOMweb root, e.g. http://pacs.example:8042/dicom-web.`,
    );
  }
  if (url.username || url.password) {
    throw new UsageError(
      '--pacs must not hold a user name or password; put the header into MYELON_PACS_AUTHORIZATION.',
    );
  }
  return text.replace(/\/+$/, '');
}
