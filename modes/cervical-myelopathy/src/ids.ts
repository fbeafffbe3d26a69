export const MODE_ID = '@myelon/mode-cervical-myelopathy';
export const ROUTE_NAME = 'cervical-myelopathy';
