/**
 * The attributes the index keeps, by level of the study root information model: what PS3.18 table 10.6.3-3 to
 * 10.6.3-5 asks a server to return, and what viewers show in their lists.
 */
export const levelAttributes = {
  study: [
    '00080020', // Study Date
    '00080030', // Study Time
    '00080050', // Accession Number
    '00080080', // Institution Name
    '00080090', // Referring Physician's Name
    '00080201', // Timezone Offset From UTC
    '00081030', // Study Description
    '00081060', // Name of Physician(s) Reading Study
    '00100010', // Patient's Name
    '00100020', // Patient ID
    '00100021', // Issuer of Patient ID
    '00100030', // Patient's Birth Date
    '00100040', // Patient's Sex
    '00101010', // Patient's Age
    '00101020', // Patient's Size
    '00101030', // Patient's Weight
    '0020000D', // Study Instance UID
    '00200010', // Study ID
  ],
  series: [
    '00080021', // Series Date
    '00080031', // Series Time
    '00080060', // Modality
    '00080070', // Manufacturer
    '0008103E', // Series Description
    '00081090', // Manufacturer's Model Name
    '00180015', // Body Part Examined
    '00181030', // Protocol Name
    '0020000E', // Series Instance UID
    '00200011', // Series Number
    '00200052', // Frame of Reference UID
    '00200060', // Laterality
    '00400244', // Performed Procedure Step Start Date
    '00400245', // Performed Procedure Step Start Time
    '00400275', // Request Attributes Sequence
  ],
  instance: [
    '00080008', // Image Type
    '00080012', // Instance Creation Date
    '00080013', // Instance Creation Time
    '00080016', // SOP Class UID
    '00080018', // SOP Instance UID
    '00080022', // Acquisition Date
    '00080023', // Content Date
    '00080032', // Acquisition Time
    '00080033', // Content Time
    '00189087', // Diffusion b-value
    '00200012', // Acquisition Number
    '00200013', // Instance Number
    '00280008', // Number of Frames
    '00280010', // Rows
    '00280011', // Columns
    '00280100', // Bits Allocated
    '0040A043', // Concept Name Code Sequence: what a report is
    '0040A491', // Completion Flag
    '0040A493', // Verification Flag
    '00420010', // Document Title
    '00700080', // Content Label
    '00700081', // Content Description
  ],
} as const satisfies Record<string, readonly string[]>;

export type Level = keyof typeof levelAttributes;
