export * from './anatomy';
export * from './directions';
export * from './microstructure';
export * from './phantom';
export * from './protocols';
export * from './seeded-uid';
export * from './truth';
