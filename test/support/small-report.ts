import dcmjs from 'dcmjs';

/** Study Instance UID of every small report. */
export const study = '2.25.111';

/** A report, small and real enough to be stored; verified when somebody is named. */
export function report(uid: string, verifiedBy?: string): Buffer {
  const verification =
    verifiedBy === undefined
      ? { VerificationFlag: 'UNVERIFIED' }
      : {
          VerificationFlag: 'VERIFIED',
          VerifyingObserverSequence: [
            { VerifyingObserverName: verifiedBy, VerificationDateTime: '20260101120000' },
          ],
        };
  const dataset = {
    _meta: { TransferSyntaxUID: { Value: ['1.2.840.10008.1.2.1'], vr: 'UI' } },
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.34',
    SOPInstanceUID: uid,
    StudyInstanceUID: study,
    SeriesInstanceUID: '2.25.112',
    PatientID: 'P1',
    PatientName: 'Somebody^Else',
    Modality: 'SR',
    ...verification,
  };
  return Buffer.from(dcmjs.data.datasetToDict(dataset).write() as ArrayBuffer);
}

/** A store request (STOW-RS) of these files. */
export function storeBody(files: readonly Buffer[]): { body: Buffer; type: string } {
  const parts = files.flatMap((file) => [
    Buffer.from('--edge\r\nContent-Type: application/dicom\r\n\r\n'),
    file,
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...parts, Buffer.from('--edge--\r\n')]),
    type: 'multipart/related; type="application/dicom"; boundary=edge',
  };
}
