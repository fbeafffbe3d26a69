import packageJson from '../package.json';
import { MYELON_VERSION } from './version';

test('the version stamped on records is that of the package', () => {
  expect(MYELON_VERSION).toBe(packageJson.version);
});
