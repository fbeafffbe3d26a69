import '@myelon/pipeline/cohort-worker';
