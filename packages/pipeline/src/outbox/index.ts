export { deliverByDicomWeb, type Deliver, type Delivery } from './deliver';
export { browserOutbox, type BrowserOutboxOptions, type BrowserOutboxStorage } from './indexed-db-outbox';
export { keepSending } from './keep-sending';
export { Outbox, type OutboxOptions } from './outbox';
export { type OutboxEntry, type OutboxItem, type OutboxState, type OutboxTarget } from './outbox-item';
export { memoryOutbox, type OutboxStorage } from './outbox-storage';
export { isSameObject } from './same-object';
