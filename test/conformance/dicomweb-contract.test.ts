import { describeNeeding } from '../support/needs';
import { describeRealScans } from './dicomweb-contract-real-scans';
import { describeRetrieve } from './dicomweb-contract-retrieve';
import { describeSearch } from './dicomweb-contract-search';
import { embeddedArchive, orthanc } from './dicomweb-contract-servers';
import { describeStore } from './dicomweb-contract-store';

/**
 * What Myelon expects of a DICOMweb server, asked of its embedded archive and of a real PACS. Where the two differ is
 * written down in `differences` of each server.
 */
for (const server of [embeddedArchive, orthanc]) {
  describeNeeding(`DICOMweb contract: ${server.name}`, server.needs, () => {
    describeSearch(server);
    describeRetrieve(server);
    describeStore(server);
    describeRealScans(server);
  });
}
