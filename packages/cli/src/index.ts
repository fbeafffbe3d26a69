export { diskOutbox } from './outbox/disk-outbox';
