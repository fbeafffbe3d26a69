import '@myelon/pipeline/worker';
